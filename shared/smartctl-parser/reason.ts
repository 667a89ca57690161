import { accepted, type Baseline } from "./baseline.ts";
import type { Drive } from "./types.ts";

/** `info` does not weigh; the worst of the others is the verdict. */
export type Severity = "info" | "warning" | "critical" | "failed";

/** Why a drive is judged as it is: data for programs, `text` for people. */
export type Reason = {
  code: ReasonCode;
  severity: Severity;
  /** The attribute's key, "ata:5"; null where the reason is the whole drive's. */
  attribute: string | null;
  value: number | null;
  /** What the value was held against: the least count, ratio or temperature of this severity. */
  threshold: number | null;
  /** Key under which a baseline can accept the value; null where it cannot be accepted. */
  acknowledge: string | null;
  text: string;
};

export type ReasonCode =
  | "standby"
  | "open_failed"
  | "no_data"
  | "command_failed"
  | "smart_failed"
  | "health_warning"
  | "attribute_failed_now"
  | "attribute_failed_past"
  | "failure_rate"
  | "predictor"
  | "critical_warning"
  | "spare_low"
  | "wear"
  | "media_errors"
  | "grown_defects"
  | "uncorrected_errors"
  | "temperature"
  | "self_test_failed"
  | "error_log";

/** A reason that no baseline touches. */
export function reason(code: ReasonCode, severity: Severity, text: string, more: Partial<Reason> = {}): Reason {
  return { code, severity, attribute: null, value: null, threshold: null, acknowledge: null, text, ...more };
}

export type Grade = { severity: Severity; threshold: number; text: string } | undefined;

/**
 * Reason of a count, graded. With an accepted count only the rise over it is graded; a rise of a count that would be bad
 * as a whole is a warning at least. A count that did not rise gives no reason.
 */
export function countReason(
  code: ReasonCode,
  key: string,
  value: number | null,
  baseline: Baseline | undefined,
  grade: (count: number) => Grade,
): Reason[] {
  if (value === null) return [];
  const base = accepted(baseline, key);
  const whole = grade(value);
  if (whole === undefined || (base !== undefined && value <= base)) return [];
  const common = { attribute: key, value, acknowledge: key };
  if (base === undefined) return [reason(code, whole.severity, whole.text, { ...common, threshold: whole.threshold })];
  const risen = grade(value - base);
  const since = `, ${value - base} more than the ${base} accepted`;
  if (risen && risen.severity !== "info") {
    return [reason(code, risen.severity, whole.text + since, { ...common, threshold: base + risen.threshold })];
  }
  const severity = whole.severity === "info" ? "info" : "warning";
  return [reason(code, severity, whole.text + since, { ...common, threshold: base + 1 })];
}

/** The drive's own word that it fails. */
export function failing(drive: Drive): boolean {
  return drive.smart.passed === false || drive.exit.bits.includes("disk_failing");
}

export function smartFailed(): Reason {
  return reason("smart_failed", "failed", "The drive says that it fails (SMART overall health: FAILED)");
}

import { ataAttributes } from "./attributes.ts";
import { accepted, type Baseline } from "./baseline.ts";
import { failureRate, failureRates } from "./failure-rates.ts";
import { countReason, failing, type Grade, type Reason, reason, smartFailed } from "./reason.ts";
import type { Drive } from "./types.ts";

/** Counts with a failure rate; device statistics stand in for attributes that a drive does not have. */
const counted: readonly (readonly [id: number, counter: keyof Drive["counters"], what: string])[] = [
  [5, "reallocatedSectors", "reallocated sectors"],
  [187, "reportedUncorrectable", "reported uncorrectable errors"],
  [197, "pendingSectors", "pending sectors"],
  [198, "offlineUncorrectable", "offline uncorrectable sectors"],
  [199, "interfaceCrcErrors", "CRC errors on the cable"],
];

/** Rules for ATA: the drive's own word, attributes at their thresholds, and failure rates by count. */
export function judgeAta(drive: Drive, baseline: Baseline | undefined): Reason[] {
  const reasons: Reason[] = failing(drive) ? [smartFailed()] : [];
  for (const { key, id, name, value, worst, threshold, whenFailed } of drive.attributes) {
    const label = `${id} ${name}`;
    if (whenFailed === "now") {
      const text = `Attribute ${label} is ${value}, at or under its threshold ${threshold}`;
      reasons.push(reason("attribute_failed_now", "failed", text, { attribute: key, value, threshold }));
    } else if (whenFailed === "past" && (accepted(baseline, `${key}:past`) ?? 0) < 1) {
      const text = `Attribute ${label} was ${worst} once, at or under its threshold ${threshold}`;
      const more = { attribute: key, value: worst, threshold, acknowledge: `${key}:past` };
      reasons.push(reason("attribute_failed_past", "warning", text, more));
    }
  }
  reasons.push(...exitBits(drive, baseline));
  for (const [id, counter, what] of counted) {
    const grade = (count: number) => gradeByRate(id, count, what);
    reasons.push(...countReason("failure_rate", `ata:${id}`, drive.counters[counter], baseline, grade));
  }
  for (const { id, key, name, decoded } of drive.attributes) {
    // Foretell failure without a known rate.
    if (id === null || !ataAttributes[id]?.critical || failureRates[id]) continue;
    const grade = (count: number): Grade =>
      count > 0 ? { severity: "info", threshold: 1, text: `${id} ${name} is ${count}; it should be 0` } : undefined;
    reasons.push(...countReason("predictor", key, decoded, baseline, grade));
  }
  return reasons;
}

/** Grade of a count by its annual failure rate; a predictor over 0 with a low rate is worth a word. */
export function gradeByRate(id: number, count: number, what: string): Grade {
  const row = failureRate(id, count);
  const { critical = false, predictor = false } = ataAttributes[id] ?? {};
  if (!row) return undefined;
  const text = `${count} ${what}: of drives with this many, ${Math.round(row.rate * 1000) / 10} % fail within a year`;
  const severity = severityOfRate(row.rate, critical);
  if (severity) return { severity, threshold: row.from, text };
  return predictor && count > 0 ? { severity: "info", threshold: row.from, text } : undefined;
}

/** A critical attribute: failed from 10 % a year. Another: failed from 20 %, warning from 10 %. */
export function severityOfRate(rate: number, critical: boolean): "failed" | "warning" | undefined {
  if (rate >= (critical ? 0.1 : 0.2)) return "failed";
  return rate >= 0.1 ? "warning" : undefined;
}

/** smartctl's summary of the attributes counts where the attributes themselves were not asked for. */
function exitBits(drive: Drive, baseline: Baseline | undefined): Reason[] {
  if (drive.attributes.length > 0) return [];
  const reasons: Reason[] = [];
  if (drive.exit.bits.includes("prefail_now")) {
    reasons.push(reason("attribute_failed_now", "failed", "An attribute is at or under its threshold"));
  }
  if (drive.exit.bits.includes("failed_past") && (accepted(baseline, "exit:failed_past") ?? 0) < 1) {
    const more = { acknowledge: "exit:failed_past" };
    reasons.push(reason("attribute_failed_past", "warning", "An attribute was at or under its threshold once", more));
  }
  return reasons;
}

import type { Baseline } from "./baseline.ts";
import { judgeAta } from "./judge-ata.ts";
import { judgeNvme } from "./judge-nvme.ts";
import { judgeScsi } from "./judge-scsi.ts";
import { failing, type Reason, reason, type Severity, smartFailed } from "./reason.ts";
import type { Drive } from "./types.ts";

export type Verdict = "healthy" | "warning" | "critical" | "failed" | "unknown" | "standby";
export type Judgement = { verdict: Verdict; reasons: Reason[] };

/** Limits over which a drive is warned of; where absent, the drive's own or those named here. */
export type Limits = {
  /** Default: the drive's own limit; without one 60 °C for a hard disk, 70 °C for the rest. */
  temperatureWarningCelsius?: number;
  /** Default: the drive's own limit; without one none. */
  temperatureCriticalCelsius?: number;
  /** Default 0.9 of the rated endurance. */
  wearWarningRatio?: number;
  /** Over this it is critical; default 1. */
  wearCriticalRatio?: number;
};
export type JudgeOptions = { baseline?: Baseline; limits?: Limits };

const order: readonly Severity[] = ["info", "warning", "critical", "failed"];

/** Judges a drive; the reasons come worst first. The same drive and options give the same verdict. */
export function judge(drive: Drive, options: JudgeOptions = {}): Judgement {
  const reasons = [...judgeProtocol(drive, options.baseline), ...judgeAll(drive, options.limits ?? {})];
  reasons.sort((a, b) => order.indexOf(b.severity) - order.indexOf(a.severity));
  const worst = reasons[0]?.severity ?? "info";
  if (worst !== "info") return { verdict: worst, reasons };
  if (drive.hasData) return { verdict: "healthy", reasons };
  if (drive.power === "standby") {
    return {
      verdict: "standby",
      reasons: [reason("standby", "info", "The drive sleeps and was not woken"), ...reasons],
    };
  }
  return { verdict: "unknown", reasons: [noData(drive), ...reasons] };
}

function judgeProtocol(drive: Drive, baseline: Baseline | undefined): Reason[] {
  switch (drive.protocol) {
    case "ata":
      return judgeAta(drive, baseline);
    case "nvme":
      return judgeNvme(drive, baseline);
    case "scsi":
      return judgeScsi(drive, baseline);
    case "unknown":
      return failing(drive) ? [smartFailed()] : [];
  }
}

/** Rules for every kind of drive: wear, spare, temperature, self-tests, logs. */
function judgeAll(drive: Drive, limits: Limits): Reason[] {
  const reasons: Reason[] = [];
  const { ratio, source, spareRatio, spareMinRatio } = drive.wear;
  const [worn, wearing] = [limits.wearCriticalRatio ?? 1, limits.wearWarningRatio ?? 0.9];
  if (ratio !== null && (ratio > worn || ratio >= wearing)) {
    const over = ratio > worn;
    const text = `${Math.round(ratio * 100)} % of the rated endurance is used`;
    const more = { attribute: source, value: ratio, threshold: over ? worn : wearing };
    reasons.push(reason("wear", over ? "critical" : "warning", text, more));
  }
  if (spareRatio !== null && spareMinRatio !== null && spareRatio < spareMinRatio) {
    const text = `Only ${Math.round(spareRatio * 100)} % of the spare blocks are left, under the drive's limit`;
    reasons.push(reason("spare_low", "failed", text, { value: spareRatio, threshold: spareMinRatio }));
  }
  reasons.push(...judgeTemperature(drive, limits), ...judgeSelfTests(drive));
  if (drive.protocol !== "nvme" && drive.errorLog.count) {
    const text = `The error log has counted ${drive.errorLog.count} errors`;
    reasons.push(reason("error_log", "info", text, { value: drive.errorLog.count }));
  }
  if (drive.exit.bits.includes("command_failed")) {
    reasons.push(reason("command_failed", "info", "A command to the drive failed: a part of its data may be missing"));
  }
  return reasons;
}

/** Over `warning` a drive is warned of, from `critical` on it is critical; °C, critical null where there is no such limit. */
export function temperatureLimits(drive: Drive, limits: Limits = {}): { warning: number; critical: number | null } {
  const { warningCelsius, criticalCelsius } = drive.temperature;
  const critical = limits.temperatureCriticalCelsius ?? criticalCelsius;
  const usual = drive.solidState === false ? 60 : 70;
  return {
    warning: limits.temperatureWarningCelsius ?? warningCelsius ?? Math.min(usual, critical ?? usual),
    critical,
  };
}

function judgeTemperature(drive: Drive, limits: Limits): Reason[] {
  const now = drive.temperature.currentCelsius;
  if (now === null) return [];
  const { warning, critical } = temperatureLimits(drive, limits);
  const hot = critical !== null && now >= critical;
  if (!hot && now <= warning) return [];
  const threshold = hot ? critical : warning;
  const text = `The drive has ${now} °C, its limit is ${threshold} °C`;
  return [reason("temperature", hot ? "critical" : "warning", text, { value: now, threshold })];
}

function judgeSelfTests({ selfTest, exit }: Drive): Reason[] {
  const { last, entries } = selfTest;
  if (last?.result === "failed") {
    const when = last.atHours === null ? "" : ` at ${last.atHours} power-on hours`;
    return [
      reason("self_test_failed", "critical", `The last self-test failed${when}: ${last.text}`, { value: last.lba }),
    ];
  }
  const older = entries.filter((entry) => entry.result === "failed").length;
  if (older > 0) {
    return [
      reason("self_test_failed", "info", `${older} self-tests failed before the last one passed`, { value: older }),
    ];
  }
  const hidden = exit.bits.includes("self_test_log") && entries.length === 0;
  return hidden ? [reason("self_test_failed", "warning", "The self-test log has errors")] : [];
}

function noData(drive: Drive): Reason {
  const message = drive.messages.find(({ severity }) => severity === "error") ?? drive.messages[0];
  if (drive.exit.noData) return reason("open_failed", "info", message?.text ?? "smartctl could not open the drive");
  if (drive.smart.enabled === false) {
    return reason("no_data", "info", "SMART is switched off; `smartctl -s on` switches it on");
  }
  return reason("no_data", "info", message?.text ?? "The drive gave no health data");
}

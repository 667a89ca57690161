import type { Baseline } from "./baseline.ts";
import { countReason, failing, type Grade, type Reason, reason, type Severity, smartFailed } from "./reason.ts";
import type { Drive } from "./types.ts";

/** Bits of the critical warning, NVM Express base specification, "SMART / Health Information". */
const warnings: readonly (readonly [severity: Severity, text: string])[] = [
  ["failed", "The spare blocks are below the drive's limit"],
  ["critical", "The temperature is out of the drive's limits"],
  ["failed", "The drive is unreliable from media or internal errors"],
  ["failed", "The drive has become read-only"],
  ["critical", "The backup of the drive's volatile memory has failed"],
  ["critical", "The persistent memory region is read-only or unreliable"],
];

/**
 * Rules for NVMe. Spare and endurance are judged for every protocol; records in the error log say nothing here. Media
 * errors are what ATA calls reported uncorrectable errors, which fail a drive from the first.
 */
export function judgeNvme(drive: Drive, baseline: Baseline | undefined): Reason[] {
  const bits = drive.nvme?.criticalWarning ?? 0;
  const reasons: Reason[] = [];
  const more = { attribute: "nvme:critical_warning", value: bits, threshold: 1 };
  for (let bit = 0; bit < 8; bit++) {
    if ((bits & (1 << bit)) === 0) continue;
    const [severity, text] = warnings[bit] ?? ["warning", `The drive warns with bit ${bit}, which has no meaning yet`];
    reasons.push(reason("critical_warning", severity, text, more));
  }
  // smartctl derives its word from those bits: a drive that is only hot has not failed.
  if (reasons.length === 0 && failing(drive)) reasons.push(smartFailed());
  const grade = (count: number): Grade =>
    count > 0
      ? { severity: "failed", threshold: 1, text: `${count} times the drive could not read its data back whole` }
      : undefined;
  reasons.push(...countReason("media_errors", "nvme:media_errors", drive.nvme?.mediaErrors ?? null, baseline, grade));
  return reasons;
}

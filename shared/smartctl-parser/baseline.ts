import type { Drive } from "./types.ts";

/**
 * Counts that a person has seen and accepted, by the key of their attribute ("ata:199") or reason ("ata:5:past").
 * A counter that only rises would otherwise keep its verdict for ever: from here on only a rise over it counts.
 */
export type Baseline = Readonly<Record<string, number>>;

/** The baseline that accepts all counts a drive shows now, or those of `keys` alone. */
export function acknowledge(drive: Drive, keys?: readonly string[]): Baseline {
  const counts = countsOf(drive);
  return Object.fromEntries([...counts].filter(([key]) => keys === undefined || keys.includes(key)));
}

/** The baseline with counts lowered where the drive's have fallen: pending sectors can, and may then rise again. */
export function lowerBaseline(baseline: Baseline, drive: Drive): Baseline {
  const counts = countsOf(drive);
  return Object.fromEntries(
    Object.entries(baseline).map(([key, value]) => [key, Math.min(value, counts.get(key) ?? value)]),
  );
}

/** The accepted count of a key, undefined where none (or nothing sensible) was accepted. */
export function accepted(baseline: Baseline | undefined, key: string): number | undefined {
  if (baseline === undefined || !Object.hasOwn(baseline, key)) return undefined;
  const value = baseline[key];
  return typeof value === "number" && value >= 0 ? value : undefined;
}

/** Every count of a drive that can be accepted, by key. */
function countsOf(drive: Drive): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, critical, id, decoded, whenFailed } of drive.attributes) {
    if (decoded !== null && (critical || id === 199) && !notCounts.has(key)) counts.set(key, decoded);
    if (whenFailed === "past") counts.set(`${key}:past`, 1);
  }
  const { reportedUncorrectable, interfaceCrcErrors, reallocatedSectors, pendingSectors } = drive.counters;
  if (drive.protocol === "ata") {
    const known: [string, number | null][] = [
      ["ata:5", reallocatedSectors],
      ["ata:187", reportedUncorrectable],
      ["ata:197", pendingSectors],
      ["ata:199", interfaceCrcErrors],
    ];
    for (const [key, count] of known) if (count !== null) counts.set(key, count);
  }
  if (drive.exit.bits.includes("failed_past")) counts.set("exit:failed_past", 1);
  return counts;
}

const notCounts = new Set([
  "nvme:critical_warning",
  "nvme:available_spare",
  "nvme:percentage_used",
  "scsi:percentage_used",
]);

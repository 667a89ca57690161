import type { Drive, PoolScan } from "../../api/storage-types.ts";
import { driveKeyName } from "../../format/drive-key.ts";
import type { Tone } from "../../ui/badge.tsx";

/** Verdicts in the order of filters, the worst first. */
export const verdicts = ["failed", "critical", "warning", "unknown", "standby", "healthy"] as const;
export const poolStates = [
  "faulted",
  "suspended",
  "unavailable",
  "removed",
  "degraded",
  "stuck",
  "offline",
  "unknown",
  "online",
] as const;
export const controllerStates = ["failed", "degraded", "unknown", "ok"] as const;
export const filesystemStates = ["stuck", "ro", "rw"] as const;

export const badVerdicts = "failed,critical,warning";
export const badControllerStates = "failed,degraded";
export const badPoolStates = "faulted,suspended,unavailable,removed,degraded,stuck";

const tones: Record<string, Tone> = {
  healthy: "ok",
  warning: "warn",
  critical: "crit",
  failed: "crit",
  standby: "info",
  online: "ok",
  degraded: "warn",
  faulted: "crit",
  unavailable: "crit",
  removed: "crit",
  missing: "crit",
  suspended: "crit",
  stuck: "crit",
  offline: "idle",
  rebuilding: "info",
  spare: "info",
  rw: "ok",
  ro: "warn",
  ok: "ok",
};
const words: Record<string, string> = {
  standby: "asleep",
  rw: "writable",
  ro: "read-only",
  stuck: "does not answer",
  spare: "spare, ready",
  ok: "well",
};

/** The colour family of a drive's verdict, of a pool's, member's or filesystem's state. */
export function storageTone(state: string | null): Tone {
  return tones[state ?? ""] ?? "idle";
}

/** That of a pool's state: one that is degraded has lost what it can lose. */
export function poolTone(state: string | null): Tone {
  return state === "degraded" ? "crit" : storageTone(state);
}

/** The same in words. */
export function storageWord(state: string | null): string {
  return words[state ?? ""] ?? (state ?? "unknown").replaceAll("_", " ");
}

const media: Record<string, string> = { hdd: "Hard disk", ssd: "SSD", nvme: "NVMe" };
export const mediaNames = Object.keys(media);

export function mediaName(medium: string | null): string | null {
  return medium === null ? null : (media[medium] ?? medium);
}

const poolTypes: Record<string, string> = {
  zfs: "ZFS",
  md: "Linux RAID (md)",
  lvm: "LVM group",
  "lvm-thin": "LVM thin pool",
  btrfs: "btrfs",
  hwraid: "Hardware RAID",
};
export const poolTypeNames = Object.keys(poolTypes);

export function poolTypeName(type: string | null): string | null {
  return type === null ? null : (poolTypes[type] ?? type);
}

/** Type and level: `ZFS raidz2`, `Linux RAID (md) raid1`. */
export function poolKind({ type, level }: { type: string | null; level: string | null }): string {
  return [poolTypeName(type), level].filter(Boolean).join(" · ");
}

/** What people call a drive: its kernel name, else model and serial number. */
export function driveName(drive: Pick<Drive, "device" | "key">): string {
  return drive.device ?? driveKeyName(drive.key);
}

const scans: Record<string, string> = {
  scrub: "Scrub",
  resilver: "Resilver",
  check: "Check",
  repair: "Repair",
  reshape: "Reshape",
  resync: "Resync",
  recovery: "Rebuild",
  rebuild: "Rebuild",
  errorscrub: "Error scrub",
  balance: "Balance",
};

/** `Scrub`, `Resilver`, `Rebuild`. */
export function scanName({ function: name }: Pick<PoolScan, "function">): string {
  return scans[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** Whether it is under way: one that ended is history. */
export function isUnderWay(scan: PoolScan | null): scan is PoolScan {
  return scan !== null && (scan.state === "running" || scan.state === "paused");
}

/** A scrub is overdue after 35 days, as the alert rule has it. */
export const scrubDueSeconds = 35 * 86_400;

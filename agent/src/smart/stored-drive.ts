import type { Judgement, Verdict } from "smartctl-parser";

/** One way to a drive: read it with `smartctl -d TYPE NAME`; without a type smartctl finds out by itself. */
export type DrivePath = {
  name: string;
  /** As the scan has it: part of the path's identity. */
  scanned: string;
  /** What smartctl is to be told; null: nothing. */
  type: string | null;
  /** What the kernel knows the drive by without asking it; null where it knows nothing. */
  fingerprint: string | null;
  /** Kernel names of the whole disks that it is seen as. */
  disks: string[];
  /** No drive but something that looks like one: it is listed, not read. */
  disguise: "virtual" | "volume" | null;
};

/** What came of the last look at a drive. Times in Unix ms. */
export type Look =
  | { kind: "read"; at: number }
  /** `unsure`: it is idle, and its bridge does not tell whether it sleeps. */
  | { kind: "asleep"; at: number; unsure?: boolean }
  | { kind: "failed"; at: number; reason: string; hung: boolean };

/** All that is kept of one drive: what it showed when it was last read, and what people accepted. */
export type StoredDrive = {
  key: string;
  /** The first is the one it is read by. */
  paths: DrivePath[];
  labels: Record<string, string>;
  /** Attributes as of `measuredAt`; those that change without a read are added when it is told of. */
  facts: Record<string, unknown>;
  /** In the catalogue's order, null = missing. */
  values: (number | null)[];
  /** Of the last read; null before the first. */
  judgement: Judgement | null;
  /** Unix ms; 0: never read. */
  measuredAt: number;
  baseline: Record<string, number>;
  /** Unix ms; 0: nothing was accepted. */
  baselineAt: number;
  look: Look;
  /** Of a drive that can't be asked whether it sleeps: what the kernel had transferred after its last read, else null. */
  idleAt: string | null;
  /** False: the last scan no longer had it; kept for its baseline. */
  present: boolean;
  seenAt: number;
};

export type State = Verdict;

const badness: Partial<Record<Verdict, number>> = { healthy: 0, warning: 1, critical: 2, failed: 3 };

/** 0 healthy to 3 failed; null where nothing is known. */
export function severityOf(verdict: Verdict | undefined): number | null {
  return verdict === undefined ? null : (badness[verdict] ?? null);
}

/**
 * A drive that sleeps keeps a bad verdict, and one that can't be read keeps one that calls for its replacement: neither
 * has become any better.
 */
export function stateOf({ judgement, look }: Pick<StoredDrive, "judgement" | "look">): State {
  const last = judgement?.verdict;
  const badly = severityOf(last) ?? 0;
  if (look.kind === "read") return last ?? "unknown";
  if (look.kind === "asleep") return badly > 0 && last !== undefined ? last : "standby";
  return badly > 1 && last !== undefined ? last : "unknown";
}

/** Names a path: the same node may lead to many drives. */
export function pathKey({ name, scanned }: Pick<DrivePath, "name" | "scanned">): string {
  return `${name} ${scanned}`;
}

/** "sda", "nvme0"; behind a controller the slot, "megaraid,8". */
export function shortName(path: Pick<DrivePath, "name" | "scanned">): string {
  const name = path.name.replace(/^\/dev\//, "");
  return isSlot(path.scanned) ? `${name} ${path.scanned}` : name;
}

/** Why nothing was read from a drive that was left alone. */
export function sleepText({ unsure }: Extract<Look, { kind: "asleep" }>): string {
  if (unsure !== true) return "The drive sleeps and was not woken";
  return "The drive is idle and does not tell whether it sleeps: it is left alone until it is used";
}

/** "cciss,0" of "sat+cciss,0": which of many drives behind the device a type names; null where it names none. */
export function slotOf(type: string): string | null {
  const slot = /^(?:megaraid|3ware|areca|cciss|aacraid|hpt|sssraid|jmb39x(?:-q2?)?|jms56x|intelliprop),./;
  return type.split("+").find((part) => slot.test(part)) ?? null;
}

/** Whether the type names one of many drives behind the device. */
export function isSlot(type: string): boolean {
  return slotOf(type) !== null;
}

import type { MemberRole, MemberState, PoolMember, PoolScan, PoolState } from "./pool.ts";

/** What `zpool status` tells of one pool, in our words. What was not understood is absent. */
export type ZpoolStatus = {
  name: string;
  /** zpool's own word, upper case; empty where none was found. */
  health: string;
  guid?: string;
  status: string;
  action: string;
  level: string;
  members: PoolMember[];
  scan?: PoolScan;
  /** The scrub that finished last, where `scan` is another scan. */
  scrub?: PoolScan;
  dataErrors?: number;
  /** Files that are damaged, the first few. */
  damaged?: string[];
  /** What was not understood, one line. */
  problem?: string;
};

const units = "BKMGTPEZ";

/** Bytes or count of "704G", "1.66T", "1,5K", "0B", "12" (powers of 1024) or a number; undefined for anything else. */
export function parseQuantity(text: unknown): number | undefined {
  if (typeof text === "number") return Number.isFinite(text) && text >= 0 ? text : undefined;
  if (typeof text !== "string") return undefined;
  const [, digits, unit = "B"] = /^(\d+(?:[.,]\d+)?)\s*([BKMGTPEZ])?(?:iB|B)?$/.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits.replace(",", ".")) * 1024 ** units.indexOf(unit);
  return Number.isFinite(value) ? value : undefined;
}

/** Seconds of "00:15:42", "1 days 05:33:17", "14h7m", "0h0m", "3m12s"; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const clock = /^(?:(\d+) days? )?(\d+):(\d\d):(\d\d)$/.exec(text.trim());
  if (clock !== null) {
    const [days, hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0)) as number[];
    return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  }
  const old = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
  if (old === null || text.trim() === "") return undefined;
  const [days, hours, minutes, seconds] = old.slice(1).map((part) => Number(part ?? 0)) as number[];
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

/** Unix ms of a date as ctime(3) writes it, in this host's time zone; undefined for anything else. */
export function parseDate(text: string): number | undefined {
  const at = /^\w{3} \w{3} +\d+ \d+:\d\d:\d\d \d{4}$/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : undefined;
}

const poolStates: Record<string, PoolState> = {
  ONLINE: "online",
  DEGRADED: "degraded",
  FAULTED: "faulted",
  OFFLINE: "offline",
  UNAVAIL: "unavailable",
  REMOVED: "removed",
  SUSPENDED: "suspended",
};

/** State of a pool from zpool's or the kernel's word. */
export function poolStateOf(health: string): PoolState {
  return (Object.hasOwn(poolStates, health) ? poolStates[health] : undefined) ?? "unknown";
}

const memberStates: Record<string, MemberState> = {
  ONLINE: "online",
  HEALTHY: "online",
  DEGRADED: "degraded",
  FAULTED: "faulted",
  OFFLINE: "offline",
  UNAVAIL: "unavailable",
  CLOSED: "unavailable",
  CANT_OPEN: "unavailable",
  REMOVED: "removed",
  AVAIL: "spare",
  // It serves elsewhere, in this pool or, shared, in another.
  INUSE: "online",
};

/** State of a device or group from zpool's word and the notes behind it. */
export function memberStateOf(word: string, note: string, resilvering: boolean): MemberState {
  const state = (Object.hasOwn(memberStates, word) ? memberStates[word] : undefined) ?? "unknown";
  if (state === "unavailable" && /\bwas \/|cannot open|not present/.test(note)) return "missing";
  return state === "online" && resilvering ? "rebuilding" : state;
}

/** Type of a vdev from the name that zpool shows: "mirror-0" -> mirror, "draid2:4d:10c:1s-0" -> draid2, else a device. */
export function vdevTypeOf(name: string): string {
  if (/^draid[123]?-\d+-\d+$/.test(name)) return "draid-spare";
  const group = /^(mirror|raidz[123]?|draid[123]?|replacing|spare|indirect|hole|missing)(?::[\w:]+)?(?:-\d+)?$/.exec(
    name,
  );
  if (group?.[1] !== undefined) return group[1] === "raidz" ? "raidz1" : group[1] === "draid" ? "draid1" : group[1];
  return name.startsWith("/") && !name.startsWith("/dev/") ? "file" : "disk";
}

const groupTypes = /^(mirror|raidz\d|draid\d|replacing|spare)$/;

/** True for a vdev that stands for others and never for a device of its own. */
export function isGroup(type: string): boolean {
  return groupTypes.test(type);
}

/** True for what is left of devices that were removed from a pool. */
export function isGhost(type: string): boolean {
  return type === "indirect" || type === "hole" || type === "missing";
}

/** Level of a pool from its data vdevs: "mirror", "raidz2", "mirror+raidz1", "single", "stripe"; empty without any. */
export function levelOf(members: readonly PoolMember[]): string {
  const data = members.filter((one) => one.role === "data");
  if (data.length === 0) return "";
  const kinds = data.map(({ type }) => (/^(mirror|raidz|draid)/.test(type) ? type : "disk"));
  const unique = [...new Set(kinds)].sort();
  if (unique.length > 1) return unique.join("+");
  return unique[0] !== "disk" ? (unique[0] ?? "") : data.length === 1 ? "single" : "stripe";
}

const sections: Record<string, MemberRole> = {
  logs: "log",
  cache: "cache",
  l2cache: "cache",
  spares: "spare",
  special: "special",
  dedup: "dedup",
};

/** Role of the devices under that heading of `zpool status`; undefined for what is no heading. */
export function roleOfSection(heading: string): MemberRole | undefined {
  return Object.hasOwn(sections, heading) ? sections[heading] : undefined;
}

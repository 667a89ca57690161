import type { Reading } from "../collectors/collector.ts";
import { missing, slots } from "../collectors/values.ts";
import { boundAttributes } from "./bound-attributes.ts";

export type PoolType = "zfs" | "md" | "lvm" | "lvm-thin" | "btrfs" | "hwraid";

export type PoolState =
  | "online"
  | "degraded"
  | "faulted"
  | "offline"
  | "unavailable"
  | "removed"
  | "suspended"
  | "stuck"
  | "unknown";

export type MemberState =
  | "online"
  | "degraded"
  | "faulted"
  | "offline"
  | "unavailable"
  | "removed"
  | "missing"
  | "spare"
  | "rebuilding"
  | "unknown";

export type MemberRole =
  | "data"
  | "log"
  | "cache"
  | "spare"
  | "special"
  | "dedup"
  | "parity"
  | "journal"
  | "write-cache";

/** What tells which physical drive a member is where the kernel does not: by its controller. */
export type DriveHint = { serial?: string; slot?: string; model?: string; firmware?: string };

/** A group (mirror, raidz1) or, without children, a device. What is not known is absent. */
export type PoolMember = {
  /** As the tool shows it. */
  name: string;
  /** "disk", "file", "partition", "mirror", "raidz1", "replacing" ... */
  type: string;
  role: MemberRole;
  state: MemberState;
  /** A device's own place in the member's key: the name unless told. */
  device?: string;
  path?: string;
  /** What the tool adds: "was /dev/sdb1", "corrupted data". */
  note?: string;
  readErrors?: number;
  writeErrors?: number;
  checksumErrors?: number;
  slowIos?: number;
  sizeBytes?: number;
  temperatureCelsius?: number;
  resilvering?: boolean;
  driveHint?: DriveHint;
  /** Kernel names of the whole disks below it. */
  disks: string[];
  /** Keys of the pools that it is a volume of. */
  pools?: string[];
  children: PoolMember[];
};

export type ScanFunction =
  | "scrub"
  | "resilver"
  | "check"
  | "repair"
  | "reshape"
  | "resync"
  | "recovery"
  | "errorscrub"
  | "balance";

/** The scan that runs or ran last. Times in Unix ms. What is not known is absent. */
export type PoolScan = {
  function: ScanFunction;
  state: "running" | "paused" | "finished" | "cancelled";
  startedAt?: number;
  endedAt?: number;
  progressRatio?: number;
  bytesPerSecond?: number;
  remainingSeconds?: number;
  errors?: number;
};

/** The last scrub (or check) that reached its end. `endedAt` in Unix ms. */
export type LastScrub = { endedAt: number; errors?: number; durationSeconds?: number };

export type ScrubAction = "start" | "pause" | "stop";

/** A pool as its collector found it. What is not known is absent; ratios are 0 to 1, times Unix ms. */
export type Pool = {
  type: PoolType;
  /** As people know it: tank, md0, vg0/thin, a label; with the type it is the key unless `key` says another. */
  name: string;
  /** "zfs:tank", "btrfs:UUID". */
  key?: string;
  guid?: string;
  /** mirror, raidz2, raid6, raid1, single ... */
  level: string;
  state: PoolState;
  /** Why it is in that state, one line. Wanted whenever it is not online. */
  reason?: string;
  /** The tool's own word for the state. */
  health: string;
  /** The tool's own sentences. */
  status?: string;
  action?: string;
  sizeBytes?: number;
  usedBytes?: number;
  freeBytes?: number;
  fragmentationRatio?: number;
  deduplicationFactor?: number;
  metadataUsedRatio?: number;
  mismatches?: number;
  /** Blocks that are lost for good. */
  dataErrors?: number;
  members: PoolMember[];
  /** Missing ones that the tree does not show (md tells of them by number alone): added to the counts. */
  membersNotShown?: number;
  scan?: PoolScan;
  lastScrub?: LastScrub;
  /** From when on a scrub is due where none is known of: when the pool was made. Absent: no age is told. */
  scrubDueFrom?: number;
  /** Its last scrub is told, but no age: nothing is due. */
  scrubNeverDue?: boolean;
  /** What pool.scrub can do with it; empty: it can't be scrubbed. */
  scrubActions: readonly ScrubAction[];
  tool: string;
  toolVersion?: string;
  /** Why it could not be read fully, one line. */
  problem?: string;
  /** More attributes of this type of pool. */
  extra?: Record<string, unknown>;
};

const slot = slots("pool");
const memberSlot = slots("pool_member");
const gone: ReadonlySet<MemberState> = new Set(["faulted", "offline", "unavailable", "removed", "missing"]);

/** Key of the pool's resource. */
export function poolKey(pool: Pick<Pool, "type" | "name" | "key">): string {
  return pool.key ?? `${pool.type === "lvm-thin" ? "lvm" : pool.type}:${pool.name}`;
}

/** Devices of a tree with their depth-first order; groups are left out, a device shown twice counts where it serves. */
export function leaves(members: readonly PoolMember[]): PoolMember[] {
  const found = new Map<string, PoolMember>();
  const visit = (member: PoolMember) => {
    for (const child of member.children) visit(child);
    if (member.children.length > 0) return;
    const name = member.device ?? member.name;
    const before = found.get(name);
    // A spare in use stands both among the spares and where it serves.
    if (before === undefined || before.role === "spare") found.set(name, member);
  };
  for (const member of members) visit(member);
  return [...found.values()];
}

/** One reading of the pool and one of each of its devices, spares, logs and caches among them. `now` in Unix ms. */
export function poolReadings(pool: Pool, now: number): Reading[] {
  const key = poolKey(pool);
  const devices = leaves(pool.members);
  return [poolReading(pool, key, devices, now), ...devices.map((member) => memberReading(key, member))];
}

function poolReading(pool: Pool, key: string, devices: readonly PoolMember[], now: number): Reading {
  return {
    kind: "pool",
    key,
    labels: { type: pool.type, name: pool.name, level: pool.level },
    attributes: boundAttributes(poolAttributes(pool, devices)),
    state: pool.state,
    ...reasonOf(pool),
    values: poolValues(pool, devices, now),
  };
}

function reasonOf(pool: Pool): { reason?: string } {
  const reason = pool.reason ?? pool.problem ?? (pool.state === "online" ? undefined : pool.status || pool.health);
  return reason === undefined || reason === "" ? {} : { reason: oneLine(reason) };
}

function poolValues(pool: Pool, devices: readonly PoolMember[], now: number): Float64Array {
  const values = missing("pool");
  const set = (at: number, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) values[at] = value;
  };
  const { sizeBytes, usedBytes, scan, lastScrub } = pool;
  set(slot.size_bytes, sizeBytes);
  set(slot.used_bytes, usedBytes);
  set(slot.free_bytes, pool.freeBytes);
  if (sizeBytes !== undefined && usedBytes !== undefined && sizeBytes > 0) {
    set(slot.used_ratio, usedBytes / sizeBytes);
  }
  set(slot.fragmentation_ratio, pool.fragmentationRatio);
  set(slot.deduplication_factor, pool.deduplicationFactor);
  set(slot.metadata_used_ratio, pool.metadataUsedRatio);
  set(slot.mismatches, pool.mismatches);
  set(slot.data_errors, pool.dataErrors);
  // A pool that could not be read shows no members: their number is not known then.
  if (devices.length > 0) {
    const notShown = pool.membersNotShown ?? 0;
    const places = placesOf(pool.members);
    set(slot.members, places.length + notShown);
    set(slot.members_missing, places.filter((states) => states.some((one) => gone.has(one))).length + notShown);
    set(slot.spares, devices.filter((one) => one.role === "spare" && one.state === "spare").length);
  }
  set(slot.read_errors, errorsOf(pool.members, "readErrors"));
  set(slot.write_errors, errorsOf(pool.members, "writeErrors"));
  set(slot.checksum_errors, errorsOf(pool.members, "checksumErrors"));
  if (scan !== undefined && (scan.state === "running" || scan.state === "paused")) {
    set(slot.scan_progress_ratio, scan.progressRatio);
    set(slot.scan_bytes_per_second, scan.bytesPerSecond);
    set(slot.scan_remaining_seconds, scan.remainingSeconds);
  }
  const due = lastScrub?.endedAt ?? pool.scrubDueFrom;
  if (due !== undefined && pool.scrubNeverDue !== true) set(slot.scrub_age_seconds, Math.max(0, now - due) / 1000);
  set(slot.scrub_errors, lastScrub?.errors);
  return values;
}

/** The states found in each place for a device. One that is being replaced shares its place with the new one. */
function placesOf(members: readonly PoolMember[]): MemberState[][] {
  return members.flatMap((member): MemberState[][] => {
    if (member.role === "spare" && member.children.length === 0) return [];
    if (member.children.length === 0) return [[member.state]];
    const below = placesOf(member.children);
    return member.type === "replacing" || member.type === "spare" ? [below.flat()] : below;
  });
}

/** Errors of the devices; what a group counts beyond them (raidz can't always blame one) counts too. */
function errorsOf(
  members: readonly PoolMember[],
  what: "readErrors" | "writeErrors" | "checksumErrors",
): number | undefined {
  let sum: number | undefined;
  for (const member of members) {
    const below = errorsOf(member.children, what);
    const own = member[what];
    if (own === undefined && below === undefined) continue;
    sum = (sum ?? 0) + Math.max(own ?? 0, below ?? 0);
  }
  return sum;
}

function poolAttributes(pool: Pool, devices: readonly PoolMember[]): Record<string, unknown> {
  const { scan, lastScrub } = pool;
  return {
    type: pool.type,
    name: pool.name,
    ...(pool.guid === undefined ? {} : { guid: pool.guid }),
    level: pool.level,
    health: pool.health,
    status: pool.status ?? "",
    action: pool.action ?? "",
    members: pool.members.map(memberTree),
    scan: scan === undefined ? null : scanAttributes(scan),
    lastScrub: lastScrub === undefined ? null : { ...lastScrub, endedAt: iso(lastScrub.endedAt) },
    spares: devices.filter((one) => one.role === "spare").map((one) => one.device ?? one.name),
    scrubbable: pool.scrubActions.length > 0,
    scrubActions: pool.scrubActions,
    tool: pool.tool,
    toolVersion: pool.toolVersion ?? "",
    problem: pool.problem ?? "",
    disks: unique(devices.flatMap((one) => one.disks)),
    pools: unique(devices.flatMap((one) => one.pools ?? [])),
    ...pool.extra,
  };
}

function scanAttributes(scan: PoolScan): Record<string, unknown> {
  const { startedAt, endedAt, ...rest } = scan;
  return {
    ...rest,
    ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
  };
}

function memberTree(member: PoolMember): Record<string, unknown> {
  return { ...member, device: member.device ?? member.name, children: member.children.map(memberTree) };
}

function memberReading(pool: string, member: PoolMember): Reading {
  const device = member.device ?? member.name;
  const values = missing("pool_member");
  const set = (at: number, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) values[at] = value;
  };
  set(memberSlot.size_bytes, member.sizeBytes);
  set(memberSlot.read_errors, member.readErrors);
  set(memberSlot.write_errors, member.writeErrors);
  set(memberSlot.checksum_errors, member.checksumErrors);
  set(memberSlot.slow_ios, member.slowIos);
  set(memberSlot.temperature_celsius, member.temperatureCelsius);
  const usual = member.state === "online" || member.state === "spare";
  const reason = usual ? undefined : (member.note ?? member.state);
  return {
    kind: "pool_member",
    key: `${pool}/${device}`,
    labels: { pool, device, role: member.role },
    attributes: {
      device,
      path: member.path ?? "",
      type: member.type,
      role: member.role,
      poolKey: pool,
      ...member.driveHint,
      disks: member.disks,
      ...(member.pools === undefined ? {} : { pools: member.pools }),
    },
    state: member.state,
    ...(reason === undefined ? {} : { reason: oneLine(reason) }),
    values,
  };
}

/** ISO 8601 of Unix ms; empty where that is no time. */
export function iso(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : "";
}

/** Text of a tool as one line of at most 500 characters. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 500 ? `${line.slice(0, 497)}...` : line;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

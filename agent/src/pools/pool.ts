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

import { finite, isObject, object, objects, text, texts, time, truth } from "./json.ts";

/** A scrub, resilver, check or rebuild. */
export type Scan = {
  function: string;
  state: string;
  startedAt: Date | null;
  endedAt: Date | null;
  progressRatio: number | null;
  bytesPerSecond: number | null;
  remainingSeconds: number | null;
  errors: number | null;
};

export type LastScrub = { endedAt: Date | null; errors: number | null; durationSeconds: number | null };

/** A device of a pool, or a group of devices; the tree of a pool's detail. */
export type PoolMember = {
  /** Resource id of the member; null for a group, and where none is known. */
  id: number | null;
  name: string;
  device: string | null;
  path: string | null;
  type: string | null;
  role: string | null;
  state: string | null;
  readErrors: number | null;
  writeErrors: number | null;
  checksumErrors: number | null;
  slowIos: number | null;
  sizeBytes: number | null;
  resilvering: boolean;
  disks: string[];
  driveHint: { serial: string | null; slot: string | null } | null;
  drive: MemberDrive | null;
  children: PoolMember[];
};

/** The drive that a member is. */
export type MemberDrive = {
  id: number;
  key: string;
  device: string | null;
  model: string | null;
  serial: string | null;
  verdict: string | null;
};

/** A scan, or null where none is told of. */
export function scan(value: unknown): Scan | null {
  if (!isObject(value)) return null;
  return {
    function: text(value.function, 50) ?? "scrub",
    state: text(value.state, 50) ?? "unknown",
    startedAt: time(value.startedAt),
    endedAt: time(value.endedAt),
    progressRatio: finite(value.progressRatio),
    bytesPerSecond: finite(value.bytesPerSecond),
    remainingSeconds: finite(value.remainingSeconds),
    errors: finite(value.errors),
  };
}

/** The last whole scrub, or null. */
export function lastScrub(value: unknown): LastScrub | null {
  if (!isObject(value)) return null;
  return {
    endedAt: time(value.endedAt),
    errors: finite(value.errors),
    durationSeconds: finite(value.durationSeconds),
  };
}

/** What can be asked of a pool's scrub. */
export function scrubActions(scrubbable: unknown, actions: unknown): ("start" | "pause" | "stop")[] {
  if (scrubbable === false) return [];
  const known = ["start", "pause", "stop"] as const;
  return known.filter((each) => texts(actions, 10).includes(each));
}

const deepest = 6;
const most = 2000;

/** The tree of members; `find` gives the resource and drive of a leaf. What is deeper or more than bounds allow is left out. */
export function memberTree(
  value: unknown,
  find: (member: Omit<PoolMember, "id" | "drive" | "children">) => Pick<PoolMember, "id" | "drive">,
): PoolMember[] {
  let left = most;
  function branch(list: unknown, depth: number): PoolMember[] {
    if (depth > deepest) return [];
    return objects(list, left).flatMap((each) => {
      if (left-- <= 0) return [];
      const own = member(each);
      const children = branch(each.children, depth + 1);
      const found = children.length === 0 ? find(own) : { id: null, drive: null };
      return [{ ...found, ...own, children }];
    });
  }
  return branch(value, 1);
}

const missing = new Set(["faulted", "offline", "unavailable", "unavail", "removed", "missing"]);

/** "1 of 4 members missing (sdc)"; null where none is. */
export function membersMissing(members: unknown): string | null {
  const leaves = leavesOf(memberTree(members, () => ({ id: null, drive: null }))).filter(
    ({ role }) => role !== "spare",
  );
  const gone = leaves.filter(({ state }) => missing.has(state?.toLowerCase() ?? ""));
  if (gone.length === 0) return null;
  const names = gone.slice(0, 5).map(({ name }) => name);
  return `${gone.length} of ${leaves.length} members missing (${names.join(", ")}${gone.length > 5 ? ", ..." : ""})`;
}

/** The devices of a tree of members, groups left out. */
export function leavesOf(members: readonly PoolMember[]): PoolMember[] {
  return members.flatMap((each) => (each.children.length === 0 ? [each] : leavesOf(each.children)));
}

function member(each: Readonly<Record<string, unknown>>): Omit<PoolMember, "id" | "drive" | "children"> {
  const device = text(each.device, 300);
  const path = text(each.path, 500);
  const hint = object(each.driveHint);
  return {
    name: text(each.name, 300) ?? device ?? path ?? "unknown",
    device,
    path,
    type: text(each.type, 100),
    role: text(each.role, 100),
    state: text(each.state, 100),
    readErrors: finite(each.readErrors),
    writeErrors: finite(each.writeErrors),
    checksumErrors: finite(each.checksumErrors),
    slowIos: finite(each.slowIos),
    sizeBytes: finite(each.sizeBytes),
    resilvering: truth(each.resilvering) ?? false,
    disks: texts(each.disks, 100),
    driveHint: isObject(each.driveHint) ? { serial: text(hint.serial, 200), slot: text(hint.slot, 100) } : null,
  };
}

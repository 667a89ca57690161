import type { BlockStack } from "../host/block-stack.ts";
import type { MemberRole, MemberState, Pool, PoolMember, PoolScan, PoolState, ScanFunction } from "../pools/pool.ts";
import { isRedundant, type MdArray, type MdMember } from "./array.ts";
import type { LastCheck } from "./check-log.ts";

/** What else a pool is made of than the array: how devices stack up and what is remembered of its checks. */
export type PoolSurroundings = {
  stackOf(device: string): BlockStack;
  lastCheck?: LastCheck | undefined;
  /** The container whose metadata the array lies in, where it has one: its spares serve the array. */
  container?: MdArray | undefined;
};

type Placed = { member: MdMember; role: MemberRole; state: MemberState; note?: string };

/** The pool that an array is. */
export function toPool(array: MdArray, around: PoolSurroundings): Pool {
  const placed = placeMembers(array);
  const missing = missingMembers(array, placed);
  assignFaulty(placed, missing);
  const spares = spareOfContainer(array, around.container);
  const members = [...placed, ...spares].map((one) => toMember(array, one, around.stackOf));
  const { state, reason } = judge(array, placed, missing);
  const scan = toScan(array, around.lastCheck);
  const { lastCheck } = around;
  const shown = placed.filter((one) => one.role !== "spare" && one.state === "faulted").length;
  return {
    type: "md",
    name: array.name,
    ...(array.uuid === undefined ? {} : { guid: array.uuid }),
    level: array.level,
    state,
    ...(reason === undefined ? {} : { reason }),
    health: array.arrayState,
    status: statusOf(array),
    ...(array.sizeBytes === undefined ? {} : { sizeBytes: array.sizeBytes }),
    ...mismatchesOf(array),
    members,
    membersNotShown: Math.max(0, missing - shown),
    ...(scan === undefined ? {} : { scan }),
    ...(lastCheck?.endedAt === undefined ? {} : { lastScrub: lastScrubOf(lastCheck, lastCheck.endedAt) }),
    scrubActions: isRedundant(array.level) && isStarted(array) ? ["start", "stop"] : [],
    tool: "kernel",
    extra: extraOf(array),
  };
}

/** Whether the array is but a container of external metadata (Intel, DDF): its volumes are the pools. */
export function isContainer(array: MdArray): boolean {
  return array.level === "container" || (/^external:[a-z]/.test(array.metadata) && array.arrayState === "inactive");
}

/** Name of the container that holds the array's metadata, from "external:/md127/0". */
export function containerOf(array: MdArray): string | undefined {
  return /^external:[/-]([^/]+)\//.exec(array.metadata)?.[1];
}

function placeMembers(array: MdArray): Placed[] {
  // Without slots a spare counts as being rebuilt while a rebuild runs, as many as are missing.
  let rebuilding = array.sync?.action === "recovery" && !array.sync.waits ? (array.degraded ?? 0) : 0;
  return array.members.map((member) => {
    const { states, slot } = member;
    const has = (word: string) => states.has(word);
    const role: MemberRole = has("journal") ? "journal" : "data";
    if (has("faulty")) return { member, role, state: "faulted", note: "faulty" };
    if (has("journal") || has("in_sync")) return { member, role, ...inSyncState(member) };
    if (isContainer(array)) return { member, role, state: "online" };
    if (!isStarted(array)) return { member, role, state: "unknown", note: "the array is not started" };
    const guessed = slot === undefined && rebuilding > 0;
    if (guessed) rebuilding--;
    if ((slot !== undefined && slot !== null) || guessed || (has("replacement") && slot !== null)) {
      return { member, role, state: "rebuilding", note: array.sync ? "is being rebuilt" : "waits to be rebuilt" };
    }
    // Levels without redundancy have no in_sync file in old kernels, and never a spare.
    if (!isRedundant(array.level)) return { member, role, state: "online" };
    return { member, role: "spare", state: "spare" };
  });
}

function inSyncState({ states, badSectors }: MdMember): { state: MemberState; note?: string } {
  if (states.has("want_replacement")) return { state: "degraded", note: "is to be replaced" };
  if (states.has("write_error")) return { state: "degraded", note: "had write errors" };
  if (states.has("blocked")) return { state: "degraded", note: "is blocked: a failure has not been handled yet" };
  if ((badSectors ?? 0) > 0) return { state: "degraded", note: `${badSectors} sectors in its bad block list` };
  return states.has("writemostly") ? { state: "online", note: "write-mostly" } : { state: "online" };
}

/** How many members do not serve, be it faulty or not there at all; those being rebuilt are there. */
function missingMembers(array: MdArray, placed: readonly Placed[]): number {
  const data = placed.filter(({ role }) => role === "data");
  const rebuilding = data.filter(({ state }) => state === "rebuilding").length;
  if (array.degraded !== undefined && isStarted(array)) return Math.max(0, array.degraded - rebuilding);
  const there = data.filter(({ state, member }) => state !== "faulted" && !member.states.has("replacement")).length;
  return Math.max(0, array.raidDisks - there);
}

/** Faulty members whose place another one has taken serve no more: they are kept among the spares. */
function assignFaulty(placed: Placed[], missing: number): void {
  let places = missing;
  for (const one of placed) {
    if (one.state !== "faulted" || one.role !== "data") continue;
    if (places > 0) places--;
    else one.role = "spare";
  }
}

function spareOfContainer(array: MdArray, container: MdArray | undefined): Placed[] {
  if (container === undefined || !isContainer(container)) return [];
  const own = new Set(array.members.map(({ name }) => name));
  return container.members
    .filter(({ name, states }) => !own.has(name) && !states.has("faulty"))
    .map((member) => ({ member, role: "spare", state: "spare" }));
}

function judge(array: MdArray, placed: readonly Placed[], missing: number): { state: PoolState; reason?: string } {
  if (isContainer(array)) return { state: "online" };
  const faulty = placed
    .filter(({ state, role }) => state === "faulted" && role !== "spare")
    .map(({ member }) => member.name);
  const rebuilding = placed.filter(({ state }) => state === "rebuilding").map(({ member }) => member.name);
  const lost = missing + rebuilding.length;
  const which = faulty.length > 0 ? ` (${faulty.join(", ")} faulty)` : "";
  const of = array.raidDisks > 0 ? ` of ${array.raidDisks}` : "";
  if (array.arrayState === "broken") return { state: "faulted", reason: `broken: too many members are lost${which}` };
  if (array.arrayState === "inactive") {
    return { state: "unavailable", reason: `inactive: not started, ${placed.length}${of} members found${which}` };
  }
  if (array.arrayState === "suspended") return { state: "suspended", reason: "suspended: all IO is held" };
  if (lost === 0) return { state: "online" };
  const runs = array.sync?.action === "recovery" && !array.sync.waits;
  const parts = [
    missing > 0 ? `${missing}${of} members missing${which}` : "",
    rebuilding.length > 0 ? `${runs ? "rebuilding" : "to be rebuilt"}: ${rebuilding.join(", ")}` : "",
  ];
  const reason = parts.filter((part) => part !== "").join("; ");
  return { state: isLost(array, lost) ? "faulted" : "degraded", reason };
}

function isLost(array: MdArray, lost: number): boolean {
  switch (array.level) {
    case "raid1":
      return !array.members.some(({ states }) => states.has("in_sync"));
    case "raid4":
    case "raid5":
      return lost > 1;
    case "raid6":
      return lost > 2;
    case "raid10":
      return hasLostPair(array);
    default:
      return true;
  }
}

// Of the layouts only "near 2" with an even number of members has fixed pairs; for others the kernel's own word counts.
function hasLostPair(array: MdArray): boolean {
  if (array.layout !== 0x102 || array.raidDisks % 2 !== 0 || array.members.some(({ slot }) => slot === undefined))
    return false;
  const serving = new Set(array.members.filter(({ states }) => states.has("in_sync")).map(({ slot }) => slot));
  for (let first = 0; first < array.raidDisks; first += 2) {
    if (!serving.has(first) && !serving.has(first + 1)) return true;
  }
  return false;
}

function toMember(
  array: MdArray,
  { member, role, state, note }: Placed,
  stackOf: PoolSurroundings["stackOf"],
): PoolMember {
  const { disks, pools } = stackOf(member.name);
  const badSectors = member.badSectors ?? 0;
  const notes = [
    note,
    badSectors > 0 && !note?.includes("bad block") ? `${badSectors} sectors in its bad block list` : "",
  ];
  const text = notes.filter((one) => one).join(", ");
  return {
    name: member.name,
    type: disks.includes(member.name) ? "disk" : disks.length > 0 ? "partition" : "device",
    role,
    state,
    path: `/dev/${member.name.replaceAll("!", "/")}`,
    ...(text === "" ? {} : { note: text }),
    ...(member.errors === undefined ? {} : { readErrors: member.errors }),
    ...(member.sizeBytes === undefined || member.sizeBytes === 0 ? {} : { sizeBytes: member.sizeBytes }),
    ...(state === "rebuilding" && array.sync?.waits === false ? { resilvering: true } : {}),
    disks,
    ...(pools.length === 0 ? {} : { pools }),
    children: [],
  };
}

function toScan(array: MdArray, last: LastCheck | undefined): PoolScan | undefined {
  const { sync } = array;
  if (sync !== undefined) {
    const { doneBytes, totalBytes } = sync;
    const ratio = doneBytes !== undefined && totalBytes ? Math.min(1, doneBytes / totalBytes) : undefined;
    return {
      function: sync.action as ScanFunction,
      state: sync.waits ? "paused" : "running",
      ...(last?.running?.action === sync.action ? { startedAt: last.running.startedAt } : {}),
      ...(ratio === undefined ? {} : { progressRatio: ratio }),
      ...(sync.bytesPerSecond === undefined ? {} : { bytesPerSecond: sync.bytesPerSecond }),
      ...(sync.remainingSeconds === undefined ? {} : { remainingSeconds: sync.remainingSeconds }),
    };
  }
  if (last?.ended === undefined) return undefined;
  const { action, finished, startedAt, endedAt } = last.ended;
  return {
    function: action as ScanFunction,
    state: finished ? "finished" : "cancelled",
    ...(startedAt === undefined ? {} : { startedAt }),
    endedAt,
  };
}

function lastScrubOf(last: LastCheck, endedAt: number): NonNullable<Pool["lastScrub"]> {
  return { endedAt, ...(last.durationSeconds === undefined ? {} : { durationSeconds: last.durationSeconds }) };
}

/**
 * raid1 and raid10 count sectors that were rewritten while they were read (swap, memory-mapped files): no error. A repair
 * has put right what it counts.
 */
function mismatchesOf({ level, mismatchCount, lastSyncAction }: MdArray): { mismatches?: number } {
  if (mismatchCount === undefined || !/^raid[456]$/.test(level)) return {};
  return { mismatches: lastSyncAction === undefined || lastSyncAction === "check" ? mismatchCount : 0 };
}

function isStarted({ arrayState }: MdArray): boolean {
  return arrayState !== "inactive";
}

function statusOf(array: MdArray): string {
  const { arrayState, level, sync } = array;
  if (isContainer(array)) return `a container of ${array.metadata} metadata; its volumes are arrays of their own`;
  const parts: string[] = [];
  if (arrayState === "readonly") parts.push("read-only");
  if (arrayState === "read-auto") parts.push("read-only until the first write");
  if (array.syncAction === "frozen") parts.push("scans are held (frozen)");
  if (sync?.waits) parts.push(`${sync.action} waits for another array or the first write`);
  if (isStarted(array) && !isRedundant(level)) parts.push("no redundancy: the loss of any member loses the data");
  return parts.join("; ");
}

function extraOf(array: MdArray): Record<string, unknown> {
  const container = containerOf(array);
  const badSectors = Object.fromEntries(
    array.members.filter((member) => (member.badSectors ?? 0) > 0).map((member) => [member.name, member.badSectors]),
  );
  return {
    metadata: array.metadata,
    raidDisks: array.raidDisks,
    ...(array.chunkBytes === undefined ? {} : { chunkBytes: array.chunkBytes }),
    ...(array.mismatchCount === undefined ? {} : { mismatchCount: array.mismatchCount }),
    ...(array.lastSyncAction === undefined ? {} : { lastSyncAction: array.lastSyncAction }),
    ...(container === undefined ? {} : { container }),
    ...(Object.keys(badSectors).length === 0 ? {} : { badSectors }),
  };
}

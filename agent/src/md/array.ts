import type { Host } from "../host/host.ts";
import type { MdstatArray } from "./mdstat.ts";

/** An md array as the kernel tells it, from sysfs and, where that lacks something, from /proc/mdstat. */
export type MdArray = {
  name: string;
  uuid?: string;
  level: string;
  /** "clean", "active", "read-auto", "inactive", "broken" ... */
  arrayState: string;
  metadata: string;
  /** 0: not known. While it is reshaped the number to be. */
  raidDisks: number;
  /** Members that are not in sync, absent where the level has no redundancy. */
  degraded?: number;
  layout?: number;
  chunkBytes?: number;
  sizeBytes?: number;
  /** Bytes of each member that it uses. */
  componentBytes?: number;
  syncAction: string;
  lastSyncAction?: string;
  mismatchCount?: number;
  sync?: MdSync;
  members: MdMember[];
};

/** The scan that runs or waits. */
export type MdSync = {
  action: string;
  waits: boolean;
  doneBytes?: number;
  totalBytes?: number;
  bytesPerSecond?: number;
  remainingSeconds?: number;
};

/** `states` in the kernel's words: in_sync, faulty, spare, writemostly, journal, want_replacement, replacement ... */
export type MdMember = {
  name: string;
  states: ReadonlySet<string>;
  /** Place in the array, null where it has none; absent: not told. */
  slot?: number | null;
  errors?: number;
  /** Sectors in its bad block list. */
  badSectors?: number;
  sizeBytes?: number;
};

// man 4 md, Documentation/admin-guide/md.rst of the kernel.
const actions: Record<string, string> = {
  resync: "resync",
  recover: "recovery",
  recovery: "recovery",
  check: "check",
  repair: "repair",
  reshape: "reshape",
};

/** Slow facts of members, kept between passes by the caller. */
export type MemberFacts = Pick<MdMember, "slot" | "errors" | "badSectors" | "sizeBytes">;

/** Names of the block devices that are md arrays. */
export function arrayNames(host: Host): string[] {
  return list(host, "/sys/block").filter((name) => /^md[\d_]/.test(name));
}

/**
 * One array; `shown` is what /proc/mdstat says of it, `factsOf` gives a member's slow facts and may keep them. Undefined
 * where there is none, as of a device node that is left of an array that was stopped.
 */
export function readArray(
  host: Host,
  name: string,
  shown: MdstatArray | undefined,
  factsOf: (member: string, states: string) => MemberFacts,
): MdArray | undefined {
  const folder = `/sys/block/${name}/md`;
  const read = (file: string) => line(host, `${folder}/${file}`);
  const arrayState = read("array_state") ?? stateOf(shown);
  if (arrayState === undefined || arrayState === "clear") return undefined;
  const level = read("level") ?? shown?.level ?? "";
  const wanted = /^\d+/.exec(read("raid_disks") ?? "")?.[0];
  const uuid = read("uuid");
  const degraded = count(read("degraded")) ?? degradedOf(shown, level);
  const sync = readSync(read, shown?.scan);
  const sectors = count(line(host, `/sys/block/${name}/size`));
  const members = list(host, folder).filter((entry) => entry.startsWith("dev-"));
  const componentKib = count(read("component_size"));
  return {
    name,
    level,
    arrayState,
    ...(uuid === undefined ? {} : { uuid }),
    metadata: read("metadata_version") ?? shown?.metadata ?? "",
    raidDisks: wanted === undefined ? (shown?.wanted ?? 0) : Number(wanted),
    ...(degraded === undefined ? {} : { degraded }),
    ...optional("layout", count(read("layout"))),
    ...optional("chunkBytes", count(read("chunk_size"))),
    ...optional("sizeBytes", sectors === undefined ? times(shown?.sizeKib, 1024) : sectors * 512),
    ...optional("componentBytes", times(componentKib, 1024)),
    syncAction: read("sync_action") ?? "",
    ...optional("lastSyncAction", read("last_sync_action")),
    ...optional("mismatchCount", count(read("mismatch_cnt"))),
    ...optional("sync", sync),
    members:
      members.length > 0
        ? members.sort().map((entry) => {
            const states = read(`${entry}/state`) ?? "";
            return { name: entry.slice(4), states: words(states), ...factsOf(entry.slice(4), states) };
          })
        : membersOf(shown),
  };
}

/** A member's slow facts from sysfs. */
export function readMemberFacts(host: Host, array: string, member: string): MemberFacts {
  const read = (file: string) => line(host, `/sys/block/${array}/md/dev-${member}/${file}`);
  const slot = read("slot");
  const badSectors = sectorsOf(read("bad_blocks"));
  return {
    ...(slot === undefined ? {} : { slot: count(slot) ?? null }),
    ...optional("errors", count(read("errors"))),
    ...optional("badSectors", badSectors),
    ...optional("sizeBytes", times(count(read("size")), 1024)),
  };
}

function readSync(read: (file: string) => string | undefined, shown: MdstatArray["scan"]): MdSync | undefined {
  const action = actions[read("sync_action") ?? ""] ?? shown?.action;
  if (action === undefined) return undefined;
  const completed = read("sync_completed") ?? "";
  const [, done, total] = /^(\d+) \/ (\d+)$/.exec(completed) ?? [];
  const waits = completed === "delayed" || (done === undefined && shown?.waiting !== undefined);
  if (waits) return { action, waits };
  const doneBytes = done === undefined ? times(shown?.doneKib, 1024) : Number(done) * 512;
  const totalBytes = total === undefined ? times(shown?.totalKib, 1024) : Number(total) * 512;
  const bytesPerSecond = times(count(read("sync_speed")) ?? shown?.kibPerSecond, 1024);
  const left =
    doneBytes !== undefined && totalBytes !== undefined && bytesPerSecond !== undefined && bytesPerSecond > 0
      ? Math.max(0, totalBytes - doneBytes) / bytesPerSecond
      : shown?.remainingSeconds;
  return {
    action,
    waits,
    ...optional("doneBytes", doneBytes),
    ...optional("totalBytes", totalBytes),
    ...optional("bytesPerSecond", bytesPerSecond),
    ...optional("remainingSeconds", left),
  };
}

function stateOf(shown: MdstatArray | undefined): string | undefined {
  if (shown?.activity !== "active") return shown?.activity;
  if (shown.readOnly === "read-only") return "readonly";
  return shown.readOnly === "auto-read-only" ? "read-auto" : "active";
}

function degradedOf(shown: MdstatArray | undefined, level: string): number | undefined {
  if (shown?.wanted === undefined || shown.working === undefined || !isRedundant(level)) return undefined;
  return Math.max(0, shown.wanted - shown.working);
}

/** Whether arrays of that level survive the loss of a member. */
export function isRedundant(level: string): boolean {
  return /^raid(1|4|5|6|10)$/.test(level);
}

/** Members as mdstat shows them. It does not tell which ones are rebuilt: of the unflagged ones those added last. */
function membersOf(shown: MdstatArray | undefined): MdMember[] {
  const devices = [...(shown?.devices ?? [])].sort((a, b) => a.number - b.number);
  const serving = devices.filter(({ flags }) => !/[FSJ]/.test(flags));
  const inSync = new Set(serving.slice(0, shown?.working ?? serving.length));
  return devices.map((one) => {
    const states = new Set<string>();
    if (one.flags.includes("F")) states.add("faulty");
    if (one.flags.includes("J")) states.add("journal");
    if (one.flags.includes("W")) states.add("writemostly");
    if (one.flags.includes("R")) states.add("replacement");
    if (inSync.has(one)) states.add("in_sync");
    else if (!one.flags.includes("F") && !one.flags.includes("J")) states.add("spare");
    const isSpare = one.flags.includes("S");
    return { name: one.name, states, ...(isSpare ? { slot: null } : {}) };
  });
}

// Each line "first length", in sectors.
function sectorsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let sum = 0;
  for (const entry of text.split("\n")) sum += Number(/^\d+ (\d+)$/.exec(entry.trim())?.[1] ?? 0);
  return sum;
}

function words(text: string): Set<string> {
  return new Set(
    text
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  );
}

function count(text: string | undefined): number | undefined {
  const digits = /^\d+/.exec(text ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

function optional<K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: T });
}

function list(host: Host, path: string): string[] {
  try {
    return host.readDir(path) ?? [];
  } catch {
    return [];
  }
}

// A member that has just gone, or a file that this level does not have, may give any error.
function line(host: Host, path: string): string | undefined {
  try {
    return host.readText(path)?.trim();
  } catch {
    return undefined;
  }
}

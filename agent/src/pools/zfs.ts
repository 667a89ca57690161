import { NotHere } from "../collectors/collector.ts";
import type { Host } from "../host/host.ts";
import { runInTurn } from "../host/in-turn.ts";
import { errorText } from "../log.ts";
import { withDisks } from "./member-disks.ts";
import type { Pool, PoolMember, ScrubAction } from "./pool.ts";
import { createScrubMemory } from "./scrub-memory.ts";
import { type Dialect, findDialect, ZpoolSilent, type ZpoolSizes, zpoolSizes, zpoolStatus } from "./zpool.ts";
import { poolStateOf, type ZpoolStatus } from "./zpool-words.ts";

/** `failures`: what could not be read, a line each; the pools concerned are told nevertheless. */
export type ZfsReport = { pools: Pool[]; failures: string[] };

export type ZfsReader = {
  /** All pools. Throws NotHere where there is no ZFS. */
  read(now: number, signal: AbortSignal): Promise<ZfsReport>;
};

/** What was found out about one pool; `hung`: zpool gave no answer in time. */
type Found = { status?: ZpoolStatus; sizes?: ZpoolSizes; error?: string; hung?: boolean };

const kstat = "/proc/spl/kstat/zfs";
const fuseSocket = "/run/zfs/zfs_socket";
const redetectMs = 3600_000;
const separateMs = 600_000;
const weaker: Record<Dialect["form"], Dialect["form"]> = {
  json: "exact",
  exact: "listed",
  listed: "plain",
  plain: "plain",
};
const untold = "zpool does not tell of it";
const noTool = "zpool is not installed: its details can't be read (apt-get install zfsutils-linux)";

/**
 * Reads the ZFS pools of a host. All are asked for in one process; when that fails each has its own for a while, so that
 * one whose zpool hangs hides no other.
 */
export function createZfsReader(host: Host): ZfsReader {
  const memory = createScrubMemory(host, "zfs");
  const last = new Map<string, Pool>();
  const created = new Map<string, number>();
  let dialect: { found: Dialect | undefined; at: number } | undefined;
  let separateUntil = 0;

  async function currentDialect(now: number, signal: AbortSignal): Promise<Dialect | undefined> {
    if (dialect === undefined || Math.abs(now - dialect.at) > redetectMs) {
      dialect = { found: await findDialect(host, signal), at: now };
    }
    // One that is missing may be installed any time; looking for it costs little.
    const { found } = dialect;
    if (found === undefined) dialect = undefined;
    return found;
  }

  async function readAll(
    names: readonly string[],
    how: Dialect,
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Found>> {
    if (now >= separateUntil || names.length < 2) {
      const { found, failed } = await ask(undefined, how, now, signal);
      // zfs-fuse has no statistics: without an answer its pools are those that were there.
      if (names.length === 0 && found.size === 0 && failed !== undefined) names = [...last.keys()];
      if (names.length === 0 && found.size === 0 && failed !== undefined) throw failed.reason;
      for (const name of names) if (!found.has(name)) found.set(name, failed ?? { error: untold });
      if (names.length < 2 || [...found.values()].every(({ error }) => error === undefined)) return found;
      separateUntil = now + separateMs;
    }
    const each = await Promise.all(names.map((name) => ask(name, how, now, signal)));
    return new Map(names.map((name, i) => [name, each[i]?.found.get(name) ?? each[i]?.failed ?? { error: untold }]));
  }

  /** Status and sizes of one pool or all; `failed`: what could not be read, of each that was found too. */
  async function ask(
    pool: string | undefined,
    how: Dialect,
    now: number,
    signal: AbortSignal,
  ): Promise<{ found: Map<string, Found>; failed?: Found & { reason: unknown } }> {
    const [status, sizes] = await Promise.allSettled([
      zpoolStatus(host, how, pool, now, signal),
      zpoolSizes(host, how, pool, signal),
    ]);
    signal.throwIfAborted();
    const rejected = [status, sizes].filter((one) => one.status === "rejected").map(({ reason }) => reason as unknown);
    const hung = rejected.some((reason) => reason instanceof ZpoolSilent && reason.hung);
    const error = rejected.length === 0 ? {} : { error: failureText(rejected[0]), hung };
    const found = new Map<string, Found>();
    if (status.status === "fulfilled") for (const one of status.value) found.set(one.name, { status: one, ...error });
    if (sizes.status === "fulfilled") {
      for (const one of sizes.value) found.set(one.name, { ...(found.get(one.name) ?? error), sizes: one });
    }
    return { found, ...(rejected.length === 0 ? {} : { failed: { ...error, reason: rejected[0] } }) };
  }

  async function findCreation(names: readonly string[], signal: AbortSignal): Promise<void> {
    const unknown = names.filter((name) => !created.has(name));
    if (unknown.length === 0) return;
    // Asked for once: without an answer the pool counts from when it was first seen.
    for (const name of unknown) created.set(name, Number.NaN);
    const args = ["get", "-Hp", "-o", "name,value", "creation", ...unknown];
    const done = await runInTurn(host, "zfs", args, { deadlineMs: 5_000, signal, flight: "zfs get" }).catch(
      () => undefined,
    );
    for (const line of done?.stdout.split("\n") ?? []) {
      const [name, seconds] = line.split("\t");
      if (name !== undefined && created.has(name)) created.set(name, Number(seconds) * 1000);
    }
  }

  function toPool(name: string, found: Found, kernel: string | undefined, how: Dialect | undefined, now: number): Pool {
    const { status, sizes, error, hung } = found;
    const before = last.get(name);
    const health = kernel === "SUSPENDED" ? kernel : status?.health || sizes?.health || kernel || "";
    const suspended = health === "SUSPENDED" || /in response to IO failures/i.test(status?.status ?? "");
    const stuck = hung === true && !suspended;
    const problem = error ?? status?.problem;
    const state = suspended ? "suspended" : stuck ? "stuck" : poolStateOf(health);
    const members = status === undefined ? (before?.members ?? []) : withDisks(host, sameNames(status.members, before));
    const pool: Pool = {
      ...(status === undefined && before !== undefined ? withoutScan(before) : {}),
      type: "zfs",
      name,
      level: status?.level || before?.level || "",
      state,
      health,
      members,
      scrubActions: scrubActionsOf(how),
      tool: "zpool",
      ...(how === undefined || how.version === "" ? {} : { toolVersion: how.version }),
      ...(problem === undefined ? {} : { problem }),
    };
    const reason = reasonFor(pool, status);
    if (reason === undefined) delete pool.reason;
    else pool.reason = reason;
    const { name: _, health: __, ...measured } = sizes ?? { name, health };
    Object.assign(pool, measured);
    if (status !== undefined) takeStatus(pool, status, now);
    return pool;
  }

  function takeStatus(pool: Pool, status: ZpoolStatus, now: number): void {
    const { scan, guid, dataErrors } = status;
    pool.status = status.status;
    pool.action = status.action;
    if (guid !== undefined) pool.guid = guid;
    if (dataErrors !== undefined) pool.dataErrors = dataErrors;
    if (status.damaged !== undefined) pool.extra = { damaged: status.damaged };
    if (scan !== undefined) pool.scan = scan;
    const id = `${pool.name}/${pool.guid ?? ""}`;
    const scrub = status.scrub ?? scan;
    const { startedAt, endedAt, errors } = scrub ?? {};
    const whole = scrub?.function === "scrub" && scrub.state === "finished" && endedAt !== undefined;
    const lastScrub = memory.lastScrub(
      id,
      whole
        ? {
            endedAt,
            ...(errors === undefined ? {} : { errors }),
            ...(startedAt === undefined ? {} : { durationSeconds: Math.max(0, endedAt - startedAt) / 1000 }),
          }
        : undefined,
    );
    if (lastScrub !== undefined) pool.lastScrub = lastScrub;
    else {
      // A resilver or a scrub that was stopped hides when the last whole one ended: it counts from when we came.
      const made = scan === undefined ? created.get(pool.name) : undefined;
      pool.scrubDueFrom = made !== undefined && made > 0 ? made : memory.firstSeen(id, now);
    }
  }

  /** How zpool is asked the next time: a failure may mean that it is another one by now, or knows less than its version says. */
  function nextDialect(failures: readonly string[], how: Dialect | undefined, pools: readonly Pool[], now: number) {
    if (failures.length === 0) return dialect;
    if (how !== undefined && failures.some((line) => /invalid option|usage:/.test(line))) {
      return { found: { ...how, form: weaker[how.form] }, at: now };
    }
    // One that hangs would be waited for in vain.
    return pools.some(({ state }) => state === "stuck") ? dialect : undefined;
  }

  return {
    async read(now, signal) {
      const kernel = kernelStates(host);
      if (
        kernel === undefined &&
        host.linkCount("/dev/zfs") === undefined &&
        host.linkCount(fuseSocket) === undefined
      ) {
        throw new NotHere("no ZFS: neither its kernel module nor zfs-fuse runs");
      }
      if (kernel?.size === 0) return { pools: [], failures: [] };
      const failures: string[] = [];
      let how: Dialect | undefined;
      let found = new Map<string, Found>();
      try {
        how = await currentDialect(now, signal);
        if (how === undefined && kernel === undefined) throw new NotHere("no ZFS: zpool is not installed");
        if (how !== undefined) found = await readAll([...(kernel?.keys() ?? [])], how, now, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof NotHere) throw error;
        const hung = error instanceof ZpoolSilent && error.hung;
        const names = kernel?.keys() ?? last.keys();
        found = new Map([...names].map((name) => [name, { error: failureText(error), hung }]));
        if (found.size === 0) throw error;
      }
      if (how === undefined && found.size === 0) {
        found = new Map([...(kernel?.keys() ?? [])].map((name) => [name, { error: noTool }]));
      }
      const unscrubbed = [...found.values()].filter(({ status }) => status !== undefined && status.scan === undefined);
      if (how !== undefined)
        await findCreation(
          unscrubbed.flatMap(({ status }) => status?.name ?? []),
          signal,
        );
      const pools = [...found].map(([name, one]) => toPool(name, one, kernel?.get(name), how, now));
      for (const { name, problem, state } of pools) {
        if (problem !== undefined && problem !== noTool) failures.push(`${name} (${state}): ${problem}`);
      }
      dialect = nextDialect(failures, how, pools, now);
      for (const name of last.keys()) if (!found.has(name)) last.delete(name);
      for (const pool of pools) last.set(pool.name, pool);
      return { pools, failures: [...new Set(failures)] };
    },
  };
}

/** One line; the causes of a silent zpool say nothing that it does not say itself. */
function failureText(error: unknown): string {
  return error instanceof ZpoolSilent ? error.message : errorText(error);
}

/** The kernel's word for each pool's state (empty before ZFS 0.8), without a process; undefined without the module. */
export function kernelStates(host: Host): Map<string, string> | undefined {
  const entries = host.readDir(kstat);
  if (entries === undefined) return undefined;
  const states = new Map<string, string>();
  for (const name of entries) {
    if (host.readDir(`${kstat}/${name}`) === undefined) continue;
    let word = "";
    try {
      word = host.readText(`${kstat}/${name}/state`)?.trim() ?? "";
    } catch {
      // Exported meanwhile, or not for us: zpool will tell.
    }
    states.set(name, word);
  }
  return states;
}

function scrubActionsOf(how: Dialect | undefined): readonly ScrubAction[] {
  if (how === undefined) return [];
  // Pausing came with 0.7; where the version is not told it is older, or zfs-fuse.
  return how.form === "plain" || /^0\.6/.test(how.version) ? ["start", "stop"] : ["start", "pause", "stop"];
}

function reasonFor(pool: Pool, status: ZpoolStatus | undefined): string | undefined {
  if (pool.state === "online") return undefined;
  if (pool.state === "suspended") return status?.status || "its IO is suspended: it waits for its devices";
  if (pool.state === "stuck") return pool.problem;
  return status?.status || pool.problem || `zpool says ${pool.health === "" ? "nothing" : pool.health}`;
}

/** What was known of a pool that can't be read now; a scan's progress is not. */
function withoutScan(pool: Pool): Omit<Pool, "scan"> {
  const { scan: _, ...rest } = pool;
  return rest;
}

/**
 * A device that is gone is shown by its GUID, "was /dev/disk/by-id/ata-X-part1": it keeps the name that it had, so that
 * its resource stays the same.
 */
function sameNames(members: readonly PoolMember[], before: Pool | undefined): PoolMember[] {
  const known = new Set(before === undefined ? [] : flat(before.members).map((one) => one.device ?? one.name));
  const taken = new Set(flat(members).map((one) => one.name));
  const rename = (member: PoolMember): PoolMember => {
    const children = member.children.map(rename);
    if (children.length > 0 || !/^\d{5,}$/.test(member.name) || member.path === undefined)
      return { ...member, children };
    const base = member.path.slice(member.path.lastIndexOf("/") + 1);
    const names = [base, base.replace(/-part\d+$/, ""), base.replace(/p?\d+$/, ""), member.path];
    const device = names.find((name) => known.has(name)) ?? base;
    return { ...member, children, ...(device === "" || taken.has(device) ? {} : { device }) };
  };
  return members.map(rename);
}

function flat(members: readonly PoolMember[]): PoolMember[] {
  return members.flatMap((member) => [member, ...flat(member.children)]);
}

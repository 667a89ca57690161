import { NotHere } from "../collectors/collector.ts";
import type { Host } from "../host/host.ts";
import { runInTurn } from "../host/in-turn.ts";
import type { PoolReader } from "./collect-pools.ts";
import type { Pool } from "./pool.ts";
import { createScrubMemory } from "./scrub-memory.ts";
import { howToGet } from "./tool-packages.ts";
import { askZpool, type Found, failureText } from "./zfs-ask.ts";
import { kernelStates } from "./zfs-kernel.ts";
import { zfsPool } from "./zfs-pool.ts";
import { type Dialect, findDialect, ZpoolSilent } from "./zpool.ts";

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

/**
 * Reads the ZFS pools of a host. All are asked for in one process; when that fails each has its own for a while, so that
 * one whose zpool hangs hides no other.
 */
export function createZfsReader(host: Host): PoolReader {
  const memory = createScrubMemory(host, "zfs");
  const noTool = `zpool is not installed: its details can't be read (${howToGet(host, "zpool")})`;
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
      const { found, failed } = await askZpool(host, undefined, how, now, signal);
      // zfs-fuse has no statistics: without an answer its pools are those that were there.
      if (names.length === 0 && found.size === 0 && failed !== undefined) names = [...last.keys()];
      if (names.length === 0 && found.size === 0 && failed !== undefined) throw failed.reason;
      for (const name of names) if (!found.has(name)) found.set(name, failed ?? { error: untold });
      if (names.length < 2 || [...found.values()].every(({ error }) => error === undefined)) return found;
      separateUntil = now + separateMs;
    }
    const each = await Promise.all(names.map((name) => askZpool(host, name, how, now, signal)));
    return new Map(names.map((name, i) => [name, each[i]?.found.get(name) ?? each[i]?.failed ?? { error: untold }]));
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
      const pools = [...found].map(([name, one]) => {
        const known = { kernel: kernel?.get(name), how, before: last.get(name), createdAt: created.get(name), memory };
        return zfsPool(host, name, one, known, now);
      });
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

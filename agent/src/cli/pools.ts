import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CollectorFactory, Reading } from "../collectors/collector.ts";
import { collectorFactories } from "../collectors/index.ts";
import { createRunner } from "../collectors/runner.ts";
import { createHost, type Host } from "../host/host.ts";
import { defaultPath } from "../host/subprocess.ts";
import { poolHints } from "../pools/hints.ts";
import { type CliCommand, CliError, exitCode, print } from "./command.ts";
import { named, poolList, poolTree } from "./pools-text.ts";

/** What was found: `failures` are collectors that could not read all, `hints` what they can't see and why. */
export type PoolView = { ok: boolean; pools: PoolFound[]; failures: string[]; hints: string[] };

/** A pool with its values by name, null = missing, and its attributes (members, scan, lastScrub ...). */
export type PoolFound = {
  key: string;
  type: string;
  name: string;
  level: string;
  state: string;
  reason: string;
  values: Record<string, number | null>;
  attributes: Record<string, unknown>;
};

/** `pools`: ZFS pools, md arrays, LVM groups, btrfs and hardware RAID. Exit 1 when one is not online or can't be read. */
export const pools: CliCommand = {
  name: "pools",
  register(program, io) {
    program
      .command("pools")
      .argument("[name]", "one pool, by name or key: shows its members, errors, status and what to do")
      .description("list ZFS pools, md arrays, LVM groups, btrfs filesystems and hardware RAID volumes of this host")
      .action(async (name: string | undefined, _options, command) => {
        const view = await readPools(createHost(), io.signal);
        const chosen = name === undefined ? view : { ...view, pools: choosePools(view, name) };
        const ok = chosen.pools.every(({ state }) => state === "online") && (name !== undefined || view.ok);
        print(command, io, { ...chosen, ok }, (v) => (name === undefined ? poolList(v, Date.now()) : asTrees(v)));
        if (!ok) process.exitCode = exitCode.failed;
      });
  },
};

/** Runs every collector of pools on that host, once. */
export async function readPools(
  host: Host,
  signal: AbortSignal,
  factories: readonly CollectorFactory[] = collectorFactories,
): Promise<PoolView> {
  const runner = createRunner({ host, factories: factories.filter(({ kinds }) => kinds.includes("pool")) });
  const stop = () => runner.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { readings, health } = await runner.pass({ all: true });
    const found = readings.filter(({ kind }) => kind === "pool").map(toPool);
    const failed = health.filter(({ state }) => state === "failed" || state === "timed_out");
    const failures = failed.map(({ name, error }) => `${name}: ${error}`);
    const hints = poolHints(host, new Set(found.map(({ type }) => type)), isInstalled);
    const ok = failures.length === 0 && found.every(({ state }) => state === "online");
    return { ok, pools: found, failures, hints };
  } finally {
    signal.removeEventListener("abort", stop);
    runner.stop();
  }
}

function toPool(reading: Reading): PoolFound {
  const { type = "", name = reading.key, level = "" } = reading.labels ?? {};
  return {
    key: reading.key,
    type,
    name,
    level,
    state: reading.state ?? "unknown",
    reason: reading.reason ?? "",
    values: named(reading.values),
    attributes: reading.attributes ?? {},
  };
}

/** The pools of that name or key. Throws, with the names that there are and what could not be read, where there is none. */
export function choosePools({ pools: all, failures }: PoolView, name: string): PoolFound[] {
  const found = all.filter((pool) => pool.key === name || pool.name === name);
  if (found.length > 0) return found;
  const there = all.length === 0 ? "this host has none" : `there are ${all.map(({ key }) => key).join(", ")}`;
  // It may be one of those that can't be read.
  const unread = failures.map((line) => `; could not read: ${line}`).join("");
  throw new CliError(`no pool ${JSON.stringify(name.slice(0, 60))}: ${there}${unread}`, exitCode.usage);
}

function asTrees({ pools: found, failures }: PoolView): string {
  const trees = found.map((pool) => poolTree(pool, Date.now()));
  return [...trees, ...failures.map((line) => `could not read: ${line}`)].join("\n\n");
}

function isInstalled(program: string): boolean {
  const folders = `${process.env.PATH || defaultPath}:/usr/sbin:/sbin`.split(":");
  return folders.some((folder) => existsSync(join(folder, program)));
}

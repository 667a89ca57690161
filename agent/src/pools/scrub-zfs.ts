import { NotHere } from "../collectors/collector.ts";
import type { Host } from "../host/host.ts";
import { complaintOf } from "./complaint.ts";
import type { Pool, ScrubAction } from "./pool.ts";
import type { ScrubTarget } from "./scrub.ts";
import { howToGet } from "./tool-packages.ts";
import { createZfsReader } from "./zfs.ts";
import { findDialect, zpoolStatus } from "./zpool.ts";

const deadlineMs = 15_000;
const flags: Record<ScrubAction, readonly string[]> = { start: [], pause: ["-p"], stop: ["-s"] };

/** The ZFS pool of that name. Throws where it is not here or does not answer. */
export async function openZfsScrub(host: Host, name: string, now: number, signal: AbortSignal): Promise<ScrubTarget> {
  const pool = await find(host, name, now, signal);
  if (pool.state === "stuck" || pool.state === "suspended") {
    throw new Error(`pool: ${name} is ${pool.state}: ${pool.reason ?? pool.health}`);
  }
  const dialect = await findDialect(host, signal);
  if (dialect === undefined) throw new Error(`zpool is not installed on this host: ${howToGet(host, "zpool")}`);
  return {
    name,
    collector: "zfs",
    actions: pool.scrubActions,
    unsupported: "this version of ZFS can't pause a scrub: stop it, and start it again later",
    async scan(again) {
      const found = await zpoolStatus(host, dialect, name, Date.now(), again);
      return found.find((one) => one.name === name)?.scan;
    },
    async act(action, _paused, again) {
      const args = ["scrub", ...flags[action], name];
      const done = await host.run("zpool", args, { deadlineMs, signal: again, flight: `zpool scrub ${name}` });
      if (done.code !== 0) throw new Error(`zpool scrub: ${complaintOf(done)}`);
    },
  };
}

async function find(host: Host, name: string, now: number, signal: AbortSignal): Promise<Pool> {
  let pools: Pool[];
  try {
    ({ pools } = await createZfsReader({ ...host, stateDir: undefined }).read(now, signal));
  } catch (error) {
    if (!(error instanceof NotHere)) throw new Error("pool", { cause: error });
    throw new Error(`pool: zfs:${name} is not on this host: ${error.message}`);
  }
  const found = pools.find((pool) => pool.name === name);
  if (found !== undefined) return found;
  const there = pools
    .map((pool) => `zfs:${pool.name}`)
    .slice(0, 20)
    .join(", ");
  throw new Error(
    `pool: zfs:${name} is not on this host: ${there === "" ? "there is no ZFS pool" : `there are ${there}`}`,
  );
}

import { setTimeout as delay } from "node:timers/promises";
import { compareChanges, compareRollups, compareSamples, type Difference, reportTimes } from "./compare.ts";
import { createNetwork } from "./network.ts";
import { settle } from "./settle.ts";
import { until } from "./until.ts";
import { Witness } from "./witness.ts";
import { World } from "./world.ts";

export type CutResult = {
  /** From the cut until the API showed the server offline, and from the mended link until it was online again. */
  offlineAfterMs: number;
  onlineAfterMs: number;
  /** From the mended link until the spools were empty. */
  caughtUpAfterMs: number;
  states: string[];
  backlog: number;
  /** Of the newest report in the first commit: its age when the session began again, and how many were newer then. */
  firstStoredAgeMs: number;
  newerThanFirstStored: number;
  longestPauseMs: number;
  difference: Difference;
  wrongChanges: string[];
  rollups: { equal: number; windows: string[]; wrong: string[] };
  /** Minutes of the cut that the agent whose clock is behind reported late. */
  lateWindows: string[];
};

const lateMs = -120_000;

/**
 * Two agents behind a link that is cut for so long, and until they have noticed. One's clock is two minutes behind, so
 * that all its data falls into minutes that are rolled up already.
 */
export async function runCut(cutMs: number, print: (line: string) => void): Promise<CutResult> {
  const network = createNetwork();
  let world: World | undefined;
  const witnesses: Witness[] = [];
  try {
    world = await World.start();
    const { prefix, gateway: host } = network;
    const [agent, late] = [
      await world.addAgent({ name: "cut", prefix, host }),
      await world.addAgent({ name: "cut-late", prefix, host, clockMs: lateMs }),
    ];
    witnesses.push(new Witness(agent.stateDir), new Witness(late.stateDir));
    await world.reported();
    const here = world;
    const state = async () => (await here.serverRow(agent)).state as string;
    await until("the server is online", async () => (await state()) === "online");

    network.cut();
    const cutAt = Date.now();
    print("link is cut");
    await until("the server is offline", async () => (await state()) === "offline", { patienceMs: 60_000 });
    const offlineAfterMs = Date.now() - cutAt;
    await until(
      "both ends have noticed",
      async () => {
        const both = await Promise.all([agent.status(), late.status()]);
        // A session that the server still has would take up what the kernel sends again, oldest first.
        const rows = await Promise.all([here.serverRow(agent), here.serverRow(late)]);
        return both.every((status) => status?.connection.state !== "connected") && rows.every((row) => !row.connected);
      },
      { patienceMs: 90_000 },
    );
    await delay(Math.max(0, cutAt + cutMs - Date.now()));
    network.mend();
    const mendedAt = Date.now();
    print(`link is mended after ${mendedAt - cutAt} ms`);
    const patienceMs = 120_000;
    await until("the server is online again", async () => (await state()) === "online", { patienceMs });
    const onlineAfterMs = Date.now() - mendedAt;
    const connectedAt = (await agent.status())?.connection.since ?? 0;
    await settle(world);
    const caughtUpAfterMs = Date.now() - mendedAt;
    print("all spools are empty");

    const difference: Difference = { stored: 0, missing: [], unexpected: [], wrong: [] };
    const wrongChanges: string[] = [];
    let longestPauseMs = 0;
    let backlog = 0;
    let newerThanFirstStored = 0;
    const first = await firstStored(world, agent.serverId, cutAt);
    for (const [i, { serverId }] of [agent, late].entries()) {
      const records = (await witnesses[i]?.records()) ?? [];
      const one = await compareSamples(world.pool, serverId, records);
      difference.stored += one.stored;
      for (const key of ["missing", "unexpected", "wrong"] as const) difference[key].push(...one[key]);
      wrongChanges.push(...(await compareChanges(world.pool, serverId, records)).wrong);
      const times = reportTimes(records).filter((at) => at < Date.now() && at <= connectedAt);
      longestPauseMs = Math.max(longestPauseMs, ...times.slice(1).map((at, n) => at - (times[n] ?? at)));
      if (i > 0) continue;
      backlog = times.filter((at) => at > cutAt).length;
      newerThanFirstStored = times.filter((at) => at > first).length;
    }
    const lateWindows = new Set<string>();
    for (let at = cutAt + lateMs; at < mendedAt + lateMs; at += 1000)
      lateWindows.add(new Date(Math.floor(at / 60_000) * 60_000).toISOString());
    return {
      offlineAfterMs,
      onlineAfterMs,
      caughtUpAfterMs,
      states: await states(world, agent.serverId),
      backlog,
      firstStoredAgeMs: connectedAt - first,
      newerThanFirstStored,
      longestPauseMs,
      difference,
      wrongChanges,
      rollups: await compareRollups(world.pool, [agent.serverId, late.serverId]),
      lateWindows: [...lateWindows],
    };
  } catch (error) {
    for (const { name, process } of world === undefined
      ? []
      : [{ name: "server", process: world.server }, ...world.agents])
      print(`--- ${name}\n${process.tail(12)}`);
    throw error;
  } finally {
    for (const witness of witnesses) witness.close();
    await world?.close();
    network.close();
  }
}

/** Time of the newest report out of the first transaction that stored something of after `from`, Unix ms. */
async function firstStored(world: World, serverId: string, from: number): Promise<number> {
  const { rows } = await world.pool.query<{ at: Date }>(
    `SELECT max(s.at) AS at FROM sample s JOIN resource r ON r.id = s.resource_id
     WHERE r.server_id = $1 AND r.kind = 'host' AND s.at > $2
     GROUP BY s.xmin::text::bigint ORDER BY s.xmin::text::bigint LIMIT 1`,
    [serverId, new Date(from)],
  );
  return rows[0]?.at.getTime() ?? 0;
}

async function states(world: World, serverId: string): Promise<string[]> {
  const { rows } = await world.pool.query<{ to_state: string }>(
    "SELECT to_state FROM state_change WHERE server_id = $1 AND resource_id IS NULL ORDER BY id",
    [serverId],
  );
  return rows.map((row) => row.to_state);
}

import { setTimeout as delay } from "node:timers/promises";
import type { Stored } from "../../../agent/src/report/entry.ts";
import { compareChanges, compareRollups, compareSamples, reportTimes } from "./compare.ts";
import { settle } from "./settle.ts";
import { until } from "./until.ts";
import { Witness } from "./witness.ts";
import { type Agent, alivePostmaster, World } from "./world.ts";

export type ChaosOptions = {
  kills: number;
  seed: number;
  agents: number;
  /** Wait for the roll-ups of the minutes of the run, not only for those that are due at its end. */
  waitForRollups: boolean;
  print: (line: string) => void;
};

export type ChaosResult = {
  kills: Record<string, number>;
  reports: number;
  samples: number;
  missing: string[];
  unexpected: string[];
  wrong: string[];
  changes: number;
  wrongChanges: string[];
  gaps: string[];
  dropped: number;
  longestAbsenceMs: number;
  rollups: { equal: number; windows: string[]; wrong: string[] };
  crashes: string[];
};

type Target = "server" | "database" | "agent";

/** The server takes reports for so long without a database before it dies too: it must not have acknowledged them. */
const apartMs = 700;

/** This agent's clock is behind: all that it reports is late, in minutes that are closed and rolled up already. */
const lateMs = -120_000;
/** A pass each second, on a machine that is busy with other tests: a longer pause is a gap. */
const gapMs = 20_000;

/** Kills server, database and agents at random under load; then compares what agents spooled with what is stored. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, seed, agents, print } = options;
  const random = mulberry32(seed);
  print(`chaos: seed ${seed}, ${kills} kills`);
  const world = await World.start();
  const witnesses = new Map<Agent, Witness>();
  try {
    for (let i = 0; i < agents; i++) {
      const agent = await world.addAgent({ name: `agent-${i}`, clockMs: i === agents - 1 ? lateMs : 0 });
      witnesses.set(agent, new Witness(agent.stateDir));
    }
    await world.reported();
    const began = Date.now();
    const counts: Record<Target, number> = { server: 0, database: 0, agent: 0 };
    for (const step of order(kills, random)) {
      await delay(500 + random() * 2500);
      if (step.length > 1) await connected(world);
      for (const [i, target] of step.entries()) {
        if (i > 0) await delay(apartMs);
        counts[target]++;
        await kill(world, target, random, print);
      }
    }
    await delay(1000);
    await settle(world);
    print("all spools are empty");
    return { kills: counts, ...(await judge(world, witnesses, options, began)) };
  } catch (error) {
    for (const { name, process } of [{ name: "server", process: world.server }, ...world.agents])
      print(`--- ${name}\n${process.tail(12)}`);
    throw error;
  } finally {
    for (const witness of witnesses.values()) witness.close();
    await world.close();
  }
}

/** Reports flow: who dies now has something to lose. */
async function connected(world: World): Promise<void> {
  await until(
    "all agents are connected",
    async () => {
      const all = await Promise.all(world.agents.map((agent) => agent.status()));
      return all.every((status) => status?.connection.state === "connected" && status.spool.records < 5);
    },
    { patienceMs: 90_000 },
  );
}

/** What is killed, step by step: each kind of step comes once before one comes again. */
function order(kills: number, random: () => number): Target[][] {
  const found: Target[][] = [];
  for (let left = kills; left > 0; ) {
    const round: Target[][] = [["server"], ["database"], ["agent"], ["database", "server"]];
    while (round.length > 0 && left > 0) {
      const step = round
        .splice(Math.floor(random() * round.length), 1)
        .flat()
        .slice(0, left);
      left -= step.length;
      found.push(step);
    }
  }
  return found;
}

async function kill(world: World, target: Target, random: () => number, print: (line: string) => void): Promise<void> {
  if (target === "server") {
    print(`kill -9 server ${world.server.pid}`);
    world.server.kill();
  } else if (target === "agent") {
    const agent = world.agents[Math.floor(random() * world.agents.length)] as Agent;
    print(`kill -9 ${agent.name} ${agent.process.pid}`);
    agent.process.kill();
  } else {
    // One that was killed just now comes back by itself.
    const pid = await until("PostgreSQL runs", () => alivePostmaster(world.dataDir), {
      patienceMs: 60_000,
      everyMs: 20,
    });
    print(`kill -9 database ${pid}`);
    process.kill(pid, "SIGKILL");
  }
}

async function judge(
  world: World,
  witnesses: ReadonlyMap<Agent, Witness>,
  { waitForRollups }: ChaosOptions,
  began: number,
): Promise<Omit<ChaosResult, "kills">> {
  const result: Omit<ChaosResult, "kills"> = {
    reports: 0,
    samples: 0,
    missing: [],
    unexpected: [],
    wrong: [],
    changes: 0,
    wrongChanges: [],
    gaps: [],
    dropped: 0,
    longestAbsenceMs: 0,
    rollups: { equal: 0, windows: [], wrong: [] },
    crashes: [],
  };
  for (const agent of world.agents) {
    const witness = witnesses.get(agent) as Witness;
    const { records, samples } = await steady(witness, () => compareAgent(world, agent, witness));
    result.reports += reportTimes(records).length;
    result.samples += samples.stored;
    for (const key of ["missing", "unexpected", "wrong"] as const)
      result[key].push(...samples[key].map((text) => `${agent.name}: ${text}`));
    const changes = await compareChanges(world.pool, agent.serverId, records);
    result.changes += changes.stored;
    result.wrongChanges.push(...changes.wrong.map((text) => `${agent.name}: ${text}`));
    const { gaps, longestAbsenceMs } = findGaps(agent, reportTimes(records));
    result.gaps.push(...gaps);
    result.longestAbsenceMs = Math.max(result.longestAbsenceMs, longestAbsenceMs);
    result.dropped += (await agent.status())?.spool.dropped ?? 0;
    result.crashes.push(...agent.process.crashes.map(({ code }) => `${agent.name} ended with ${code}`));
  }
  const said = world.server.plain().join(" | ");
  result.crashes.push(...world.server.crashes.map(({ code }) => `server ended with ${code}: ${said}`));
  // The minute that the run began in closes at most a minute later, and is due 15 s after that.
  const due = Math.floor(began / 60_000) * 60_000 + 75_000;
  if (waitForRollups && Date.now() < due) await delay(due - Date.now());
  result.rollups = await compareRollups(
    world.pool,
    world.agents.map(({ serverId }) => serverId),
  );
  return result;
}

async function compareAgent(world: World, agent: Agent, witness: Witness) {
  const records = await witness.records();
  return { records, samples: await compareSamples(world.pool, agent.serverId, records) };
}

/** Again where the agent reported meanwhile: at 300 s that is rare. */
async function steady<T extends { records: Stored[] }>(witness: Witness, compare: () => Promise<T>): Promise<T> {
  for (;;) {
    const result = await compare();
    if ((await witness.records()).length === result.records.length) return result;
  }
}

/** Pauses between reports that no death of the agent explains. */
function findGaps(agent: Agent, times: readonly number[]): { gaps: string[]; longestAbsenceMs: number } {
  const gaps: string[] = [];
  let longestAbsenceMs = 0;
  const deaths = agent.process.lives.flatMap(({ to }) => (to === undefined ? [] : [to + agent.clockMs]));
  for (const [i, at] of times.entries()) {
    const before = times[i - 1];
    if (before === undefined || at - before <= gapMs) continue;
    // With 300 s there is one more report at most, some time later.
    if (i === times.length - 1 && deaths.every((death) => death < before)) continue;
    if (deaths.some((death) => death >= before && death <= at))
      longestAbsenceMs = Math.max(longestAbsenceMs, at - before);
    else gaps.push(`${agent.name}: nothing from ${new Date(before).toISOString()} for ${at - before} ms`);
  }
  return { gaps, longestAbsenceMs };
}

/** Small seeded generator of numbers from 0 to 1. */
function mulberry32(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

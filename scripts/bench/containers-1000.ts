import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Partly, type Reading } from "../../agent/src/collectors/collector.ts";
import { docker as containers } from "../../agent/src/collectors/docker.ts";
import { createRuntimesCollector } from "../../agent/src/collectors/runtimes.ts";
import { createHost } from "../../agent/src/host/host.ts";
import { noDockerd, startDockerd } from "../../agent/tests/dockerd.ts";
import { usageOf } from "./process-tree.ts";

const wantedRunning = Number(process.env.FAIRLEAD_BENCH_RUNNING ?? 200);
const wantedStopped = Number(process.env.FAIRLEAD_BENCH_STOPPED ?? 800);
/** Starting a container costs the engine far more than looking at it; so long it may take. */
const startSeconds = Number(process.env.FAIRLEAD_BENCH_START_SECONDS ?? 60);
const passes = 30;

/**
 * What listing and sampling many containers costs the agent: the first look, which describes each of them, a pass while
 * the engine's events flow, the comparison with its list each minute, and images, volumes and networks. CPU is that of the
 * agent's process; the engine's own is told beside it.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  if (noDockerd !== undefined) throw new Error(`needs a Docker engine: ${noDockerd}`);
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const heap = async () => {
    // What ended a moment ago is let go of in steps.
    for (let i = 0; i < 5; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return process.memoryUsage().heapUsed;
  };
  const engine = await startDockerd();
  const watching = new AbortController();
  try {
    await engine.image("bench:1", ['CMD ["/bin/busybox", "sleep", "100000"]']);
    const running = await fill(engine.docker, "run", wantedRunning, startSeconds * 1000, true);
    const stopped = await fill(engine.docker, "stop", wantedStopped, 600_000, false);
    console.error(`${running} running and ${stopped} stopped containers`);

    const host = { ...createHost(), dockerSocket: engine.socket };
    const enginePid = Number(readFileSync(join(dirname(engine.socket), "pid"), "utf8"));
    const heapBefore = await heap();
    const collector = containers.create(host);
    const look = (now: number) => collector.collect(now, AbortSignal.timeout(120_000));
    const first = await measured(enginePid, async () => {
      // At this number it takes longer than an engine is given within a pass, as in the agent: the next one has the rest.
      for (;;) {
        try {
          return await look(Date.now());
        } catch (error) {
          if (error instanceof Partly || !/in time/.test(String(error))) throw error;
        }
      }
    });
    collector.watch?.(() => {}, watching.signal);
    await settled(look);
    const seen = await look(Date.now());
    const heapAfter = await heap();

    const pass = await median(enginePid, () => look(Date.now()));
    let minute = Date.now();
    const relist = await median(enginePid, () => {
      minute += 61_000;
      return look(minute);
    });
    const holdings = createRuntimesCollector(host, { firstSizesMs: 1e9 });
    const runtimes = await measured(enginePid, () => holdings.collect(Date.now(), AbortSignal.timeout(120_000)));
    return {
      running,
      stopped,
      resources: seen.length,
      first_look: first,
      pass,
      pass_cpu_percent_of_a_core_at_10_s: round(pass.cpu_ms / 100, 3),
      relist_each_minute: relist,
      images_volumes_networks: runtimes,
      heap_mb: round((heapAfter - heapBefore) / 1e6, 2),
    };
  } finally {
    watching.abort();
    await engine.close();
  }
}

type Engine = Awaited<ReturnType<typeof startDockerd>>["docker"];

async function fill(docker: Engine, name: string, wanted: number, mostMs: number, start: boolean): Promise<number> {
  const until = Date.now() + mostMs;
  let next = 0;
  let made = 0;
  const worker = async () => {
    while (next < wanted && Date.now() < until) {
      const one = await docker.createContainer({
        name: `${name}-${next++}`,
        Image: "bench:1",
        HostConfig: { NetworkMode: "none" },
      });
      if (start) await one.start();
      made++;
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return made;
}

/** Resolves when passes are served from events. */
async function settled(look: (now: number) => Reading[] | Promise<Reading[]>): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const before = performance.now();
    await look(Date.now());
    quiet = performance.now() - before < 500 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

type Cost = { wall_ms: number; cpu_ms: number; engine_cpu_ms: number };

async function measured(enginePid: number, work: () => unknown): Promise<Cost> {
  const engine = usageOf(enginePid).cpuSeconds;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return {
    wall_ms: round(wall, 1),
    cpu_ms: round((user + system) / 1000, 2),
    engine_cpu_ms: round((usageOf(enginePid).cpuSeconds - engine) * 1000, 0),
  };
}

async function median(enginePid: number, work: () => unknown): Promise<Cost> {
  const all: Cost[] = [];
  for (let i = 0; i < passes; i++) all.push(await measured(enginePid, work));
  const middle = (key: keyof Cost) => all.map((cost) => cost[key]).sort((a, b) => a - b)[passes >> 1] ?? Number.NaN;
  return { wall_ms: middle("wall_ms"), cpu_ms: middle("cpu_ms"), engine_cpu_ms: middle("engine_cpu_ms") };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

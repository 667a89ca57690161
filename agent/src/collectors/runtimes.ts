import type { Host } from "../host/host.ts";
import { askHoldings, downReading, holdingsReadings } from "../runtimes/holdings.ts";
import { containersOf, type RuntimeState } from "../runtimes/host-containers.ts";
import type { DiskUsage } from "../runtimes/runtime.ts";
import { type Collector, type CollectorFactory, NotHere, Partly, type Reading } from "./collector.ts";
import { isOfOne } from "./docker.ts";

/** Container engines, their images, volumes and networks: how large they are and what is unused. */
export const runtimes: CollectorFactory = {
  name: "runtimes",
  help: "Container engines with their images, volumes and networks",
  kinds: ["runtime", "image", "volume", "network"],
  deadlineMs: 40_000,
  everySeconds: 300,
  create: (host) => createRuntimesCollector(host),
};

/**
 * `firstSizesMs`: so long after its start the agent leaves the engines' folders alone. `soonMs`: events come in crowds, so
 * what they changed is looked at once in this time.
 */
export type RuntimesOptions = { firstSizesMs?: number; sizesEveryMs?: number; slowMs?: number; soonMs?: number };

type Sizes = { usage: DiskUsage | undefined; nextAt: number };

const measureMs = 60_000;
const dayMs = 86_400_000;
const holdingsMs = 30_000;

/** Makes the collector; sizes are measured beside its runs, one engine after the other. */
export function createRuntimesCollector(
  host: Host,
  { firstSizesMs = 120_000, sizesEveryMs = 3_600_000, slowMs = 15_000, soonMs = 15_000 }: RuntimesOptions = {},
): Collector {
  const containers = containersOf(host);
  const sizes = new Map<string, Sizes>();
  const began = performance.now();
  let ranAt = Number.NEGATIVE_INFINITY;
  let due: () => void = () => {};
  let measuring = false;
  let stopped: AbortSignal | undefined;

  async function one(runtime: RuntimeState, signal: AbortSignal): Promise<Reading[]> {
    const { name, engine } = runtime;
    if (engine === undefined) return [downReading(runtime)];
    const held = await askHoldings(engine, signal);
    const own = containers.list().filter((container) => container.runtime === name);
    return holdingsReadings(runtime, engine, { ...held, usage: sizes.get(name)?.usage }, own);
  }

  /** Has the engine measure its folders where that is due: of one that is slow at it rarely, of other users' never. */
  async function measure(all: readonly RuntimeState[]): Promise<void> {
    for (const { name, engine, foreign } of all) {
      const known = sizes.get(name) ?? { usage: undefined, nextAt: began + firstSizesMs };
      sizes.set(name, known);
      if (engine === undefined || foreign || performance.now() < known.nextAt) continue;
      const limit = AbortSignal.timeout(measureMs);
      const start = performance.now();
      const usage = await engine
        .diskUsage(stopped === undefined ? limit : AbortSignal.any([stopped, limit]))
        .catch(() => undefined);
      const slow = performance.now() - start > slowMs;
      sizes.set(name, {
        usage: usage ?? known.usage,
        nextAt: performance.now() + (slow ? Math.max(dayMs, sizesEveryMs) : sizesEveryMs),
      });
      if (usage !== undefined) due();
    }
  }

  async function measureOnce(all: readonly RuntimeState[]): Promise<void> {
    if (measuring) return;
    measuring = true;
    await measure(all).finally(() => {
      measuring = false;
    });
  }

  return {
    async collect(now, signal) {
      ranAt = performance.now();
      const failure = await containers.refresh(now, signal).catch((error: Error) => error);
      const all = containers.runtimes();
      if (all.length === 0) throw new NotHere(failure?.message ?? "no container engine");
      const limited = AbortSignal.any([signal, AbortSignal.timeout(holdingsMs)]);
      const lost: RuntimeState[] = [];
      const problems: string[] = [];
      const found = await Promise.all(
        all.map((runtime) =>
          one(runtime, limited).catch((error: Error) => {
            return [downReading({ ...runtime, failure: error })];
          }),
        ),
      );
      for (const [i, readings] of found.entries()) {
        const [first] = readings;
        if (first?.state !== "down") continue;
        lost.push(all[i] as RuntimeState);
        problems.push(first.reason ?? "");
      }
      for (const name of sizes.keys()) if (!all.some((runtime) => runtime.name === name)) sizes.delete(name);
      void measureOnce(all);
      const readings = found.flat();
      if (lost.length === 0) return readings;
      throw new Partly(problems.join("; "), readings, (kind, key) => kind !== "runtime" && isOfOne(key, lost, all));
    },
    watch(_, signal, again) {
      stopped = signal;
      let timer: NodeJS.Timeout | undefined;
      due = again ?? due;
      containers.onHoldings(() => {
        if (timer !== undefined) return;
        const wait = Math.max(0, ranAt + soonMs - performance.now());
        timer = setTimeout(() => {
          timer = undefined;
          due();
        }, wait).unref();
      }, signal);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    },
  };
}

import { catalogue, findKind, type KindName } from "@fairlead/shared/catalogue";

/** Names of a kind's metrics. */
export type MetricName<K extends KindName> = (typeof catalogue)[K]["metrics"][number]["name"];

/** Place of each metric of a kind, by name. */
export function slots<K extends KindName>(kind: K): Readonly<Record<MetricName<K>, number>> {
  const entries = catalogue[kind].metrics.map((metric, index) => [metric.name, index]);
  return Object.fromEntries(entries) as Record<MetricName<K>, number>;
}

/** Values of one resource of that kind, all missing. */
export function missing(kind: KindName): Float64Array {
  return new Float64Array(findKind(kind)?.metrics.length ?? 0).fill(Number.NaN);
}

/** Rise of a counter by second; NaN without two readings, and where it fell (the device or the kernel counts anew). */
export function perSecond(now: number, before: number | undefined, seconds: number): number {
  if (before === undefined || now < before || !(seconds > 0)) return Number.NaN;
  return (now - before) / seconds;
}

/** Gives the seconds since its last call, NaN at the first. Steps of the wall clock don't touch it. */
export function createStopwatch(): () => number {
  let last = Number.NaN;
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}

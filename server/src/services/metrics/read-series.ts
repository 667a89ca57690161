import { windowStart } from "../../domain/rollup/levels.ts";
import { resolutionMs } from "../../domain/rollup/resolution.ts";
import type { Resolution, SampleStore, Series } from "../../ingest/sample-store.ts";
import { joinWindows } from "./reduce-series.ts";

const finer: Record<Exclude<Resolution, "raw">, Resolution> = { "1m": "raw", "15m": "1m", "2h": "15m" };

/** So many windows at the end may not be rolled up yet. */
const openWindows = 3;

/**
 * Reads a series up to now: a roll-up's newest windows are made only after they closed, so what is behind its last
 * point comes from the next finer resolution. Times in Unix ms.
 */
export async function readSeries(
  samples: Pick<SampleStore, "read">,
  query: Parameters<SampleStore["read"]>[0],
  now: number,
): Promise<Series> {
  const series = await samples.read(query);
  if (query.resolution === "raw") return series;
  const width = resolutionMs(query.resolution);
  const last = series.at.at(-1);
  const from = Math.max(
    last === undefined ? Math.ceil(query.from / width) * width : last + width,
    windowStart(now, width) - openWindows * width,
  );
  if (from >= query.to) return series;
  const rest = await readSeries(samples, { ...query, from, resolution: finer[query.resolution] }, now);
  return append(series, joinWindows(rest, windowStart(from, width), width));
}

function append(a: Series, b: Series): Series {
  if (b.at.length === 0) return a;
  const length = a.at.length + b.at.length;
  const both = {
    at: new Float64Array(length),
    min: new Float32Array(length),
    avg: new Float32Array(length),
    max: new Float32Array(length),
    count: new Int32Array(length),
  };
  for (const name of ["at", "min", "avg", "max", "count"] as const) {
    both[name].set(a[name]);
    both[name].set(b[name], a.at.length);
  }
  return both;
}

import type { Series } from "../../ingest/sample-store.ts";

/**
 * At most `maxPoints` points for from <= at < to: windows of equal length, each with the least, the mean (by count) and
 * the greatest of its points, at the window's start. Fewer points stay as they are.
 */
export function reduceSeries(series: Series, from: number, to: number, maxPoints: number): Series {
  if (series.at.length <= maxPoints) return series;
  return joinWindows(series, from, Math.max(1, Math.ceil((to - from) / maxPoints)));
}

/** One point for each window of `width` ms, counted from `origin`, that holds points. */
export function joinWindows(series: Series, origin: number, width: number): Series {
  const at: number[] = [];
  const min: number[] = [];
  const avg: number[] = [];
  const max: number[] = [];
  const count: number[] = [];
  for (let i = 0; i < series.at.length; ) {
    const window = origin + Math.floor(((series.at[i] ?? 0) - origin) / width) * width;
    let least = Number.NaN;
    let most = Number.NaN;
    let total = 0;
    let seen = 0;
    for (; i < series.at.length && (series.at[i] ?? 0) < window + width; i++) {
      const value = series.avg[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const low = series.min[i] ?? value;
      const high = series.max[i] ?? value;
      const weight = Math.max(1, series.count[i] ?? 1);
      least = Number.isNaN(least) || low < least ? low : least;
      most = Number.isNaN(most) || high > most ? high : most;
      total += value * weight;
      seen += weight;
    }
    at.push(window);
    min.push(least);
    max.push(most);
    avg.push(seen === 0 ? Number.NaN : total / seen);
    count.push(seen);
  }
  return {
    at: Float64Array.from(at),
    min: Float32Array.from(min),
    avg: Float32Array.from(avg),
    max: Float32Array.from(max),
    count: Int32Array.from(count),
  };
}

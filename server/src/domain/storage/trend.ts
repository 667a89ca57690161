/** A straight line through noisy points: robust, so that a third of them may lie. */
export type Line = {
  /** By second. */
  slope: number;
  /** 0 (no line at all) to 1 (all points on it). */
  fit: number;
  /** Median distance of the points from the line. */
  residual: number;
  /** Time between the first and the last point, seconds. */
  seconds: number;
};

/** Pairs grow with the square of the points: so many are enough for a median. */
const most = 48;

/**
 * The line by Theil and Sen: the median of the slopes of all pairs. Times in Unix ms, ascending; undefined for less
 * than three points.
 */
export function robustLine(at: readonly number[], value: readonly number[]): Line | undefined {
  const [times, values] = thin(at, value, most);
  const n = times.length;
  const first = times[0];
  const last = times[n - 1];
  if (n < 3 || first === undefined || last === undefined || last <= first) return undefined;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let k = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++)
      slopes[k++] = ((values[j] as number) - (values[i] as number)) / ((times[j] as number) - (times[i] as number));
  const slope = median(slopes);
  const left = times.map((time, i) => (values[i] as number) - slope * (time - first));
  const residual = deviation(left);
  const spread = deviation(values);
  const fit = spread <= 0 ? 1 : Math.max(0, 1 - residual / spread);
  return { slope: slope * 1000, fit, residual, seconds: (last - first) / 1000 };
}

/** The middle value; of an even number the mean of the two in the middle. NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median distance from the median. */
export function deviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** At most so many points: means of neighbours. */
export function thin(
  at: readonly number[],
  value: readonly number[],
  points: number,
): [at: readonly number[], value: readonly number[]] {
  if (at.length <= points) return [at, value];
  const times: number[] = [];
  const values: number[] = [];
  for (let group = 0; group < points; group++) {
    const from = Math.floor((group * at.length) / points);
    const to = Math.floor(((group + 1) * at.length) / points);
    times.push(mean(at, from, to));
    values.push(mean(value, from, to));
  }
  return [times, values];
}

function mean(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return sum / (to - from);
}

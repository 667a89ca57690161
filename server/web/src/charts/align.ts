import type { Series } from "../api/types.ts";

export type Column = { avg: (number | null)[]; min: (number | null)[] | null; max: (number | null)[] | null };
export type Aligned = { at: number[]; columns: Column[] };

/**
 * Puts series on one time axis (Unix ms) and breaks it where samples are missing: between two points more than `gap`
 * usual steps and more than `leastMs` apart comes one with nulls, so that no line bridges time in which nothing was heard.
 */
export function align(series: readonly Series[], leastMs = 0, gap = 3.5): Aligned {
  const times = [...new Set(series.flatMap((one) => one.at))].sort((a, b) => a - b);
  const limit = Math.max(medianStep(times) * gap, leastMs);
  const at: number[] = [];
  times.forEach((time, i) => {
    const before = times[i - 1];
    if (before !== undefined && limit > 0 && time - before > limit) at.push(Math.round((before + time) / 2));
    at.push(time);
  });
  const index = new Map(at.map((time, i) => [time, i]));
  const spread = (one: Series, values: readonly (number | null)[] | null | undefined) => {
    if (!values?.length) return null;
    const column = new Array<number | null>(at.length).fill(null);
    one.at.forEach((time, i) => {
      const place = index.get(time);
      if (place !== undefined) column[place] = values[i] ?? null;
    });
    return column;
  };
  return {
    at,
    columns: series.map((one) => ({
      avg: spread(one, one.avg) ?? new Array<number | null>(at.length).fill(null),
      min: spread(one, one.min),
      max: spread(one, one.max),
    })),
  };
}

function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** Running sums over the columns; where all are missing the sum is missing too. */
export function stack(columns: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const sums: (number | null)[][] = [];
  columns.forEach((column, i) => {
    const below = sums[i - 1];
    sums.push(
      column.map((value, x) => {
        const base = below?.[x] ?? null;
        return value === null && base === null ? null : (value ?? 0) + (base ?? 0);
      }),
    );
  });
  return sums;
}

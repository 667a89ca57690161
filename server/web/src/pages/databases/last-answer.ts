import type { Series } from "../../api/types.ts";

export type Span = { from: number; to: number };

const hour = 3_600_000;

/**
 * The hour (more where points are far apart) that ends when a database was last known to answer, in Unix ms, by its `up` of
 * each point. Undefined where it never did.
 */
export function lastAnswer({ at, avg }: Pick<Series, "at" | "avg">): Span | undefined {
  const last = avg.findLastIndex((up) => up !== null && up > 0);
  const time = at[last];
  if (time === undefined) return undefined;
  // A point stands for the time until the next one, which may have been bad from its beginning.
  const end = at[last + 1] ?? time;
  const length = Math.max(hour, (end - time) * 2);
  return { from: Math.round(end - length), to: Math.round(end + length / 20) };
}

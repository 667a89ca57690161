import type { Series } from "../../api/types.ts";

export type Span = { from: number; to: number };

const hour = 3_600_000;

/**
 * The hour (more where points are far apart) that ends when a database was last known to answer, by its `up` of each point.
 * Undefined where it never did. Times in Unix ms; `to`: the end of what was asked for; `since`: when its state began, which
 * tells more than a point of hours.
 */
export function lastAnswer(
  { at, avg }: Pick<Series, "at" | "avg">,
  to: number,
  since: number | undefined,
): Span | undefined {
  const last = avg.findLastIndex((up) => up !== null && up > 0);
  const time = at[last];
  if (time === undefined) return undefined;
  // A point stands for the time until the next one.
  const next = at[last + 1] ?? to;
  const end = since !== undefined && since > time && since < next ? since : next;
  const length = Math.max(hour, end - time);
  return { from: Math.round(end - length), to: Math.round(end + length / 20) };
}

import { levels, windowStart } from "./levels.ts";

/** How fine stored values are, finest first. */
export type Resolution = "raw" | "1m" | "15m" | "2h";

/** Days that each resolution is kept. */
export type Retention = Record<Resolution, number>;

const day = 86_400_000;

/** Length of one point in ms; for raw the usual report interval. */
export function resolutionMs(resolution: Resolution, rawMs = 10_000): number {
  return resolution === "raw" ? rawMs : (levels.find((level) => level.name === resolution)?.windowMs ?? rawMs);
}

/**
 * The finest resolution that gives at most `maxPoints` points for from <= at < to (Unix ms) and still reaches back to
 * `from`; where none reaches so far, the one that reaches furthest. A roll-up whose newest window cannot be closed yet
 * is no use for a range that short, so ranges under two windows take a finer one.
 */
export function chooseResolution(
  from: number,
  to: number,
  maxPoints: number,
  retention: Retention,
  now: number = to,
  rawMs = 10_000,
): Resolution {
  const span = Math.max(0, to - from);
  const all: readonly Resolution[] = ["raw", "1m", "15m", "2h"];
  const reaches = all.filter((one) => windowStart(now, day) - retention[one] * day <= from);
  const furthest = all.reduce((best, one) => (retention[one] > retention[best] ? one : best));
  const usable = reaches.length > 0 ? reaches : [furthest];
  const fits = usable.find((one) => span / resolutionMs(one, rawMs) <= maxPoints);
  const chosen = fits ?? usable.at(-1) ?? "raw";
  if (chosen === "raw" || span >= 2 * resolutionMs(chosen, rawMs)) return chosen;
  return usable.findLast((one) => span >= 2 * resolutionMs(one, rawMs)) ?? usable[0] ?? chosen;
}

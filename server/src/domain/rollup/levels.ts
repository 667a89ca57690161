/** A roll-up level: its window and how long after the window's end it is made. Times in ms. */
export type Level = {
  level: 1 | 2 | 3;
  name: "1m" | "15m" | "2h";
  windowMs: number;
  /** Room for reports on their way and, above the first level, for the level below. */
  graceMs: number;
};

/** The levels, finest first. Each is made from the one before it, the first from samples. */
export const levels: readonly [Level, ...Level[]] = [
  { level: 1, name: "1m", windowMs: 60_000, graceMs: 15_000 },
  { level: 2, name: "15m", windowMs: 15 * 60_000, graceMs: 25_000 },
  { level: 3, name: "2h", windowMs: 120 * 60_000, graceMs: 35_000 },
];

/** Start (Unix ms, UTC aligned) of the window that holds `at`. */
export function windowStart(at: number, windowMs: number): number {
  return Math.floor(at / windowMs) * windowMs;
}

/** Newest window start of that level that may be rolled up at `now`. */
export function lastClosedWindow(now: number, level: Level): number {
  return windowStart(now - level.graceMs, level.windowMs) - level.windowMs;
}

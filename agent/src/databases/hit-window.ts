import type { Counters } from "./probe.ts";

const fewest = 1_000;

/**
 * Share of `requested` that was not `missed`, over a window of at least 1,000 requests: a few of an idle database tell
 * nothing. NaN until the window is full; where it starts is kept in `now`, which the next call gets as `before`.
 */
export function hitsOfWindow(now: Counters, before: Counters | undefined, requested: string, missed: string): number {
  const [asked = Number.NaN, failed = Number.NaN] = [now[requested], now[missed]];
  const [from, failedFrom] = [`${requested}_from`, `${missed}_from`];
  const start = before?.[from] ?? before?.[requested] ?? Number.NaN;
  const failedStart = before?.[failedFrom] ?? before?.[missed] ?? Number.NaN;
  const requests = asked - start;
  // A restart begins a new one.
  if (!(requests >= 0 && failed >= failedStart)) return Number.NaN;
  if (requests >= fewest) return Math.max(0, 1 - (failed - failedStart) / requests);
  now[from] = start;
  now[failedFrom] = failedStart;
  return Number.NaN;
}

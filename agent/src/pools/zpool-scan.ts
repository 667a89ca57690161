import type { PoolScan, ScanFunction } from "./pool.ts";
import { parseDate, parseDuration, parseQuantity, type ZpoolStatus } from "./zpool-words.ts";

const names: [RegExp, ScanFunction][] = [
  [/^error ?scrub|^scrubbed \d+ error/i, "errorscrub"],
  [/^scrub/i, "scrub"],
  [/^(?:resilver|rebuil[dt])/i, "resilver"],
];

/**
 * The scan that the `scan:` (before ZFS 0.6: `scrub:`) lines of `zpool status` tell of, of all versions; undefined for
 * "none requested" and what is not understood. `now` in Unix ms: old ones tell how long ago one began.
 */
export function parseScan(text: string, now: number): PoolScan | undefined {
  const line = text.replace(/\s+/g, " ").trim();
  const named = names.find(([pattern]) => pattern.test(line))?.[1];
  if (named === undefined) return undefined;
  if (/^\S+(?: \S+)? (?:in progress|paused)/.test(line.replace(/\([^)]*\) /, ""))) return running(named, line, now);
  return ended(named, line);
}

function running(named: ScanFunction, line: string, now: number): PoolScan {
  const paused = /\bpaused since\b/.test(line);
  const since = parseDate(between(line, paused ? / started on / : / since /) ?? "");
  const ago = parseDuration(/in progress for (\S+?),/.exec(line)?.[1] ?? "");
  const startedAt = since ?? (ago === undefined ? undefined : now - ago * 1000);
  const percent = Number(/([\d.]+)% done/.exec(line)?.[1] ?? Number.NaN);
  const speed = paused ? undefined : speedOf(line);
  const left = paused ? undefined : parseDuration(/, ((?:\d+ days? )?[\d:dhms]+) to go/.exec(line)?.[1] ?? "");
  return {
    function: named,
    state: paused ? "paused" : "running",
    ...known({ startedAt, progressRatio: share(percent / 100), bytesPerSecond: speed, remainingSeconds: left }),
  };
}

/** What is verified (issued) matters; the walk through metadata before it (scanned) runs far ahead. */
function speedOf(line: string): number | undefined {
  const issued = /issued at ([\d.]+[BKMGTPE]?)\/s/.exec(line)?.[1];
  const scanned = /(?:scanned|out of \S+) at ([\d.]+[BKMGTPE]?)\/s/.exec(line)?.[1];
  return parseQuantity(issued ?? (/\bissued\b/.test(line) ? undefined : scanned));
}

function ended(named: ScanFunction, line: string): PoolScan | undefined {
  const endedAt = parseDate(/ on (\w{3} \w{3} +\d+ [\d:]+ \d{4})/.exec(line)?.[1] ?? "");
  const cancelled = /\b(?:cancell?ed|stopped)\b/.test(line);
  const taken = / (?:in|after) ((?:\d+ days? )?[\d:dhms]+) with (\d+) errors/.exec(line);
  if (endedAt === undefined && taken === null && !cancelled) return undefined;
  const seconds = parseDuration(taken?.[1] ?? "");
  const startedAt = endedAt !== undefined && seconds !== undefined ? endedAt - seconds * 1000 : undefined;
  return {
    function: named,
    state: cancelled ? "cancelled" : "finished",
    ...known({ startedAt, endedAt, errors: taken?.[2] === undefined ? undefined : Number(taken[2]) }),
    ...(cancelled ? {} : { progressRatio: 1 }),
  };
}

/** The date that stands behind those words. */
function between(line: string, words: RegExp): string | undefined {
  const at = words.exec(line);
  if (at === null) return undefined;
  return /^\w{3} \w{3} +\d+ [\d:]+ \d{4}/.exec(line.slice(at.index + at[0].length))?.[0];
}

/**
 * Of the scans that a pool tells of the one to show: the first that is under way, else the first; `scrub` is the finished
 * one where that is another.
 */
export function shownScans(found: readonly (PoolScan | undefined)[]): Pick<ZpoolStatus, "scan" | "scrub"> {
  const scans = found.filter((one) => one !== undefined);
  const scan = scans.find(isUnderWay) ?? scans[0];
  const scrub = scans.find((one) => one.function === "scrub" && one.state === "finished");
  return { ...(scan === undefined ? {} : { scan }), ...(scrub === undefined || scrub === scan ? {} : { scrub }) };
}

/** Whether a scan runs, or is paused. */
export function isUnderWay({ state }: Pick<PoolScan, "state">): boolean {
  return state === "running" || state === "paused";
}

/** A share that is known: what is written meanwhile lets a scan go past its end. */
export function share(ratio: number): number | undefined {
  return Number.isFinite(ratio) && ratio >= 0 ? Math.min(1, ratio) : undefined;
}

/** Leaves out what is not known. */
export function known<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

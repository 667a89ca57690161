import { type Json, record, string } from "./json.ts";
import type { PoolScan, ScanFunction } from "./pool.ts";
import { isUnderWay, known, share, shownScans } from "./zpool-scan.ts";
import { parseDate, parseDuration, parseQuantity, type ZpoolStatus } from "./zpool-words.ts";

const functions: Record<string, ScanFunction> = { SCRUB: "scrub", RESILVER: "resilver", ERRORSCRUB: "errorscrub" };

/**
 * The scans that a pool of `zpool status -j` tells of. Scrubs and resilvers, error scrubs, sequential rebuilds and the
 * widening of a raidz stand beside each other there. `now` in Unix ms.
 */
export function scansOfJson(pool: Json, now: number): Pick<ZpoolStatus, "scan" | "scrub"> {
  const stats = record(pool.scan_stats);
  const rebuilds = Object.values(record(stats.rebuild_stats)).map((one) => rebuild(record(one), now));
  const found = [scrubOrResilver(stats, now), errorScrub(stats), ...rebuilds];
  return shownScans([...found, expansion(record(pool.raidz_expand_stats), now)]);
}

function scrubOrResilver(scan: Json, now: number): PoolScan | undefined {
  const named = functions[string(scan.function).toUpperCase()];
  const state = stateOf(scan.state, scan.scrub_pause);
  if (named === undefined || state === undefined) return undefined;
  const startedAt = timeOf(scan.start_time);
  if (isUnderWay({ state })) {
    return { function: named, state, ...known({ startedAt }), ...progressOf(scan, state === "paused", now) };
  }
  return {
    function: named,
    state,
    ...known({ startedAt, endedAt: timeOf(scan.end_time), errors: parseQuantity(scan.errors) }),
    ...(state === "finished" ? { progressRatio: 1 } : {}),
  };
}

function progressOf(scan: Json, paused: boolean, now: number): Partial<PoolScan> {
  const total = (parseQuantity(scan.to_examine) ?? Number.NaN) - (parseQuantity(scan.skipped) ?? 0);
  const issued = parseQuantity(scan.issued) ?? Number.NaN;
  const progressRatio = share(issued / total);
  const passStart = timeOf(scan.pass_start);
  if (paused || passStart === undefined) return known({ progressRatio });
  const spentPaused = parseQuantity(scan.scrub_spent_paused) ?? parseDuration(string(scan.scrub_spent_paused)) ?? 0;
  const seconds = (now - passStart) / 1000 - spentPaused;
  const rate = seconds > 0 ? (parseQuantity(scan.issued_bytes_per_scan) ?? Number.NaN) / seconds : Number.NaN;
  return known({ progressRatio, ...paceOf(rate, total - issued) });
}

/** It is told only where it began after the last scrub, beside that. */
function errorScrub(scan: Json): PoolScan | undefined {
  const state = stateOf(scan.err_scrub_state, scan.err_scrub_pause);
  if (state === undefined) return undefined;
  const underWay = isUnderWay({ state });
  const done = parseQuantity(scan.err_scrub_examined) ?? Number.NaN;
  const left = parseQuantity(scan.err_scrub_to_examine) ?? Number.NaN;
  return {
    function: "errorscrub",
    state,
    ...known({
      startedAt: timeOf(scan.err_scrub_start_time),
      endedAt: underWay ? undefined : timeOf(scan.err_scrub_end_time),
      progressRatio: underWay ? share(done / (done + left)) : state === "finished" ? 1 : undefined,
    }),
  };
}

/** A sequential resilver of one mirror or draid. */
function rebuild(stats: Json, now: number): PoolScan | undefined {
  const total = (parseQuantity(stats.to_scan) ?? Number.NaN) - (parseQuantity(stats.pass_skipped) ?? 0);
  const scan = copying(stats, parseQuantity(stats.issued) ?? Number.NaN, total, now);
  const errors = parseQuantity(stats.errors);
  return scan === undefined ? undefined : { function: "resilver", ...scan, ...known({ errors }) };
}

/** A raidz that is being widened is reflowed. */
function expansion(stats: Json, now: number): PoolScan | undefined {
  const [done, total] = [parseQuantity(stats.reflowed) ?? Number.NaN, parseQuantity(stats.to_reflow) ?? Number.NaN];
  const scan = copying(stats, done, total, now);
  return scan === undefined ? undefined : { function: "reshape", ...scan };
}

function copying(stats: Json, done: number, total: number, now: number): Omit<PoolScan, "function"> | undefined {
  const state = stateOf(stats.state, undefined);
  if (state === undefined) return undefined;
  const startedAt = timeOf(stats.start_time);
  const running = state === "running";
  const seconds = startedAt === undefined ? Number.NaN : (now - startedAt) / 1000;
  const pace = running && seconds > 0 ? paceOf(done / seconds, total - done) : {};
  const endedAt = running ? undefined : timeOf(stats.end_time);
  return { state, ...known({ startedAt, endedAt, progressRatio: share(done / total), ...pace }) };
}

function paceOf(rate: number, left: number): { bytesPerSecond: number; remainingSeconds?: number } {
  return { bytesPerSecond: rate, ...(rate > 0 ? { remainingSeconds: Math.max(0, left) / rate } : {}) };
}

// DSS_*, VDEV_REBUILD_* of sys/fs/zfs.h; "ERRORSCRUBING" is how one version spells it.
function stateOf(word: unknown, pause: unknown): PoolScan["state"] | undefined {
  const text = string(word).toUpperCase();
  if (text === "" || text === "NONE") return undefined;
  if (/^(SCANNING|ACTIVE|ERRORSCRUB)/.test(text)) return timeOf(pause) === undefined ? "running" : "paused";
  return text.startsWith("CANCEL") ? "cancelled" : "finished";
}

/** Unix ms of Unix seconds or of a date in words; undefined for "-" and 0. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value > 0 && value < 1e11 ? value * 1000 : undefined;
  const text = string(value);
  return /^\d+$/.test(text) ? timeOf(Number(text)) : parseDate(text);
}

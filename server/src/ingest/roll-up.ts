import type pg from "pg";
import { withClient } from "../db/checkout.ts";
import { ensurePartitions, partitionOf } from "../db/partitions.ts";
import { type RollupRow, type RollupTable, readRollups, readSamples, replaceRollups } from "../db/queries/samples.ts";
import { deletePending, lockPending, markPending, type Pending, resourceIdsOf } from "../db/queries/samples-pending.ts";
import { Accumulator } from "../domain/rollup/aggregate.ts";
import { type Level, lastClosedWindow, levels, windowStart } from "../domain/rollup/levels.ts";
import type { OpenWindows } from "./open-windows.ts";

/** Windows of one server made in one transaction: few enough that packing their rows holds the event loop for some ms only. */
const chunk = 50;
/** A window that another process saw whole is its to make for this long. */
const abandonedMs = 60_000;

/** What a pass did: windows by level, and how many of the first level came from memory. */
export type RollupResult = { "1m": number; "15m": number; "2h": number; fromMemory: number };

/**
 * Makes the roll-ups of all windows that are closed at `now` and marked pending, finest level first. Each chunk is one
 * transaction that holds the pending rows, reads what is committed, replaces the roll-up rows, marks the next level and
 * deletes the pending rows: a crash forgets nothing, and running it twice or in several processes changes nothing.
 */
export async function rollUp(
  pool: pg.Pool,
  windows: OpenWindows,
  now: () => Date,
  signal: AbortSignal,
): Promise<RollupResult> {
  const result: RollupResult = { "1m": 0, "15m": 0, "2h": 0, fromMemory: 0 };
  for (const level of levels) {
    for (;;) {
      if (signal.aborted) return result;
      const done = await rollUpChunk(pool, windows, level, now().getTime());
      result[level.name] += done.windows;
      result.fromMemory += done.fromMemory;
      if (done.windows < chunk) break;
    }
  }
  windows.prune(lastClosedWindow(now().getTime(), levels[0]) - 10 * levels[0].windowMs);
  return result;
}

async function rollUpChunk(
  pool: pg.Pool,
  windows: OpenWindows,
  level: Level,
  now: number,
): Promise<{ windows: number; fromMemory: number }> {
  const until = lastClosedWindow(now, level);
  const table: RollupTable = `rollup_${level.name}`;
  const done = await withClient(pool, async (client) => {
    await client.query("BEGIN");
    const pending = await lockPending(client, level.level, until, until - abandonedMs, windows.source, chunk);
    const fromMemory: Pending[] = [];
    const fromBelow: Pending[] = [];
    const rows: RollupRow[] = [];
    for (const one of pending) {
      const own = level.level === 1 && one.source === windows.source;
      const seen = own ? windows.whole(one.serverId, one.at) : undefined;
      if (seen === undefined) {
        fromBelow.push(one);
        continue;
      }
      fromMemory.push(one);
      for (const [resourceId, accumulator] of seen) rows.push({ resourceId, at: one.at, ...accumulator.result() });
    }
    if (fromBelow.length > 0) rows.push(...(await readBelow(client, level, fromBelow)));
    const parts = new Map(rows.map((row) => [partitionOf(table, row.at).name, row.at]));
    for (const at of parts.values()) await ensurePartitions(pool, table, at, at);
    await replaceRollups(client, table, rows);
    const above = levels[level.level];
    if (above !== undefined) await markPending(client, above.level, coarser(pending, above));
    if (pending.length > 0) await deletePending(client, level.level, pending);
    await client.query("COMMIT");
    return { pending, fromMemory: fromMemory.length };
  });
  if (level.level === 1) for (const { serverId, at } of done.pending) windows.forget(serverId, at);
  return { windows: done.pending.length, fromMemory: done.fromMemory };
}

/** Aggregates of these windows out of the samples, or out of the level below. */
async function readBelow(client: pg.PoolClient, level: Level, pending: readonly Pending[]): Promise<RollupRow[]> {
  const ids = await resourceIdsOf(client, [...new Set(pending.map((one) => one.serverId))]);
  const rows: RollupRow[] = [];
  for (const [at, group] of Map.groupBy(pending, (one) => one.at)) {
    const found = new Map<number, Accumulator>();
    const of = (resourceId: number, width: number): Accumulator => {
      const known = found.get(resourceId) ?? new Accumulator(width);
      found.set(resourceId, known);
      return known;
    };
    const resources = group.flatMap((one) => ids.get(one.serverId) ?? []);
    const below = levels[level.level - 2];
    if (below === undefined) {
      await readSamples(client, resources, at, at + level.windowMs, ({ resourceId, values }) =>
        of(resourceId, values.length).add(values),
      );
    } else {
      await readRollups(client, `rollup_${below.name}`, resources, at, at + level.windowMs, (row) =>
        of(row.resourceId, row.avg.length).merge(row),
      );
    }
    for (const [resourceId, accumulator] of found) rows.push({ resourceId, at, ...accumulator.result() });
  }
  return rows;
}

function coarser(pending: readonly Pending[], above: Level): Pending[] {
  const found = new Map<string, Pending>();
  for (const { at, serverId } of pending) {
    const window = windowStart(at, above.windowMs);
    found.set(`${window}/${serverId}`, { at: window, serverId, source: null });
  }
  return [...found.values()];
}

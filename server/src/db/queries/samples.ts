import type pg from "pg";
import type { Aggregate } from "../../domain/rollup/aggregate.ts";
import { CopyWriter, copyIn, copyOut } from "../copy.ts";

/** One resource's values at one time (Unix ms). */
export type Sample = { resourceId: number; at: number; values: Float32Array };

/** One row of a roll-up table; `at` is the window's start. */
export type RollupRow = Aggregate & { resourceId: number; at: number };

export type RollupTable = "rollup_1m" | "rollup_15m" | "rollup_2h";

/** Thrown by the plain COPY when one of the rows is there already. */
export function isDuplicate(error: unknown): boolean {
  return (error as { code?: unknown }).code === "23505";
}

/** The rows as COPY data, sorted by resource so that neighbours in the index are written together. */
export function encodeSamples(rows: Sample[]): Buffer {
  rows.sort((a, b) => a.resourceId - b.resourceId || a.at - b.at);
  const writer = new CopyWriter(64 + rows.length * 150);
  for (const { resourceId, at, values } of rows) {
    writer.row(3);
    writer.timestamp(at);
    writer.int4(resourceId);
    writer.reals(values);
  }
  return writer.end();
}

/** Stores samples, all of them new; the cheap way. Fails with a duplicate (see isDuplicate) and aborts the transaction. */
export async function copySamples(client: pg.PoolClient, data: Buffer): Promise<void> {
  await copyIn(client, "COPY sample (at, resource_id, values) FROM STDIN BINARY", data);
}

/** Stores those samples that are not there yet; within a transaction. */
export async function copyMissingSamples(client: pg.PoolClient, data: Buffer): Promise<void> {
  await client.query("CREATE TEMP TABLE IF NOT EXISTS sample_in (LIKE sample) ON COMMIT DELETE ROWS");
  await copyIn(client, "COPY pg_temp.sample_in (at, resource_id, values) FROM STDIN BINARY", data);
  await client.query(
    `INSERT INTO sample (at, resource_id, values) SELECT at, resource_id, values FROM pg_temp.sample_in
     ON CONFLICT (resource_id, at) DO NOTHING`,
  );
}

/** The samples of these resources in from <= at < to (Unix ms), in no order. */
export async function readSamples(
  client: pg.PoolClient,
  resourceIds: readonly number[],
  from: number,
  to: number,
  onSample: (sample: Sample) => void,
): Promise<void> {
  if (resourceIds.length === 0) return;
  await copyOut(
    client,
    `COPY (SELECT at, resource_id, values FROM sample WHERE ${within(resourceIds, from, to)}) TO STDOUT BINARY`,
    (row) => onSample({ at: row.timestamp(), resourceId: row.int4(), values: row.reals() }),
  );
}

/** The roll-up rows of these resources in from <= at < to (Unix ms), in no order. */
export async function readRollups(
  client: pg.PoolClient,
  table: RollupTable,
  resourceIds: readonly number[],
  from: number,
  to: number,
  onRow: (row: RollupRow) => void,
): Promise<void> {
  if (resourceIds.length === 0) return;
  await copyOut(
    client,
    `COPY (SELECT at, resource_id, count, min, avg, max FROM ${table} WHERE ${within(resourceIds, from, to)})
     TO STDOUT BINARY`,
    (row) =>
      onRow({
        at: row.timestamp(),
        resourceId: row.int4(),
        count: row.int4(),
        min: row.reals(),
        avg: row.reals(),
        max: row.reals(),
      }),
  );
}

/** Stores roll-up rows, replacing what is there; within a transaction. */
export async function replaceRollups(client: pg.PoolClient, table: RollupTable, rows: RollupRow[]): Promise<void> {
  if (rows.length === 0) return;
  rows.sort((a, b) => a.resourceId - b.resourceId || a.at - b.at);
  const writer = new CopyWriter(64 + rows.length * 350);
  for (const row of rows) {
    writer.row(6);
    writer.timestamp(row.at);
    writer.int4(row.resourceId);
    writer.int4(row.count);
    writer.reals(row.min);
    writer.reals(row.avg);
    writer.reals(row.max);
  }
  const data = writer.end();
  const columns = "(at, resource_id, count, min, avg, max)";
  await client.query("SAVEPOINT fresh");
  try {
    await copyIn(client, `COPY ${table} ${columns} FROM STDIN BINARY`, data);
    await client.query("RELEASE fresh");
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await client.query("ROLLBACK TO fresh");
    await client.query("CREATE TEMP TABLE IF NOT EXISTS rollup_in (LIKE rollup_1m) ON COMMIT DELETE ROWS");
    await copyIn(client, `COPY pg_temp.rollup_in ${columns} FROM STDIN BINARY`, data);
    await client.query(
      `INSERT INTO ${table} ${columns} SELECT at, resource_id, count, min, avg, max FROM pg_temp.rollup_in
       ON CONFLICT (resource_id, at)
       DO UPDATE SET count = EXCLUDED.count, min = EXCLUDED.min, avg = EXCLUDED.avg, max = EXCLUDED.max`,
    );
    await client.query("DELETE FROM pg_temp.rollup_in");
  }
}

// COPY takes no parameters; all that goes into the text are numbers and ISO dates made from numbers.
function within(resourceIds: readonly number[], from: number, to: number): string {
  const ids = resourceIds.map((id) => Math.trunc(id)).join(",");
  return `resource_id = ANY ('{${ids}}'::int[]) AND at >= '${iso(from)}' AND at < '${iso(to)}'`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

import type pg from "pg";

/** A window of one server whose roll-up must be made; `at` is its start in Unix ms. */
export type Pending = { at: number; serverId: string; source: string | null };

/** Order in which pending rows are locked, the same everywhere, so that no two transactions wait for each other. */
export function comparePending(a: Pending, b: Pending): number {
  return a.at - b.at || (a.serverId < b.serverId ? -1 : a.serverId > b.serverId ? 1 : 0);
}

/**
 * Marks windows for a roll-up. An existing row is locked until the transaction ends and loses its `source` unless it is
 * the same: a worker that holds the row is waited for, and one that comes later sees what this transaction wrote.
 */
export async function markPending(client: pg.PoolClient, level: number, windows: Pending[]): Promise<void> {
  if (windows.length === 0) return;
  windows.sort(comparePending);
  await client.query({
    name: "mark-pending",
    text: `INSERT INTO rollup_pending (level, at, server_id, source)
      SELECT $1, u.at, u.server_id, u.source
      FROM unnest($2::timestamptz[], $3::uuid[], $4::uuid[]) AS u (at, server_id, source)
      ON CONFLICT (level, at, server_id) DO UPDATE
      SET source = CASE WHEN rollup_pending.source = EXCLUDED.source THEN rollup_pending.source END`,
    values: [
      level,
      windows.map((w) => new Date(w.at).toISOString()),
      windows.map((w) => w.serverId),
      windows.map((w) => w.source),
    ],
  });
}

/**
 * Locks up to `limit` windows that started at or before `until` and returns them, oldest first. Windows that another
 * process saw whole are left to it until `abandoned` (Unix ms, newest start that is taken nevertheless).
 */
export async function lockPending(
  client: pg.PoolClient,
  level: number,
  until: number,
  abandoned: number,
  source: string,
  limit: number,
): Promise<Pending[]> {
  const { rows } = await client.query<{ at: Date; server_id: string; source: string | null }>({
    name: "lock-pending",
    text: `SELECT at, server_id, source FROM rollup_pending
      WHERE level = $1 AND at <= $2 AND (source IS NULL OR source = $3 OR at <= $4)
      ORDER BY at, server_id LIMIT $5 FOR UPDATE SKIP LOCKED`,
    values: [level, new Date(until).toISOString(), source, new Date(abandoned).toISOString(), limit],
  });
  return rows.map((row) => ({ at: row.at.getTime(), serverId: row.server_id, source: row.source }));
}

/** Deletes windows that are rolled up. */
export async function deletePending(client: pg.PoolClient, level: number, windows: readonly Pending[]): Promise<void> {
  await client.query({
    name: "delete-pending",
    text: `DELETE FROM rollup_pending p USING unnest($2::timestamptz[], $3::uuid[]) AS u (at, server_id)
      WHERE p.level = $1 AND p.at = u.at AND p.server_id = u.server_id`,
    values: [level, windows.map((w) => new Date(w.at).toISOString()), windows.map((w) => w.serverId)],
  });
}

/** Ids of all resources of these servers. */
export async function resourceIdsOf(
  client: pg.PoolClient,
  serverIds: readonly string[],
): Promise<Map<string, number[]>> {
  const { rows } = await client.query<{ server_id: string; ids: number[] }>({
    name: "resource-ids",
    text: `SELECT server_id, array_agg(id) AS ids FROM resource WHERE server_id = ANY ($1::uuid[]) GROUP BY server_id`,
    values: [serverIds],
  });
  return new Map(rows.map((row) => [row.server_id, row.ids]));
}

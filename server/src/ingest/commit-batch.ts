import type pg from "pg";
import type { Point } from "../bus.ts";
import { withClient } from "../db/checkout.ts";
import { copyMissingSamples, copySamples, encodeSamples, isDuplicate, type Sample } from "../db/queries/samples.ts";
import { markPending, type Pending } from "../db/queries/samples-pending.ts";
import { levels, windowStart } from "../domain/rollup/levels.ts";
import type { IncomingChange, IncomingReport } from "./ingest.ts";
import type { OpenWindows } from "./open-windows.ts";

const minuteMs = levels[0].windowMs;

/** A resource whose state a batch changed. */
export type StateUpdate = {
  serverId: string;
  resourceId: number;
  kind: string;
  key: string;
  state: string;
  reason: string;
};

/** What a batch did. `replayed`: some of its samples may have been stored before. */
export type Stored = { updates: StateUpdate[]; replayed: boolean };

/**
 * A transaction that trusts a window to be still open must not commit long after the window closed: it is ended by the
 * database after this time, well within the roll-up's grace.
 */
const openTimeoutMs = 10_000;

/** PostgreSQL before 17 has no such bound for a whole transaction: its few statements and the pauses between them have one each. */
const beginBounded = `BEGIN; SELECT CASE WHEN current_setting('server_version_num')::int >= 170000
  THEN set_config('transaction_timeout', '${openTimeoutMs}', true)
  ELSE set_config('statement_timeout', '2000', true) || set_config('idle_in_transaction_session_timeout', '500', true) END`;

/**
 * Stores reports and state changes in one transaction and returns the resources whose state changed. `replay`: some of
 * the samples are likely stored already, so the way that minds them is taken at once. Throws what the database says;
 * nothing is stored then, unless the connection was lost while it committed.
 */
export function commitBatch(
  pool: pg.Pool,
  windows: OpenWindows,
  reports: readonly IncomingReport[],
  changes: readonly IncomingChange[],
  now: () => number,
  replay: boolean,
): Promise<Stored> {
  // The clock is read with the connection in hand: what is open then is open for long enough.
  return withClient(pool, async (client) => {
    const plan = planBatch(windows, reports, now());
    const store = async (again: boolean): Promise<Stored> => {
      await client.query(plan.open.length > 0 ? beginBounded : "BEGIN");
      await markPending(client, 1, plan.pending);
      if (plan.data !== undefined) await (again ? copyMissingSamples : copySamples)(client, plan.data);
      const updates = await storeChanges(client, changes);
      await client.query("COMMIT");
      return { updates, replayed: again };
    };
    let stored: Stored | undefined;
    try {
      stored = replay ? await store(true) : await storeFresh(client, store);
      return stored;
    } finally {
      for (const { serverId, window, points } of plan.open) {
        if (stored?.replayed === false) windows.committed(serverId, window, points);
        else windows.doubtful(serverId, window, stored !== undefined);
      }
    }
  });
}

async function storeFresh(client: pg.PoolClient, store: (again: boolean) => Promise<Stored>): Promise<Stored> {
  try {
    return await store(false);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await client.query("ROLLBACK");
    return store(true);
  }
}

type OpenPart = { serverId: string; window: number; points: (readonly Point[])[] };

function planBatch(
  windows: OpenWindows,
  reports: readonly IncomingReport[],
  now: number,
): { data: Buffer | undefined; pending: Pending[]; open: OpenPart[] } {
  const rows: Sample[] = [];
  const open = new Map<string, OpenPart>();
  const pending = new Map<string, Pending>();
  for (const { serverId, at, points } of reports) {
    for (const { resourceId, values } of points) if (values.length > 0) rows.push({ resourceId, at, values });
    const window = windowStart(at, minuteMs);
    const id = `${window}/${serverId}`;
    const known = open.get(id);
    if (known !== undefined) known.points.push(points);
    else if (window + minuteMs <= now) pending.set(id, { at: window, serverId, source: null });
    else open.set(id, { serverId, window, points: [points] });
  }
  const data = rows.length > 0 ? encodeSamples(rows) : undefined;
  for (const [id, { serverId, window }] of open) {
    if (!windows.begin(serverId, window)) pending.set(id, { at: window, serverId, source: windows.source });
  }
  return { data, pending: [...pending.values()], open: [...open.values()] };
}

async function storeChanges(client: pg.PoolClient, changes: readonly IncomingChange[]): Promise<StateUpdate[]> {
  if (changes.length === 0) return [];
  // Only a change that was not there before moves its resource's state, so that a replay moves nothing back.
  const { rows } = await client.query<{
    server_id: string;
    id: number;
    kind: string;
    key: string;
    state: string;
    reason: string;
  }>({
    name: "store-changes",
    text: `WITH input AS (
        SELECT u.*, r.kind, r.key
        FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
          WITH ORDINALITY AS u (server_id, resource_id, at, from_state, to_state, reason, nth)
        JOIN resource r ON r.id = u.resource_id AND r.server_id = u.server_id
      ), made AS (
        INSERT INTO state_change (server_id, resource_id, at, from_state, to_state, reason)
        SELECT server_id, resource_id, at, from_state, to_state, reason FROM input ORDER BY resource_id, nth
        ON CONFLICT DO NOTHING
        RETURNING id, resource_id, at, to_state, reason
      ), last AS (
        SELECT DISTINCT ON (resource_id) * FROM made ORDER BY resource_id, at DESC, id DESC
      )
      UPDATE resource r SET state = last.to_state, state_since = last.at,
        gone_at = CASE WHEN last.to_state = 'gone' THEN last.at END
      FROM last WHERE r.id = last.resource_id AND (r.state_since IS NULL OR last.at >= r.state_since)
      RETURNING r.server_id, r.id, r.kind, r.key, last.to_state AS state, last.reason`,
    values: [
      changes.map((c) => c.serverId),
      changes.map((c) => c.resourceId),
      changes.map((c) => new Date(c.at).toISOString()),
      changes.map((c) => c.from),
      changes.map((c) => c.to),
      changes.map((c) => c.reason),
    ],
  });
  return rows.map((row) => ({
    serverId: row.server_id,
    resourceId: row.id,
    kind: row.kind,
    key: row.key,
    state: row.state,
    reason: row.reason,
  }));
}

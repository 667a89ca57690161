import { type Kysely, sql } from "kysely";
import type { Database, ServerState } from "../schema.ts";

/** What Hello says, checked; times in Unix ms. */
export type Arrival = {
  serverId: string;
  at: Date;
  agentVersion: string;
  hostname: string | null;
  bootId: string | null;
  bootedAt: Date | null;
  instanceId: string;
  machineId: string | null;
  capabilities: string[];
  spoolId: string | null;
  firstSeq: number;
  nextSeq: number;
  spool: { records: number; bytes: number; droppedRecords: number } | null;
  clockSkewMs: number;
  clone: boolean;
};

export type ArrivedServer = {
  name: string;
  intervalSeconds: number;
  disabledCollectors: string[];
  paused: boolean;
  state: ServerState;
  bootId: string | null;
  rebooted: boolean;
  ackedSeq: number;
  droppedBefore: number;
  resources: number;
  cloneDetectedAt: Date | null;
};

/**
 * Notes that an agent connected and returns what its session needs; undefined where the server row is gone. A reboot is
 * another boot id with a later boot time, a clone's other boot id is none; it is counted and written as a state change.
 * The acknowledged number never passes what the agent's spool holds: an agent put back from a snapshot gives numbers again.
 */
export async function recordArrival(db: Kysely<Database>, a: Arrival): Promise<ArrivedServer | undefined> {
  const { rows } = await sql<ArrivedServer>`
    WITH old AS (SELECT * FROM server WHERE id = ${a.serverId} FOR NO KEY UPDATE),
    fresh AS (
      SELECT old.id,
        ${!a.clone}::boolean AND old.boot_id <> ${a.bootId}::text
          AND (${a.bootedAt}::timestamptz IS NULL OR old.booted_at IS NULL
            OR ${a.bootedAt}::timestamptz > old.booted_at + interval '1 second') IS TRUE AS rebooted
      FROM old),
    changed AS (
      UPDATE server s SET
        connected_at = ${a.at}, last_seen_at = greatest(s.last_seen_at, ${a.at}),
        agent_version = ${a.agentVersion}, hostname = coalesce(${a.hostname}::text, s.hostname),
        boot_id = coalesce(${a.bootId}::text, s.boot_id), booted_at = coalesce(${a.bootedAt}::timestamptz, s.booted_at),
        reboot_count = s.reboot_count + CASE WHEN fresh.rebooted THEN 1 ELSE 0 END,
        instance_id = ${a.instanceId}, machine_id = coalesce(${a.machineId}::text, s.machine_id),
        capabilities = ${a.capabilities}::text[], clock_skew_ms = ${a.clockSkewMs}::integer,
        acked_seq = greatest(least(CASE WHEN s.spool_id = ${a.spoolId}::text THEN s.acked_seq ELSE 0 END,
          ${a.nextSeq}::bigint - 1), ${a.firstSeq}::bigint - 1),
        spool_id = ${a.spoolId}::text, spool = ${a.spool === null ? null : JSON.stringify(a.spool)}::jsonb,
        clone_detected_at = CASE WHEN ${a.clone}::boolean THEN ${a.at}::timestamptz ELSE s.clone_detected_at END
      FROM fresh WHERE s.id = fresh.id RETURNING s.acked_seq, s.clone_detected_at, fresh.rebooted),
    noted AS (
      INSERT INTO state_change (server_id, resource_id, at, from_state, to_state, reason)
      SELECT old.id, NULL, ${a.at}, old.state, old.state, 'rebooted' FROM old, changed WHERE changed.rebooted
      ON CONFLICT DO NOTHING)
    SELECT old.name, old.interval_seconds AS "intervalSeconds", old.disabled_collectors AS "disabledCollectors",
      old.paused_at IS NOT NULL AS paused, old.state, old.boot_id AS "bootId", changed.rebooted IS TRUE AS rebooted,
      changed.acked_seq AS "ackedSeq", changed.clone_detected_at AS "cloneDetectedAt",
      CASE WHEN old.spool_id = ${a.spoolId}::text THEN coalesce((old.spool ->> 'droppedRecords')::bigint, 0)
        ELSE 0 END AS "droppedBefore",
      (SELECT count(*) FROM resource r WHERE r.server_id = old.id AND r.gone_at IS NULL) AS resources
    FROM old, changed`.execute(db);
  return rows[0];
}

/** Notes that the stream of that arrival closed, unless a newer one has opened. */
export async function recordDeparture(db: Kysely<Database>, serverId: string, arrivedAt: Date): Promise<void> {
  await db
    .updateTable("server")
    .set({ connected_at: null })
    .where("id", "=", serverId)
    .where("connected_at", "<=", arrivedAt)
    .execute();
}

/** What sessions learnt since the last write; times in Unix ms. */
export type Presence = {
  serverId: string;
  lastSeen: number;
  lastReport: number | undefined;
  clockSkewMs: number | undefined;
  spoolId: string | null;
  ackedSeq: number | undefined;
};

/** Writes it for many servers in one statement. */
export async function writePresence(db: Kysely<Database>, rows: readonly Presence[]): Promise<void> {
  if (rows.length === 0) return;
  const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  await sql`
    UPDATE server s SET
      last_seen_at = greatest(s.last_seen_at, u.seen),
      last_report_at = greatest(s.last_report_at, u.report),
      clock_skew_ms = coalesce(u.skew, s.clock_skew_ms),
      acked_seq = CASE WHEN s.spool_id = u.spool THEN greatest(s.acked_seq, u.acked) ELSE s.acked_seq END
    FROM unnest(
      ${rows.map((r) => r.serverId)}::uuid[], ${rows.map((r) => iso(r.lastSeen))}::timestamptz[],
      ${rows.map((r) => iso(r.lastReport))}::timestamptz[], ${rows.map((r) => r.clockSkewMs ?? null)}::integer[],
      ${rows.map((r) => r.spoolId)}::text[], ${rows.map((r) => r.ackedSeq ?? null)}::bigint[]
    ) AS u (id, seen, report, skew, spool, acked)
    WHERE s.id = u.id`.execute(db);
}

/** Adds to the counts of what was refused, by reason, of many servers. */
export async function addRefused(
  db: Kysely<Database>,
  rows: readonly { serverId: string; counts: Record<string, number> }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    UPDATE server s SET refused = (
      SELECT jsonb_object_agg(key, n) FROM (
        SELECT key, sum(value::bigint) AS n
        FROM (SELECT * FROM jsonb_each_text(s.refused) UNION ALL SELECT * FROM jsonb_each_text(u.counts)) AS both_sides
        GROUP BY key) AS sums)
    FROM unnest(${rows.map((r) => r.serverId)}::uuid[], ${rows.map((r) => JSON.stringify(r.counts))}::jsonb[]) AS u (id, counts)
    WHERE s.id = u.id`.execute(db);
}

export type CollectorRow = {
  serverId: string;
  collector: string;
  state: string;
  error: string;
  errorCount: number;
  durationSeconds: number | null;
  lastSuccess: Date | null;
};

/** Upserts collectors' states of many servers in one statement; each (server, collector) once. */
export async function writeCollectors(db: Kysely<Database>, rows: readonly CollectorRow[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    INSERT INTO collector_status AS c
      (server_id, collector, state, error, error_count, duration_seconds, last_success_at, updated_at)
    SELECT u.*, ${at}::timestamptz FROM unnest(
      ${rows.map((r) => r.serverId)}::uuid[], ${rows.map((r) => r.collector)}::text[],
      ${rows.map((r) => r.state)}::text[], ${rows.map((r) => r.error)}::text[],
      ${rows.map((r) => r.errorCount)}::bigint[], ${rows.map((r) => r.durationSeconds)}::float8[],
      ${rows.map((r) => r.lastSuccess)}::timestamptz[]) AS u (server, collector, state, error, errors, seconds, success)
    JOIN server ON server.id = u.server
    ON CONFLICT (server_id, collector) DO UPDATE SET state = excluded.state, error = excluded.error,
      error_count = excluded.error_count, duration_seconds = excluded.duration_seconds,
      last_success_at = excluded.last_success_at, updated_at = excluded.updated_at`.execute(db);
}

/** A change of a server's state. `silentSince`: it is made only while nobody heard the server after that. */
export type Transition = {
  serverId: string;
  to: ServerState;
  reason: string;
  at: Date;
  silentSince: Date | null;
};

/**
 * Writes states and their changes in one transaction; returns the servers that were changed, with the old state. The
 * locks are of the kind that rows which refer to a server (alerts, resources) do not wait for, and taken in order of id.
 */
export async function writeTransitions(
  db: Kysely<Database>,
  rows: readonly Transition[],
): Promise<{ id: string; from: ServerState }[]> {
  if (rows.length === 0) return [];
  const { rows: changed } = await sql<{ id: string; from: ServerState }>`
    WITH u AS (
      SELECT * FROM unnest(
        ${rows.map((r) => r.serverId)}::uuid[], ${rows.map((r) => r.to)}::text[], ${rows.map((r) => r.reason)}::text[],
        ${rows.map((r) => r.at)}::timestamptz[], ${rows.map((r) => r.silentSince)}::timestamptz[]
      ) AS u (id, state, reason, at, silent)),
    old AS (SELECT s.id, s.state FROM server s JOIN u ON u.id = s.id ORDER BY s.id FOR NO KEY UPDATE OF s),
    changed AS (
      UPDATE server s SET state = u.state, state_reason = u.reason,
        state_since = CASE WHEN old.state = u.state THEN s.state_since ELSE u.at END
      FROM u JOIN old ON old.id = u.id
      WHERE s.id = u.id AND (s.state, s.state_reason) IS DISTINCT FROM (u.state, u.reason)
        AND (u.state <> 'never_seen' OR s.last_seen_at IS NULL)
        AND (u.silent IS NULL OR s.last_seen_at IS NULL OR s.last_seen_at <= u.silent)
      RETURNING s.id, old.state AS "from", u.state AS "to", u.reason, u.at),
    noted AS (
      INSERT INTO state_change (server_id, resource_id, at, from_state, to_state, reason)
      SELECT id, NULL, at, "from", "to", reason FROM changed WHERE "from" <> "to" ON CONFLICT DO NOTHING)
    SELECT id, "from" FROM changed`.execute(db);
  return changed;
}

export type WatchedServer = {
  id: string;
  state: ServerState;
  reason: string;
  intervalSeconds: number;
  paused: boolean;
  lastSeenAt: Date | null;
  clockSkewMs: number | null;
  cloneDetectedAt: Date | null;
  disabledCollectors: string[];
};

/** The servers that the state monitor watches: all, or those of the list. */
export async function readWatched(db: Kysely<Database>, ids?: readonly string[]): Promise<WatchedServer[]> {
  let query = db
    .selectFrom("server")
    .select([
      "id",
      "state",
      "state_reason as reason",
      "interval_seconds as intervalSeconds",
      "last_seen_at as lastSeenAt",
      "clock_skew_ms as clockSkewMs",
      "clone_detected_at as cloneDetectedAt",
      "disabled_collectors as disabledCollectors",
      sql<boolean>`paused_at IS NOT NULL`.as("paused"),
    ]);
  if (ids !== undefined) query = query.where("id", "in", [...ids]);
  return query.execute();
}

/** Kind and key of all present resources of a server. */
export async function readResourceNames(
  db: Kysely<Database>,
  serverId: string,
): Promise<{ kind: string; key: string }[]> {
  return db
    .selectFrom("resource")
    .select(["kind", "key"])
    .where("server_id", "=", serverId)
    .where("gone_at", "is", null)
    .execute();
}

/** Those of the certificates' serial numbers that are not revoked. */
export async function readValidSerials(db: Kysely<Database>, serials: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("agent_certificate")
    .select("serial")
    .where("serial", "in", [...serials])
    .where("revoked_at", "is", null)
    .execute();
  return new Set(rows.map((row) => row.serial));
}

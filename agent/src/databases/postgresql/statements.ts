/** One statement of a probe: its rows are read by that name. */
export type Statement = { name: string; sql: string };

/** What the statements depend on: major version of the server. */
export type Dialect = { major: number };

/** In each statement, so that an administrator who meets one knows whose it is, and the top list can leave them out. */
const mark = "/* fairlead-agent */";

/** Longest statement text that is fetched, in characters: more is cut by redaction anyway. */
const textLength = 1500;

// Qualified by hand, though search_path is empty: what others put into `public` or name like ours is never called.
const lsn = `CASE WHEN pg_catalog.pg_is_in_recovery()
  THEN COALESCE(GREATEST(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()), '0/0')
  ELSE pg_catalog.pg_current_wal_lsn() END`;

const bytesSince = (from: string) => `pg_catalog.pg_wal_lsn_diff(${lsn}, ${from})`;

/** What each probe asks, in one message of several results. */
export function eachProbe({ major }: Dialect): Statement[] {
  return [
    { name: "cluster", sql: cluster },
    { name: "activity", sql: activity },
    { name: "running", sql: running },
    { name: "totals", sql: totals(major) },
    { name: "writes", sql: writes(major) },
    { name: "recovery", sql: recovery(major) },
    { name: "replicas", sql: replicas },
    { name: "slots", sql: slots(major) },
    { name: "archiver", sql: archiver },
    { name: "prepared", sql: prepared },
  ];
}

const cluster = `SELECT ${mark} pg_catalog.pg_backend_pid() AS pid, pg_catalog.pg_is_in_recovery() AS in_recovery,
  EXTRACT(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_postmaster_start_time()) AS uptime,
  pg_catalog.current_setting('max_connections') AS max_connections,
  pg_catalog.current_setting('superuser_reserved_connections') AS superuser_reserved,
  pg_catalog.current_setting('reserved_connections', true) AS reserved,
  pg_catalog.current_setting('block_size') AS block_size,
  pg_catalog.current_setting('archive_mode') AS archive_mode,
  pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS reads_stats,
  pg_catalog.pg_has_role('pg_monitor', 'USAGE') AS monitors,
  (SELECT pg_catalog.max(pg_catalog.age(d.datfrozenxid)) FROM pg_catalog.pg_database d WHERE d.datconnlimit <> -2) AS xid_age,
  (SELECT pg_catalog.max(pg_catalog.mxid_age(d.datminmxid)) FROM pg_catalog.pg_database d WHERE d.datconnlimit <> -2) AS mxid_age,
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks l WHERE l.granted AND l.pid <> pg_catalog.pg_backend_pid()) AS locks`;

const client = "a.backend_type = 'client backend' AND a.pid <> pg_catalog.pg_backend_pid()";
const age = (since: string) => `EXTRACT(epoch FROM pg_catalog.clock_timestamp() - ${since})`;

const activity = `SELECT ${mark} pg_catalog.count(*) FILTER (WHERE a.backend_type = 'client backend') AS clients,
  pg_catalog.count(*) FILTER (WHERE a.backend_type = 'walsender') AS walsenders,
  pg_catalog.count(*) FILTER (WHERE ${client} AND a.state IN ('active', 'fastpath function call')) AS active,
  pg_catalog.count(*) FILTER (WHERE ${client} AND a.state LIKE 'idle in transaction%') AS idle_in_transaction,
  pg_catalog.count(*) FILTER (WHERE ${client} AND a.wait_event_type = 'Lock') AS waiting,
  pg_catalog.count(*) FILTER (WHERE ${client} AND a.state = 'active' AND ${age("a.query_start")} > 10) AS slow,
  pg_catalog.max(${age("a.query_start")}) FILTER (WHERE ${client} AND a.state = 'active') AS longest_query,
  pg_catalog.max(${age("a.xact_start")}) FILTER (WHERE ${client}) AS longest_transaction
FROM pg_catalog.pg_stat_activity a`;

const running = `SELECT ${mark} a.pid, a.usename AS user, a.datname AS database, a.state, a.wait_event_type, a.wait_event, a.application_name,
  CASE WHEN a.state = 'active' THEN ${age("a.query_start")} ELSE ${age("a.xact_start")} END AS seconds,
  pg_catalog.left(a.query, ${textLength}) AS text
FROM pg_catalog.pg_stat_activity a
WHERE ${client} AND (a.state = 'active' AND ${age("a.query_start")} > 5 OR a.state LIKE 'idle in transaction%' AND ${age("a.xact_start")} > 5
  OR a.wait_event_type = 'Lock' AND ${age("a.query_start")} > 1)
ORDER BY 8 DESC LIMIT 10`;

// Row 0 holds the shared catalogues, which the probe itself reads most: it would dress up the hit ratio.
const totals = (
  major: number,
) => `SELECT ${mark} pg_catalog.sum(s.xact_commit) AS commits, pg_catalog.sum(s.xact_rollback) AS rollbacks,
  pg_catalog.sum(s.blks_hit) FILTER (WHERE s.datid <> 0) AS hits, pg_catalog.sum(s.blks_read) FILTER (WHERE s.datid <> 0) AS reads,
  pg_catalog.sum(s.deadlocks) AS deadlocks, pg_catalog.sum(s.temp_bytes) AS temp_bytes,
  pg_catalog.sum(s.numbackends) AS backends, ${major >= 12 ? "pg_catalog.sum(s.checksum_failures)" : "NULL"} AS checksum_failures
FROM pg_catalog.pg_stat_database s`;

/** Blocks written to data files, and checkpoints: they moved with 16, 17 and 18. */
function writes(major: number): string {
  if (major < 17) {
    return `SELECT ${mark} b.checkpoints_timed + b.checkpoints_req AS checkpoints, b.checkpoints_req AS forced,
  (b.buffers_checkpoint + b.buffers_clean + b.buffers_backend) * pg_catalog.current_setting('block_size')::pg_catalog.int8 AS bytes
FROM pg_catalog.pg_stat_bgwriter b`;
  }
  const done = major >= 18 ? "c.num_done" : "c.num_timed + c.num_requested";
  const bytes = major >= 18 ? "i.write_bytes" : "i.writes * i.op_bytes";
  return `SELECT ${mark} CASE WHEN pg_catalog.pg_is_in_recovery() THEN c.restartpoints_done ELSE ${done} END AS checkpoints, c.num_requested AS forced,
  (SELECT pg_catalog.sum(${bytes}) FROM pg_catalog.pg_stat_io i WHERE i.object IN ('relation', 'temp relation')) AS bytes
FROM pg_catalog.pg_stat_checkpointer c`;
}

function recovery(major: number): string {
  const sender = major >= 11 ? "w.sender_host AS sender_host, w.sender_port" : "NULL AS sender_host, NULL";
  return `SELECT ${mark} pg_catalog.pg_wal_lsn_diff(${lsn}, '0/0') AS wal,
  w.pid AS receiver, w.status, ${sender} AS sender_port,
  pg_catalog.pg_wal_lsn_diff(w.latest_end_lsn, '0/0') AS announced, ${age("w.last_msg_receipt_time")} AS message_age,
  EXTRACT(epoch FROM pg_catalog.current_setting('wal_receiver_timeout')::pg_catalog.interval) AS receiver_timeout,
  CASE WHEN s.standby THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), '0/0') END AS received,
  CASE WHEN s.standby THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0') END AS replayed,
  CASE WHEN s.standby THEN pg_catalog.pg_is_wal_replay_paused() END AS paused,
  CASE WHEN s.standby THEN ${age("COALESCE(pg_catalog.pg_last_xact_replay_timestamp(), (pg_catalog.pg_control_checkpoint()).checkpoint_time)")} END AS replay_age,
  CASE WHEN s.standby AND pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE')
    THEN pg_catalog.current_setting('primary_conninfo', true) <> '' END AS follows
FROM (SELECT pg_catalog.pg_is_in_recovery() AS standby) s LEFT JOIN pg_catalog.pg_stat_wal_receiver w ON true`;
}

const replicas = `SELECT ${mark} pg_catalog.count(*) OVER () AS total, r.application_name AS name, r.client_addr AS address, r.state, r.sync_state AS sync,
  EXTRACT(epoch FROM r.write_lag) AS write_lag, EXTRACT(epoch FROM r.flush_lag) AS flush_lag, EXTRACT(epoch FROM r.replay_lag) AS replay_lag,
  ${bytesSince("COALESCE(r.replay_lsn, r.flush_lsn, r.sent_lsn)")} AS bytes
FROM pg_catalog.pg_stat_replication r WHERE r.state IS DISTINCT FROM 'backup' ORDER BY 9 DESC NULLS LAST LIMIT 50`;

function slots(major: number): string {
  const status = major >= 13 ? "s.wal_status, s.safe_wal_size" : "NULL AS wal_status, NULL AS safe_wal_size";
  // A slot that is kept in step with the primary's is never read here.
  const synced = major >= 17 ? "s.synced, s.invalidation_reason" : "false AS synced, NULL AS invalidation_reason";
  return `SELECT ${mark} pg_catalog.count(*) OVER () AS total,
  pg_catalog.count(*) FILTER (WHERE NOT s.active AND NOT s.temporary${major >= 17 ? " AND NOT s.synced" : ""}) OVER () AS inactive,
  s.slot_name AS name, s.slot_type AS type, s.active, ${status}, ${synced},
  ${bytesSince("s.restart_lsn")} AS retained,
  GREATEST(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin)) AS xid_age
FROM pg_catalog.pg_replication_slots s ORDER BY retained DESC NULLS FIRST LIMIT 50`;
}

const archiver = `SELECT ${mark} r.archived_count AS archived, r.failed_count AS failed, r.last_archived_wal, r.last_failed_wal,
  ${age("r.last_archived_time")} AS archived_age, ${age("r.last_failed_time")} AS failed_age
FROM pg_catalog.pg_stat_archiver r`;

const prepared = `SELECT ${mark} pg_catalog.count(*) AS count, pg_catalog.max(${age("p.prepared")}) AS oldest FROM pg_catalog.pg_prepared_xacts p`;

/** Whether the replay has reached a position by now (bytes since 0/0). */
export function hasReplayed(bytes: number): string {
  return `SELECT ${mark} pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0') >= ${Math.floor(bytes)} AS reached`;
}

/** Who keeps the given processes waiting: heavy for the lock manager, so ask for a few only. */
export function blockers(pids: readonly number[]): string {
  const list = pids.map((pid) => Math.trunc(pid)).join(", ");
  return `SELECT ${mark} b.pid, a.usename AS user, a.datname AS database, a.state, a.backend_type AS type, b.blocks,
  CASE WHEN a.state = 'active' THEN ${age("a.query_start")} ELSE ${age("a.xact_start")} END AS seconds,
  pg_catalog.left(a.query, ${textLength}) AS text
FROM (SELECT x.pid, pg_catalog.array_to_string(pg_catalog.array_agg(w.pid), ',') AS blocks
  FROM pg_catalog.unnest(ARRAY[${list}]::pg_catalog.int4[]) w(pid),
    LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) x(pid) GROUP BY x.pid) b
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY pg_catalog.length(b.blocks) DESC LIMIT 10`;
}

/** Settings that matter, and where pg_stat_statements is, each 5 minutes. */
export const settings: Statement = {
  name: "settings",
  sql: `SELECT ${mark} s.name, s.setting, s.unit FROM pg_catalog.pg_settings s WHERE s.name IN ('shared_buffers', 'max_connections',
  'data_checksums', 'wal_level', 'archive_mode', 'autovacuum', 'fsync', 'full_page_writes', 'data_directory', 'effective_cache_size',
  'work_mem', 'maintenance_work_mem', 'max_wal_size', 'checkpoint_timeout', 'synchronous_commit', 'synchronous_standby_names',
  'hot_standby_feedback', 'recovery_min_apply_delay', 'max_slot_wal_keep_size', 'autovacuum_freeze_max_age', 'track_activities',
  'track_counts', 'zero_damaged_pages', 'password_encryption', 'ssl')
UNION ALL SELECT 'extension', e.extversion, n.nspname FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`,
};

/** Every database with its size: it reads the whole data folder's file list, so each 5 minutes. */
export const sizes: Statement = {
  name: "sizes",
  sql: `SELECT ${mark} d.datname AS name, s.numbackends AS connections, s.blks_hit AS hits, s.blks_read AS reads,
  pg_catalog.age(d.datfrozenxid) AS xid_age, pg_catalog.mxid_age(d.datminmxid) AS mxid_age,
  CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
    THEN pg_catalog.pg_database_size(d.oid) END AS size
FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid
WHERE d.datconnlimit <> -2`,
};

/** Log on disk and segments that wait to be archived: pg_monitor may list these folders. */
export function folders(major: number): Statement {
  const ready =
    major >= 12
      ? `(SELECT pg_catalog.count(*) FROM pg_catalog.pg_ls_archive_statusdir() f WHERE f.name LIKE '%.ready')`
      : "NULL";
  return {
    name: "folders",
    sql: `SELECT ${mark} (SELECT pg_catalog.sum(f.size) FROM pg_catalog.pg_ls_waldir() f) AS wal, ${ready} AS ready`,
  };
}

/**
 * The 20 statements that took the most time, of the extension in that schema. Its columns go by its own version, which
 * stays behind the server's after an upgrade.
 */
export function topStatements(version: string, schema: string): Statement {
  const [first = 0, second = 0] = version.split(".").map(Number);
  const total = first > 1 || second >= 8 ? "total_exec_time" : "total_time";
  return {
    name: "statements",
    sql: `SELECT ${mark} pg_catalog.left(t.query, ${textLength}) AS text, t.calls, t.${total} / 1000 AS seconds, t.rows,
  t.shared_blks_hit AS hits, t.shared_blks_read AS reads, d.datname AS database
FROM "${schema.replaceAll('"', '""')}".pg_stat_statements t LEFT JOIN pg_catalog.pg_database d ON d.oid = t.dbid
WHERE t.query NOT LIKE '%${mark}%' ORDER BY t.${total} DESC LIMIT 20`,
  };
}

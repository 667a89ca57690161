import { hitsOfWindow } from "../hit-window.ts";
import { type Counters, increase, type ProbeResult, rate, ratio } from "../probe.ts";
import { number } from "./rows.ts";

/** What is read of SHOW GLOBAL STATUS: counters (their increase counts) and states. */
export const statusNames = [
  ...["Aborted_connects", "Binlog_cache_use", "Binlog_commits", "Bytes_received", "Bytes_sent"],
  ...["Connection_errors_max_connections", "Created_tmp_disk_tables"],
  ...["Com_commit", "Com_rollback", "Innodb_buffer_pool_bytes_data", "Innodb_buffer_pool_read_requests"],
  ...[
    "Innodb_buffer_pool_reads",
    "Innodb_data_read",
    "Innodb_data_written",
    "Innodb_deadlocks",
    "Innodb_row_lock_waits",
  ],
  ...["Questions", "Slaves_connected", "Slow_queries", "Ssl_cipher", "Threads_connected", "Threads_running", "Uptime"],
  ...["wsrep_cluster_size", "wsrep_cluster_status", "wsrep_connected", "wsrep_local_state_comment", "wsrep_ready"],
] as const;

/** What is read of SHOW GLOBAL VARIABLES. */
export const variableNames = [
  ...["binlog_expire_logs_seconds", "binlog_format", "datadir", "expire_logs_days", "group_replication_group_name"],
  ...[
    "gtid_mode",
    "gtid_strict_mode",
    "innodb_buffer_pool_size",
    "innodb_doublewrite",
    "innodb_flush_log_at_trx_commit",
  ],
  ...["log_bin", "long_query_time", "max_connect_errors", "max_connections", "performance_schema", "read_only"],
  ...["require_secure_transport", "server_id", "server_uuid", "slow_query_log", "super_read_only", "sync_binlog"],
  ...["transaction_isolation", "tx_isolation", "wsrep_cluster_address", "wsrep_cluster_name", "wsrep_on"],
] as const;

/** What the agent's own connection adds to the counters: it is nobody's load. */
export const ownNames = ["Bytes_received", "Bytes_sent", "Created_tmp_disk_tables", "Questions"] as const;

/** SHOW ... WHERE one of these names. The names are this file's own. */
export function showNamed(
  what: "GLOBAL STATUS" | "SESSION STATUS" | "GLOBAL VARIABLES",
  names: readonly string[],
): string {
  return `SHOW ${what} WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(", ")})`;
}

const counted = [
  ...["Aborted_connects", "Binlog_cache_use", "Binlog_commits", "Bytes_received", "Bytes_sent"],
  ...["Connection_errors_max_connections", "Created_tmp_disk_tables", "Com_commit", "Com_rollback"],
  ...["Innodb_buffer_pool_read_requests", "Innodb_buffer_pool_reads", "Innodb_data_read", "Innodb_data_written"],
  ...["Innodb_deadlocks", "Innodb_row_lock_waits", "Questions", "Slow_queries"],
];

/** Counters of a status answer; `own`: the same of the connection that asks. */
export function readCounters(
  status: ReadonlyMap<string, string>,
  own: ReadonlyMap<string, string>,
  at: number,
): Counters {
  const counters: Counters = { at };
  const keep = (key: string, value: number) => {
    if (Number.isFinite(value)) counters[key] = value;
  };
  for (const name of counted) keep(name, number(status.get(name.toLowerCase())));
  for (const name of ownNames) keep(`own_${name}`, number(own.get(name.toLowerCase())));
  return counters;
}

/** The values that the status and a few settings alone give. */
export function statusValues(
  status: ReadonlyMap<string, string>,
  variables: ReadonlyMap<string, string>,
  now: Counters,
  before: Counters | undefined,
): ProbeResult["values"] {
  const is = (name: string) => number(status.get(name.toLowerCase()));
  const per = (name: string) => rate(now, before, name);
  const connections = is("Threads_connected");
  const limit = number(variables.get("max_connections"));
  return {
    uptime_seconds: is("Uptime"),
    connections,
    connections_limit: limit,
    connections_used_ratio: ratio(connections, limit),
    connections_rejected_per_second: rejected(now, before),
    // This one runs now.
    active: Math.max(0, is("Threads_running") - 1),
    queries_per_second: others(now, before, "Questions"),
    commits_per_second: commits(now, before),
    rollbacks_per_second: per("Com_rollback"),
    slow_queries_per_second: per("Slow_queries"),
    deadlocks_per_second: per("Innodb_deadlocks"),
    lock_waits_per_second: per("Innodb_row_lock_waits"),
    temporary_tables_per_second: others(now, before, "Created_tmp_disk_tables"),
    cache_hit_ratio: hitsOfWindow(now, before, "Innodb_buffer_pool_read_requests", "Innodb_buffer_pool_reads"),
    read_bytes_per_second: per("Innodb_data_read"),
    write_bytes_per_second: per("Innodb_data_written"),
    receive_bytes_per_second: others(now, before, "Bytes_received"),
    transmit_bytes_per_second: others(now, before, "Bytes_sent"),
    // A buffer pool is meant to be full: no ratio that a rule would warn of.
    memory_used_bytes: is("Innodb_buffer_pool_bytes_data"),
    memory_limit_bytes: number(variables.get("innodb_buffer_pool_size")),
  };
}

// MariaDB counts those over the limit mostly as aborted ones, wrong passwords among them; MySQL apart.
function rejected(now: Counters, before: Counters | undefined): number {
  const limited = rate(now, before, "Connection_errors_max_connections");
  const aborted = rate(now, before, "Aborted_connects");
  return Number.isNaN(limited) ? aborted : Math.max(limited, aborted || 0);
}

// A new connection counts from 0 again.
function others(now: Counters, before: Counters | undefined, name: (typeof ownNames)[number]): number {
  if (before === undefined || !(now.at > before.at)) return Number.NaN;
  const own = increase(now, before, `own_${name}`);
  const mine = Number.isNaN(own) ? (now[`own_${name}`] ?? 0) : own;
  return (Math.max(0, increase(now, before, name) - mine) * 1000) / (now.at - before.at);
}

// COMMIT counts the explicit ones alone; the binary log knows all that wrote something, rolled back ones among them.
function commits(now: Counters, before: Counters | undefined): number {
  const explicit = rate(now, before, "Com_commit");
  const logged =
    now.Binlog_commits === undefined
      ? rate(now, before, "Binlog_cache_use") - rate(now, before, "Com_rollback")
      : rate(now, before, "Binlog_commits");
  return Number.isNaN(logged) ? explicit : Math.max(explicit, logged);
}

/** The settings that matter, for people. */
export function settings(variables: ReadonlyMap<string, string>): Record<string, string> {
  const shown = [
    ...["innodb_buffer_pool_size", "innodb_flush_log_at_trx_commit", "sync_binlog", "max_connections", "read_only"],
    ...["super_read_only", "log_bin", "binlog_format", "binlog_expire_logs_seconds", "expire_logs_days", "gtid_mode"],
    ...["gtid_strict_mode", "innodb_doublewrite", "long_query_time", "slow_query_log", "performance_schema"],
    ...["require_secure_transport", "transaction_isolation", "tx_isolation", "server_id", "max_connect_errors"],
  ];
  const found: Record<string, string> = {};
  for (const name of shown) {
    const value = variables.get(name);
    if (value !== undefined && value !== "") found[name] = value;
  }
  return found;
}

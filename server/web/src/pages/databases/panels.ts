import { type KindChart, kindPanels } from "../../charts/kind-panels.ts";
import type { ChartPanel } from "../../charts/panels.ts";

/** In the order in which people look for what is wrong. */
const charts: readonly KindChart<"database">[] = [
  {
    key: "connections",
    title: "Connections",
    lines: [
      ["connections", "Open"],
      ["active", "Active", "--c2"],
      ["idle_in_transaction", "Idle in transaction", "--c3"],
      ["waiting", "Waiting", "--c6"],
    ],
  },
  { key: "queries", title: "Queries", lines: [["queries_per_second", "Queries"]] },
  {
    key: "transactions",
    title: "Transactions",
    lines: [
      ["commits_per_second", "Commits"],
      ["rollbacks_per_second", "Rollbacks", "--c6"],
    ],
  },
  { key: "cache", title: "Cache hit", max: 1, lines: [["cache_hit_ratio", "Served from memory"]] },
  {
    key: "memory",
    title: "Memory",
    lines: [
      ["memory_used_bytes", "Used"],
      ["memory_limit_bytes", "Limit", "--c8"],
    ],
  },
  { key: "keys", title: "Keys, documents, objects", lines: [["keys", "Keys"]] },
  {
    key: "evictions",
    title: "Evicted and expired",
    lines: [
      ["evictions_per_second", "Evicted", "--c6"],
      ["expirations_per_second", "Expired", "--c1"],
    ],
  },
  {
    key: "longest",
    title: "Longest running",
    lines: [
      ["longest_query_seconds", "Statement"],
      ["longest_transaction_seconds", "Transaction"],
    ],
  },
  {
    key: "trouble",
    title: "Slow queries, waits, deadlocks, refused connections",
    lines: [
      ["slow_queries_per_second", "Slow queries", "--c3"],
      ["lock_waits_per_second", "Waits for locks", "--c2"],
      ["deadlocks_per_second", "Deadlocks", "--c6"],
      ["connections_rejected_per_second", "Refused connections", "--c4"],
    ],
  },
  { key: "locks", title: "Locks", lines: [["locks", "Held"]] },
  { key: "lag", title: "Replication lag", lines: [["replication_lag_seconds", "Behind"]] },
  { key: "lag-bytes", title: "Replication lag in bytes", lines: [["replication_lag_bytes", "Not applied yet"]] },
  { key: "slots", title: "Log kept for replication slots", lines: [["slots_retained_bytes", "Kept"]] },
  {
    key: "io",
    title: "Disk",
    lines: [
      ["read_bytes_per_second", "Read"],
      ["write_bytes_per_second", "Written"],
      ["temporary_bytes_per_second", "Temporary files", "--c5"],
    ],
  },
  {
    key: "network",
    title: "Clients' traffic",
    lines: [
      ["receive_bytes_per_second", "In"],
      ["transmit_bytes_per_second", "Out"],
    ],
  },
  { key: "temporary", title: "Temporary tables", lines: [["temporary_tables_per_second", "On disk"]] },
  { key: "size", title: "Size", lines: [["size_bytes", "Data"]] },
  { key: "disk-used", title: "Filesystem of its data", max: 1, lines: [["disk_used_ratio", "Used"]] },
  {
    key: "wraparound",
    title: "Ids used before wraparound",
    lines: [
      ["transaction_id_used_ratio", "Transactions"],
      ["multixact_id_used_ratio", "Multixacts"],
    ],
  },
  { key: "checkpoints", title: "Checkpoints", lines: [["checkpoints_per_second", "Checkpoints"]] },
  { key: "fragmentation", title: "Memory fragmentation", lines: [["memory_fragmentation_factor", "Resident by used"]] },
  {
    key: "offline",
    title: "Cluster: members and drives away",
    lines: [
      ["nodes_offline", "Members", "--c6"],
      ["drives_offline", "Drives", "--c3"],
    ],
  },
  { key: "probe", title: "Time of the probe", lines: [["probe_seconds", "Probe"]] },
];

const sql = ["connections", "queries", "transactions", "cache", "longest", "io", "size"];

/** Shown while the newest values say nothing of what this one measures: it is down, but has a history. */
const usual: Readonly<Record<string, readonly string[]>> = {
  postgresql: sql,
  mysql: sql,
  mariadb: sql,
  redis: ["connections", "queries", "memory", "keys", "evictions", "network"],
  valkey: ["connections", "queries", "memory", "keys", "evictions", "network"],
  mongodb: ["connections", "queries", "cache", "memory", "network", "size"],
  minio: ["queries", "size", "disk-used", "network", "offline"],
};

/** The charts of one database: those that its newest values have something for, else its engine's usual ones. */
export function databasePanels(id: number, engine: string, measured: ReadonlySet<string>): ChartPanel[] {
  // The probe's own time is there even when nothing could be read.
  const some = charts.some(({ key, lines }) => key !== "probe" && lines.some(([metric]) => measured.has(metric)));
  const wanted = [...(usual[engine] ?? sql), "probe"];
  return kindPanels("database", id, charts, measured, (key) => wanted.includes(key), some);
}

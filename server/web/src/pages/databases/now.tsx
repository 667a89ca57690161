import type { DatabaseDetail } from "../../api/database-types.ts";
import { formatBytes, formatDuration, formatNumber, formatRatio, formatUnit } from "../../format/units.ts";
import { Meter } from "../../ui/meter.tsx";
import { given, limit, type Tile, Tiles, when } from "../../ui/tiles.tsx";

type Values = Record<string, number | null>;

/** The newest figures, those that this database has. */
export function Now({ database }: { database: DatabaseDetail }) {
  return <Tiles tiles={tilesOf(database, database.latest?.values ?? {})} />;
}

function tilesOf(database: DatabaseDetail, v: Values): (Tile | null)[] {
  return [
    when(v.connections, (open) => ({
      label: "Connections",
      value: v.connections_limit ? `${formatNumber(open)} of ${formatNumber(v.connections_limit)}` : formatNumber(open),
      sub: (
        <>
          {given(v.connections_used_ratio) && (
            <Meter wide value={v.connections_used_ratio} label="Connections in use" />
          )}
          <span className="block">{connectionsByState(v)}</span>
        </>
      ),
      tone: limit(v.connections_used_ratio, 0.8, 0.9),
    })),
    when(v.queries_per_second, (rate) => ({
      label: "Queries",
      value: formatUnit("per_second", rate),
      sub: given(v.commits_per_second) && `${formatUnit("per_second", v.commits_per_second)} commits`,
    })),
    when(v.cache_hit_ratio, (ratio) => ({
      label: "Cache hit",
      value: formatRatio(ratio),
      sub: "of reads served from memory",
    })),
    when(v.memory_used_bytes, (used) => ({
      label: "Memory",
      value: formatBytes(used),
      sub: v.memory_limit_bytes ? (
        <Meter wide value={used / v.memory_limit_bytes} label="Memory in use" />
      ) : database.engine === "redis" || database.engine === "valkey" ? (
        "without a limit"
      ) : undefined,
      tone: limit(v.memory_used_ratio, 0.95, 1.01),
    })),
    when(v.size_bytes, (size) => ({
      label: "Size",
      value: formatBytes(size),
      sub: given(v.disk_used_ratio) && <Meter wide value={v.disk_used_ratio} label="Filesystem of its data in use" />,
      tone: limit(v.disk_used_ratio, 0.9, 0.95),
    })),
    when(v.keys, (keys) => ({ label: keysWord(database.engine), value: formatNumber(keys) })),
    when(v.evictions_per_second, (rate) => ({
      label: "Evicted",
      value: formatUnit("per_second", rate),
      sub: given(v.expirations_per_second) && `${formatUnit("per_second", v.expirations_per_second)} expired`,
      tone: rate > 1 ? "warn" : undefined,
    })),
    when(v.longest_transaction_seconds, (seconds) => ({
      label: "Longest transaction",
      value: formatDuration(seconds),
      sub: given(v.longest_query_seconds) && `longest statement ${formatDuration(v.longest_query_seconds)}`,
      tone: limit(seconds, 3600, 86_400),
    })),
    replication(database, v),
    wraparound(v),
    when(v.save_ok, (ok) => ({
      label: "Last save",
      value: ok > 0 ? "succeeded" : "failed",
      sub: given(v.save_age_seconds) && `${formatDuration(v.save_age_seconds)} ago`,
      tone: ok > 0 ? undefined : "crit",
    })),
    when(v.archive_ok, (ok) => ({
      label: "Archiving of the log",
      value: ok > 0 ? "succeeds" : "fails",
      tone: ok > 0 ? undefined : "crit",
    })),
    when(v.nodes_offline, (count) => ({
      label: "Members away",
      value: formatNumber(count),
      tone: count > 0 ? "crit" : undefined,
    })),
    when(v.drives_offline, (count) => ({
      label: "Drives away",
      value: formatNumber(count),
      tone: count > 0 ? "crit" : undefined,
    })),
    when(v.uptime_seconds, (seconds) => ({ label: "Uptime", value: formatDuration(seconds) })),
  ];
}

function replication(database: DatabaseDetail, v: Values): Tile | null {
  const isBroken = v.replication_running === 0;
  if (isBroken || given(v.replication_lag_seconds)) {
    return {
      label: "Replication",
      value: isBroken ? "broken" : `${formatDuration(v.replication_lag_seconds)} behind`,
      sub: given(v.replication_lag_bytes) && `${formatBytes(v.replication_lag_bytes)} not applied`,
      tone: isBroken ? "crit" : limit(v.replication_lag_seconds, 10, 30),
    };
  }
  if (!given(v.replicas) || (v.replicas === 0 && database.role !== "primary")) return null;
  return {
    label: "Replicas",
    value: formatNumber(v.replicas),
    sub: given(v.replication_lag_bytes) && `slowest ${formatBytes(v.replication_lag_bytes)} behind`,
  };
}

function wraparound(v: Values): Tile | null {
  const used = Math.max(v.transaction_id_used_ratio ?? -1, v.multixact_id_used_ratio ?? -1);
  if (used < 0) return null;
  return {
    label: "Until wraparound",
    value: `${formatRatio(used)} used`,
    sub: "of transaction or multixact ids",
    tone: limit(used, 0.75, 0.9),
  };
}

function connectionsByState(v: Values): string {
  const parts: [number | null | undefined, string][] = [
    [v.active, "active"],
    [v.idle_in_transaction, "idle in transaction"],
    [v.waiting, "waiting"],
  ];
  return parts.flatMap(([count, word]) => (given(count) ? [`${formatNumber(count)} ${word}`] : [])).join(", ");
}

function keysWord(engine: string): string {
  return engine === "minio" ? "Objects" : engine === "mongodb" ? "Documents" : "Keys";
}

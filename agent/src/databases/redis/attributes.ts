import { type Target, tlsMode } from "../probe.ts";
import { commandStatistics, type Info, keyspaces, numberOf, type RedisFacts, replicasOf } from "./info.ts";

/** Role of the server: a cluster's node without replicas is a primary, too. */
export function roleOf(info: Info): string {
  if (info.get("redis_mode") === "sentinel" || info.get("server_mode") === "sentinel") return "sentinel";
  if (info.get("role") === "slave") return "replica";
  return numberOf(info, "connected_slaves") > 0 || info.get("cluster_enabled") === "1" ? "primary" : "standalone";
}

/** What a probe tells beside numbers. `encrypted`: whether its connection uses TLS. */
export function attributesOf(
  facts: RedisFacts,
  version: string,
  encrypted: boolean,
  target: Target,
): Record<string, unknown> {
  const { info, slow = [], cluster, saves } = facts;
  const n = (name: string) => finite(numberOf(info, name));
  const isReplica = info.get("role") === "slave";
  return {
    version,
    role: roleOf(info),
    databases: keyspaces(info)
      .slice(0, 50)
      .map((one) => ({ ...one, sizeBytes: null })),
    replication: {
      role: roleOf(info),
      upstream: isReplica ? `${info.get("master_host") ?? ""}:${info.get("master_port") ?? ""}` : null,
      state: isReplica ? (info.get("master_link_status") ?? null) : null,
      replicas: replicasOf(info).map((one) => ({
        ...one,
        lagSeconds: finite(one.lagSeconds),
        lagBytes: finite(one.lagBytes),
        sync: false,
      })),
      slots: [],
    },
    topStatements: commandStatistics(info).map(({ meanSeconds, ...rest }) => ({
      ...rest,
      meanSeconds: finite(meanSeconds),
      rows: null,
      hitRatio: null,
    })),
    slowLog: slow.map(({ at, seconds, text }) => ({ at, seconds, text })),
    persistence: {
      snapshots: saves === undefined ? null : saves !== "",
      saves: saves ?? null,
      lastSaveStatus: info.get("rdb_last_bgsave_status") ?? null,
      lastSaveAt: iso(numberOf(info, "rdb_last_save_time")),
      lastSaveSeconds: n("rdb_last_bgsave_time_sec"),
      changesSinceSave: n("rdb_changes_since_last_save"),
      saving: info.get("rdb_bgsave_in_progress") === "1",
      appendOnly: info.get("aof_enabled") === "1",
      appendStatus: info.get("aof_last_write_status") ?? null,
      rewriteStatus: info.get("aof_last_bgrewrite_status") ?? null,
      rewriting: info.get("aof_rewrite_in_progress") === "1",
    },
    settings: {
      maxmemoryPolicy: info.get("maxmemory_policy") ?? null,
      maxclients: n("maxclients"),
      mode: info.get("redis_mode") ?? info.get("server_mode") ?? null,
      blockedClients: n("blocked_clients"),
      keyspaceHits: n("keyspace_hits"),
      keyspaceMisses: n("keyspace_misses"),
      evictedKeys: n("evicted_keys"),
      peakMemoryBytes: n("used_memory_peak"),
      residentBytes: n("used_memory_rss"),
    },
    ...(cluster === undefined ? {} : { cluster }),
    tls: { mode: tlsMode(target), used: encrypted },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function iso(seconds: number): string | null {
  return seconds > 0 && seconds < 8e12 ? new Date(seconds * 1000).toISOString() : null;
}

import { catalogue } from "../../shared/catalogue.ts";
import type { TestApi } from "./api.ts";

type Metric = (typeof catalogue)["database"]["metrics"][number]["name"];

export type NewDatabase = {
  key: string;
  state: string;
  labels: Record<string, string>;
  attributes?: Record<string, unknown>;
  values?: Partial<Record<Metric, number>>;
};

/** A database on that server with an hour of samples that wave around its newest values, as its agent would have made it. */
export async function addDatabase(api: TestApi, serverId: string, database: NewDatabase): Promise<number> {
  const { key, state, labels, attributes = {}, values = {} } = database;
  const row = {
    server_id: serverId,
    kind: "database",
    key,
    state,
    state_since: new Date(Date.now() - 7_200_000),
    labels: JSON.stringify(labels),
    attributes: JSON.stringify({ probedAt: new Date().toISOString(), ...attributes }),
  };
  const { id } = await api.context.db.insertInto("resource").values(row).returning("id").executeTakeFirstOrThrow();
  const newest = Float32Array.from(catalogue.database.metrics, ({ name }) => values[name] ?? Number.NaN);
  const now = Date.now();
  api.newest.set(id, { at: now, values: newest });
  for (let at = now - 3_600_000; at <= now; at += 30_000) {
    const wave = 1 - 0.15 * (1 - Math.cos((now - at) / 300_000));
    api.samples.push({ resourceId: id, at, values: newest.map((value) => value * wave) });
  }
  return id;
}

const GiB = 1024 ** 3;

/** A PostgreSQL primary in need: connections high, a replica behind, ids used up, a slot that nobody reads. */
export const postgresql: NewDatabase = {
  key: "postgresql:127.0.0.1:5432",
  state: "up",
  labels: { engine: "postgresql", host: "127.0.0.1", port: "5432", role: "primary", version: "16", name: "shop" },
  attributes: {
    engine: "postgresql",
    version: "16.4",
    name: "shop",
    host: "127.0.0.1",
    port: 5432,
    process: "postgres",
    pid: 4711,
    source: "configuration",
    credentials: "configured",
    dataDirectory: "/var/lib/postgresql/16/main",
    disks: ["nvme0n1"],
    tls: { mode: "prefer", used: false },
    databases: [
      { name: "shop", sizeBytes: 48 * GiB, connections: 71, cacheHitRatio: 0.994, transactionIdAge: 1_650_000_000 },
      { name: "analytics", sizeBytes: 210 * GiB, connections: 14, cacheHitRatio: 0.871, transactionIdAge: 91_000_000 },
      { name: "postgres", sizeBytes: 7_700_000, connections: 1, cacheHitRatio: 0.999, transactionIdAge: 12_000_000 },
    ],
    replication: {
      role: "primary",
      replicas: [
        { name: "db-2", address: "10.0.0.12", state: "streaming", lagSeconds: 0.004, lagBytes: 8192, sync: "sync" },
        { name: "db-3", address: "10.0.0.13", state: "catchup", lagSeconds: 44, lagBytes: 3e9, sync: "async" },
      ],
      slots: [
        { name: "db_2", active: true, retainedBytes: 16_777_216, walStatus: "reserved" },
        { name: "old_standby", active: false, retainedBytes: 14 * GiB, walStatus: "extended" },
      ],
    },
    topStatements: [
      {
        text: "SELECT o.id, o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed_at > ? AND o.state = ANY(?) ORDER BY o.placed_at DESC LIMIT ?",
        calls: 184_223,
        totalSeconds: 18_402,
        meanSeconds: 0.0999,
        rows: 9_211_150,
        hitRatio: 0.93,
      },
      {
        text: "UPDATE stock SET left = left - ? WHERE sku = ?",
        calls: 1_204_991,
        totalSeconds: 3012,
        meanSeconds: 0.0025,
        rows: 1_204_991,
        hitRatio: 1,
      },
    ],
    longRunning: [
      {
        seconds: 7412,
        user: "report",
        database: "analytics",
        state: "idle in transaction",
        waitsFor: "Client: ClientRead",
        text: "SELECT * FROM facts WHERE day = ?",
      },
    ],
    settings: { max_connections: 100, shared_buffers: "8GB", wal_level: "replica", fsync: true },
  },
  values: {
    up: 1,
    probe_seconds: 0.021,
    uptime_seconds: 4_000_000,
    size_bytes: 258 * GiB,
    connections: 86,
    connections_limit: 100,
    connections_used_ratio: 0.86,
    active: 12,
    idle_in_transaction: 3,
    waiting: 2,
    locks: 214,
    queries_per_second: 1840,
    commits_per_second: 912,
    rollbacks_per_second: 3.2,
    longest_query_seconds: 41,
    longest_transaction_seconds: 7412,
    deadlocks_per_second: 0,
    cache_hit_ratio: 0.987,
    read_bytes_per_second: 4e6,
    write_bytes_per_second: 2e7,
    temporary_bytes_per_second: 5e5,
    replicas: 2,
    replication_lag_bytes: 3e9,
    slots_inactive: 1,
    slots_retained_bytes: 14 * GiB,
    transaction_id_used_ratio: 0.77,
    multixact_id_used_ratio: 0.02,
    archive_ok: 1,
    checkpoints_per_second: 0.003,
    disk_used_ratio: 0.71,
  },
};

/** A replica whose link is cut. */
export const mariadb: NewDatabase = {
  key: "mariadb:container/shop-db:3306",
  state: "up",
  labels: { engine: "mariadb", host: "172.17.0.4", port: "3306", container: "shop-db", role: "replica", version: "11" },
  attributes: {
    engine: "mariadb",
    version: "11.4.2-MariaDB",
    host: "172.17.0.4",
    port: 3306,
    container: "shop-db",
    source: "discovered",
    credentials: "configured",
    replication: { role: "replica", upstream: "10.0.0.5:3306", state: "IO thread stopped", replicas: [], slots: null },
    grants: ["GRANT REPLICATION CLIENT ON *.* TO 'fairlead'@'%';"],
  },
  values: {
    up: 1,
    connections: 40,
    connections_limit: 151,
    connections_used_ratio: 0.265,
    active: 4,
    queries_per_second: 310,
    cache_hit_ratio: 0.999,
    replication_running: 0,
    replication_lag_seconds: 95,
    size_bytes: 9 * GiB,
    receive_bytes_per_second: 2e5,
    transmit_bytes_per_second: 1e6,
    uptime_seconds: 90_000,
  },
};

/** A Redis that evicts and can't save. */
export const redis: NewDatabase = {
  key: "redis:127.0.0.1:6379",
  state: "up",
  labels: { engine: "redis", host: "127.0.0.1", port: "6379", role: "primary", version: "7" },
  attributes: {
    engine: "redis",
    version: "7.2.5",
    host: "127.0.0.1",
    port: 6379,
    credentials: "none_needed",
    note: "the last save to disk failed",
    persistence: {
      lastSaveAt: "2026-11-22T03:12:55Z",
      changesSinceSave: 184_223,
      appendOnly: false,
      lastSaveSeconds: 4,
    },
    settings: { maxmemoryPolicy: "allkeys-lru", maxmemoryBytes: 2 * GiB },
  },
  values: {
    up: 1,
    connections: 214,
    connections_limit: 10_000,
    connections_used_ratio: 0.0214,
    queries_per_second: 41_200,
    cache_hit_ratio: 0.82,
    memory_used_bytes: 1.99 * GiB,
    memory_limit_bytes: 2 * GiB,
    memory_used_ratio: 0.995,
    memory_fragmentation_factor: 1.08,
    keys: 3_204_112,
    evictions_per_second: 120,
    expirations_per_second: 44,
    save_ok: 0,
    save_age_seconds: 100_000,
    replicas: 0,
    uptime_seconds: 300_000,
    receive_bytes_per_second: 3e6,
    transmit_bytes_per_second: 9e6,
  },
};

/** Found, and nobody told how to get in. */
export const locked: NewDatabase = {
  key: "mysql:127.0.0.1:3306",
  state: "needs_credentials",
  labels: { engine: "mysql", host: "127.0.0.1", port: "3306" },
  attributes: {
    engine: "mysql",
    host: "127.0.0.1",
    port: 3306,
    credentials: "missing",
    error: "no user is known",
    grants: [
      "CREATE USER 'fairlead'@'localhost' IDENTIFIED BY 'PASSWORD' WITH MAX_USER_CONNECTIONS 3;",
      "GRANT PROCESS, REPLICATION CLIENT, SELECT ON *.* TO 'fairlead'@'localhost';",
    ],
  },
  values: {},
};

/** Down: nothing is measured but that. */
export const down: NewDatabase = {
  key: "mongodb:127.0.0.1:27017",
  state: "down",
  labels: { engine: "mongodb", host: "127.0.0.1", port: "27017", version: "7" },
  attributes: {
    engine: "mongodb",
    version: "7.0.14",
    host: "127.0.0.1",
    port: 27017,
    credentials: "configured",
    error: "nothing accepts connections at 127.0.0.1:27017",
  },
  values: { up: 0, probe_seconds: 0.001 },
};

/** An object store with a drive away. */
export const minio: NewDatabase = {
  key: "minio:127.0.0.1:9000",
  state: "up",
  labels: { engine: "minio", host: "127.0.0.1", port: "9000" },
  attributes: { engine: "minio", version: "2026-10-01", host: "127.0.0.1", port: 9000, credentials: "none_needed" },
  values: {
    up: 1,
    size_bytes: 3.1e12,
    keys: 18_400_231,
    disk_used_ratio: 0.93,
    nodes_offline: 0,
    drives_offline: 1,
    queries_per_second: 88,
    uptime_seconds: 9e5,
  },
};

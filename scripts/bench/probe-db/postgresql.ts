import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import pg from "pg";
import { postgresql } from "../../../agent/src/databases/postgresql.ts";
import type { Counters, Target } from "../../../agent/src/databases/probe.ts";
import { noPostgres, type Postgres, startPostgres } from "../../../agent/tests/postgres.ts";
import type { EngineFigures } from "../probe-db.ts";
import { type Relay, startRelay } from "./relay.ts";

const rounds = 100;
const databases = 5;
const tables = 300;
const idle = 40;
const password = "bench-password";
/** A probe each 30 s; sizes and the like each 5 min. */
const slowEach = 10;

/**
 * A server with 6 databases, 300 tables, 40 idle sessions: one probe of ours with the connection kept, what it
 * would cost to connect anew each time, and the views that postgres_exporter reads by default, asked as it does (one statement at a time on one
 * connection). `server_cpu_ms`: time its process was on a CPU, parsing and planning included.
 */
export async function bench(): Promise<EngineFigures> {
  if (noPostgres !== undefined) return { skipped: noPostgres };
  const server = await startPostgres({
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      max_connections: "100",
      "pg_stat_statements.max": "5000",
    },
  });
  const relay = await startRelay(server.port);
  try {
    await fill(server);
    return {
      setting: { databases: databases + 3, tables, sessions: idle, rounds, cores: availableParallelism() },
      probe: await measureProbe(server, relay),
      connecting_server_cpu_ms: await measureConnecting(server),
      postgres_exporter_views: await measureExporter(server, relay),
    };
  } finally {
    relay.close();
    await server.close();
  }
}

async function fill(server: Postgres): Promise<void> {
  await server.sql(`CREATE ROLE fairlead LOGIN PASSWORD '${password}'; GRANT pg_monitor TO fairlead;
    CREATE ROLE exporter LOGIN PASSWORD '${password}'; GRANT pg_monitor TO exporter; CREATE EXTENSION pg_stat_statements`);
  for (let i = 0; i < databases; i++) await server.sql(`CREATE DATABASE bench_${i}`);
  await server.sql(`DO $$ BEGIN FOR i IN 1..${tables} LOOP EXECUTE 'CREATE TABLE t' || i || ' (id int PRIMARY KEY, t text)';
    EXECUTE 'INSERT INTO t' || i || ' VALUES (1)'; END LOOP; END $$`);
  // Statements of an application, for pg_stat_statements.
  for (let i = 1; i <= tables; i++) await server.sql(`SELECT count(*) FROM t${i} WHERE id > ${i}`);
  await Promise.all(Array.from({ length: idle }, () => server.client()));
}

function targetOf(port: number): Target {
  const key = `postgresql:127.0.0.1:${port}`;
  return { key, engine: "postgresql", host: "127.0.0.1", port, user: "fairlead", password, timeoutMs: 10_000 };
}

async function measureProbe(server: Postgres, relay: Relay): Promise<Record<string, unknown>> {
  const target = targetOf(relay.port);
  let counters: Counters | undefined;
  const probe = async () => {
    const result = await postgresql.probe(target, counters, AbortSignal.timeout(10_000));
    if (result.status !== "up") throw new Error(result.reason);
    counters = result.counters;
  };
  // The first asks all that is asked each 5 minutes, too; further ones come from sessions of their own.
  const rare = await measure(server, relay, "fairlead", 10, async () => {
    await postgresql.forget?.(target.key);
    await probe();
  });
  await probe();
  const usual = await measure(server, relay, "fairlead", rounds, probe);
  const [kept] = await server.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'fairlead'");
  const memory = privateBytes(Number(kept?.pid));
  await postgresql.forget?.(target.key);
  const { server_cpu_ms: _, ...first } = rare;
  return {
    each_30_s: usual,
    each_300_s_and_connecting: first,
    probes_per_300_s: slowEach,
    kept_backend_private_bytes: memory,
  };
}

/** CPU of a connection made and closed, from what the server's ended processes used: what a kept one saves. */
async function measureConnecting(server: Postgres): Promise<number> {
  const before = endedCpu(server.pid());
  for (let i = 0; i < rounds; i++) {
    const client = new pg.Client({
      host: "127.0.0.1",
      port: server.port,
      user: "fairlead",
      password,
      database: "postgres",
    });
    await client.connect();
    await client.end();
  }
  await settled(server, "fairlead");
  return round(((endedCpu(server.pid()) - before) * 1000) / rounds);
}

/** Its default collectors and default metrics, as its README lists them (0.17): the views and functions that each reads. */
const exporterStatements = (names: readonly string[]): string[] => [
  "SELECT version()",
  // database: a size for each
  "SELECT datname, datconnlimit FROM pg_database",
  ...names.map((name) => `SELECT pg_database_size('${name}')`),
  // locks
  `SELECT d.datname, m.mode, count(l.pid) FROM pg_database d
    CROSS JOIN (SELECT DISTINCT mode FROM pg_locks) m LEFT JOIN pg_locks l ON l.database = d.oid AND l.mode = m.mode GROUP BY 1, 2`,
  // replication
  `SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0 ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END AS lag,
    pg_is_in_recovery() AS is_replica, extract(epoch FROM now() - pg_last_xact_replay_timestamp()) AS last_replay`,
  // replication_slot
  "SELECT slot_name, slot_type, pg_current_wal_lsn() - '0/0' AS at, active, wal_status, safe_wal_size FROM pg_replication_slots",
  // roles
  "SELECT rolname, rolconnlimit FROM pg_roles",
  // stat_bgwriter
  "SELECT * FROM pg_stat_bgwriter",
  // stat_database
  "SELECT * FROM pg_stat_database",
  // stat_user_tables, statio_user_tables: of the database that it is connected to
  `SELECT *, pg_indexes_size(relid) AS indexes, pg_table_size(relid) AS size FROM pg_stat_user_tables`,
  "SELECT * FROM pg_statio_user_tables",
  // wal
  "SELECT count(*), sum(size) FROM pg_ls_waldir()",
  // default metrics
  "SELECT *, pg_current_wal_lsn() - replay_lsn AS lag FROM pg_stat_replication",
  "SELECT *, extract(epoch FROM now() - last_archived_time) FROM pg_stat_archiver",
  "SELECT * FROM pg_stat_database_conflicts",
  `SELECT d.datname, a.state, count(a.pid), max(extract(epoch FROM now() - a.xact_start)) FROM pg_database d
    LEFT JOIN pg_stat_activity a ON a.datname = d.datname GROUP BY 1, 2`,
  "SELECT name, setting, coalesce(unit, ''), short_desc, vartype FROM pg_settings WHERE vartype IN ('bool', 'integer', 'real')",
];

async function measureExporter(server: Postgres, relay: Relay): Promise<Record<string, unknown>> {
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port: relay.port, user: "exporter", password, database: "postgres" },
  });
  await client.connect();
  const names = (await client.query("SELECT datname FROM pg_database WHERE datallowconn")).rows.map(
    ({ datname }) => datname,
  );
  const scrape = async () => {
    for (const statement of exporterStatements(names)) await client.query(statement);
  };
  await scrape();
  const each = await measure(server, relay, "exporter", rounds, scrape);
  const [kept] = await server.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'exporter'");
  const memory = privateBytes(Number(kept?.pid));
  await client.end();
  return { each_scrape: each, kept_backend_private_bytes: memory };
}

async function measure(
  server: Postgres,
  relay: Relay,
  user: string,
  times: number,
  work: () => Promise<void>,
): Promise<Record<string, number>> {
  await server.sql(`SELECT pg_stat_statements_reset(r.oid) FROM pg_roles r WHERE r.rolname = '${user}'`);
  relay.reset();
  const [session] = await server.sql(`SELECT pid FROM pg_stat_activity WHERE usename = '${user}'`);
  const cpu = onCpu(Number(session?.pid));
  const started = performance.now();
  for (let i = 0; i < times; i++) await work();
  const elapsed = performance.now() - started;
  const used = onCpu(Number(session?.pid)) - cpu;
  const { toServer, toClient, trips } = { ...relay.counts };
  const [sums] = await server.sql(`SELECT sum(calls) AS calls, sum(total_exec_time) AS ms FROM pg_stat_statements s
    JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = '${user}'`);
  return {
    statements: round(Number(sums?.calls) / times),
    round_trips: round(trips / times),
    bytes_to_server: Math.round(toServer / times),
    bytes_to_client: Math.round(toClient / times),
    execution_ms: round(Number(sums?.ms) / times),
    server_cpu_ms: round(used / times),
    elapsed_ms: round(elapsed / times),
  };
}

/** Time on a CPU of a process so far, ms. */
function onCpu(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** CPU of children that have ended, seconds, in ticks of 10 ms. */
function endedCpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function settled(server: Postgres, user: string): Promise<void> {
  while ((await server.sql(`SELECT 1 FROM pg_stat_activity WHERE usename = '${user}'`)).length > 0);
}

function privateBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = [...text.matchAll(/^Private_\w+:\s+(\d+)/gm)].map(([, value]) => Number(value));
  return kilobytes.reduce((sum, value) => sum + value * 1024, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createConnection } from "mysql2/promise";
import { mysql } from "../../../agent/src/databases/mysql.ts";
import type { Counters, Target } from "../../../agent/src/databases/probe.ts";
import { type Mariadb, noMariadb, startPrimary } from "../../../agent/tests/mariadb.ts";
import type { EngineFigures } from "../probe-db.ts";
import { type Relay, startRelay } from "./relay.ts";

const rounds = 200;
const rareRounds = 30;
const tables = 300;
const idle = 40;
const password = "bench-password";

/**
 * A server with 300 tables and 40 idle sessions: our probe with its connection kept, the one that also asks what is asked
 * each 5 min and connects, and what mysqld_exporter asks by default, which connects for each scrape.
 */
export async function bench(): Promise<EngineFigures> {
  if (noMariadb !== undefined) return { skipped: noMariadb };
  const server = await startPrimary(1, "--performance-schema=ON");
  const relay = await startRelay(server.port);
  const idlers = [];
  try {
    await server.sql(
      `CREATE USER 'fairlead'@'127.0.0.1' IDENTIFIED BY '${password}'`,
      "GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO 'fairlead'@'127.0.0.1'",
      "GRANT SELECT ON performance_schema.* TO 'fairlead'@'127.0.0.1'",
      "CREATE DATABASE bench",
      ...Array.from({ length: tables }, (_, i) => `CREATE TABLE bench.t${i} (id INT PRIMARY KEY)`),
    );
    for (let i = 0; i < idle; i++) idlers.push(await server.connect());
    return {
      setting: { tables, sessions: idle, rounds, cores: availableParallelism() },
      probe: await measureProbe(server, relay),
      mysqld_exporter: await measureExporter(server, relay),
    };
  } finally {
    for (const one of idlers) one.destroy();
    relay.close();
    await server.close();
  }
}

async function measureProbe(server: Mariadb, relay: Relay): Promise<Record<string, unknown>> {
  const key = `mariadb:127.0.0.1:${relay.port}`;
  const target: Target = {
    ...{ key, engine: "mariadb", host: "127.0.0.1", port: relay.port, user: "fairlead", password, timeoutMs: 10_000 },
  };
  let counters: Counters | undefined;
  const probe = async () => {
    const result = await mysql.probe(target, counters, AbortSignal.timeout(10_000));
    if (result.status !== "up" || result.reason !== undefined) throw new Error(result.reason);
    counters = result.counters;
  };
  const rare = await measure(server, relay, rareRounds, async () => {
    await mysql.forget?.(key);
    await probe();
  });
  const usual = await measure(server, relay, rounds, probe);
  await mysql.forget?.(key);
  return { each_30_s: usual, each_300_s_and_connecting: rare, probes_per_300_s: 10 };
}

/** Its collectors that are on by default, as its README lists them (0.17). */
const exporterStatements = [
  "SELECT @@version",
  "SET SESSION lock_wait_timeout = 2",
  "SHOW GLOBAL STATUS",
  "SHOW GLOBAL VARIABLES",
  "SHOW ALL SLAVES STATUS",
  `SELECT page_size, compress_ops, compress_ops_ok, compress_time, uncompress_ops, uncompress_time
    FROM information_schema.innodb_cmp`,
  `SELECT page_size, buffer_pool_instance, pages_used, pages_free, relocation_ops, relocation_time
    FROM information_schema.innodb_cmpmem`,
  "SELECT @@query_response_time_stats",
];

async function measureExporter(server: Mariadb, relay: Relay): Promise<Record<string, number>> {
  return await measure(server, relay, rounds, async () => {
    const connection = await createConnection({ host: "127.0.0.1", port: relay.port, user: "fairlead", password });
    // What this version has not costs as little as its error.
    for (const statement of exporterStatements) await connection.query(statement).catch(() => undefined);
    await connection.end();
  });
}

async function measure(
  server: Mariadb,
  relay: Relay,
  times: number,
  work: () => Promise<void>,
): Promise<Record<string, number>> {
  await work();
  relay.reset();
  const before = await statementsOf(server);
  const cpu = cpuSeconds(server.pid());
  const started = performance.now();
  for (let i = 0; i < times; i++) await work();
  const elapsed = performance.now() - started;
  const used = cpuSeconds(server.pid()) - cpu;
  const { toServer, toClient, trips } = { ...relay.counts };
  return {
    statements: round(((await statementsOf(server)) - before - 1) / times),
    round_trips: round(trips / times),
    bytes_to_server: Math.round(toServer / times),
    bytes_to_client: Math.round(toClient / times),
    server_cpu_ms: round((used * 1000) / times),
    elapsed_ms: round(elapsed / times),
  };
}

async function statementsOf(server: Mariadb): Promise<number> {
  return Number((await server.sql("SHOW GLOBAL STATUS LIKE 'Questions'"))[0]?.Value);
}

/** CPU of the whole server, threads that ended included; in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

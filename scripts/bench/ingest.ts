import { type ChildProcess, fork } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order, Phase } from "./ingest-agents.ts";
import type { Ready } from "./ingest-server.ts";
import { usageOf } from "./process-tree.ts";

const seconds = Number(process.env.FAIRLEAD_BENCH_SECONDS ?? 60);
const agents = Number(process.env.FAIRLEAD_BENCH_AGENTS ?? 2_000);
const intervalSeconds = 10;
const resources = 34;
/** Reports under way of one agent when saturated. */
const window = Math.max(1, Math.round(4_000 / agents));

/**
 * Simulated agents against the real server on embedded PostgreSQL, each in a process of its own on this machine: first all
 * the server takes (agents with a backlog), then every agent once in 10 s. Every acknowledged report is looked up after.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  const dataDir = mkdtempSync(join(tmpdir(), "fairlead-ingest-"));
  chmodSync(dataDir, 0o755);
  const server = fork(join(import.meta.dirname, "ingest-server.ts"), [dataDir, String(agents)]);
  const generator = fork(join(import.meta.dirname, "ingest-agents.ts"));
  try {
    const ready = await answer<Ready>(server);
    console.error(`server ready, ${ready.agents.length} agents enrolled`);
    const startAt = Date.now() - 6 * 3_600_000;
    await ask(generator, { type: "open", ready, spoolStart: 1 });
    console.error("all agents connected");

    const pids = { server: server.pid ?? 0, postgres: ready.databasePid, generator: generator.pid ?? 0 };
    const before = cpu(pids);
    const full = await ask<Phase>(generator, { type: "saturate", seconds, window, startAt, stepMs: 10_000 });
    const used = subtract(cpu(pids), before);
    const rate = Math.round(full.values / full.seconds);
    console.error(`saturated: ${rate} values/s, ack p99 ${full.ackMs.p99} ms, ${used.text}`);

    const steadyBefore = cpu(pids);
    const steady = await ask<Phase>(generator, { type: "steady", seconds, intervalSeconds });
    const steadyUsed = subtract(cpu(pids), steadyBefore);
    console.error(`each ${intervalSeconds} s: ack p99 ${steady.ackMs.p99} ms, ${steadyUsed.text}`);

    const stored = await check(server, full.reports + steady.reports);
    const total = full.values + steady.values;
    const million = full.values / 1e6;
    const perMillion = (s: number) => Number((s / million).toFixed(3));
    return {
      values_per_second: rate,
      ack_p99_ms: steady.ackMs.p99,
      cpu_seconds_per_million: perMillion(used.server + used.postgres),
      wire_bytes_per_value: Number(((full.wireBytes + steady.wireBytes) / total).toFixed(2)),
      disk_bytes_per_value: Number((stored.sampleBytes / total).toFixed(2)),
      lost: stored.lost,
      doubled: stored.doubled,
      agents,
      saturated: {
        ack_ms: full.ackMs,
        reports: full.reports,
        values: full.values,
        changed_ratio: Number(full.changedRatio.toFixed(2)),
        cpu_seconds_per_million: {
          server: perMillion(used.server),
          postgres: perMillion(used.postgres),
          generator: perMillion(used.generator),
        },
      },
      steady: {
        ack_ms: steady.ackMs,
        reports: steady.reports,
        cpu_percent: {
          server: Math.round((steadyUsed.server / steady.seconds) * 100),
          postgres: Math.round((steadyUsed.postgres / steady.seconds) * 100),
        },
        wire_bytes_per_value: Number((steady.wireBytes / Math.max(1, steady.values)).toFixed(2)),
      },
      database_bytes_per_value: Number((stored.databaseBytes / total).toFixed(2)),
    };
  } finally {
    generator.disconnect();
    server.disconnect();
    await new Promise((resolve) => server.once("exit", resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Compares what agents know to be stored with what is stored. */
async function check(server: ChildProcess, reports: number) {
  const query = async (sql: string) => {
    server.send({ sql });
    return (await answer<{ rows: Record<string, string>[] }>(server)).rows;
  };
  await query("CHECKPOINT");
  const [count] = await query("SELECT count(*) AS n, count(DISTINCT (resource_id, at)) AS once FROM sample");
  const [size] = await query(
    `SELECT sum(pg_total_relation_size(inhrelid)) AS samples, pg_database_size(current_database()) AS everything
     FROM pg_inherits WHERE inhparent = 'sample'::regclass`,
  );
  const found = Number(count?.once ?? 0);
  const expected = reports * resources;
  return {
    lost: Math.max(0, expected - found),
    doubled: Number(count?.n ?? 0) - Math.min(found, expected),
    sampleBytes: Number(size?.samples ?? 0),
    databaseBytes: Number(size?.everything ?? 0),
  };
}

type Pids = { server: number; postgres: number; generator: number };

/** CPU seconds so far. PostgreSQL may be below the server's process: it is counted once. */
function cpu(pids: Pids): Pids {
  const postgres = usageOf(pids.postgres).cpuSeconds;
  const server = usageOf(pids.server).cpuSeconds;
  const inside = isBelow(pids.postgres, pids.server) ? postgres : 0;
  return { server: server - inside, postgres, generator: usageOf(pids.generator).cpuSeconds };
}

function isBelow(pid: number, root: number): boolean {
  return usageOf(root).processes > 1 && pid !== root;
}

function subtract(after: Pids, before: Pids): Pids & { text: string } {
  const server = after.server - before.server;
  const postgres = after.postgres - before.postgres;
  const generator = after.generator - before.generator;
  const text = `CPU server ${server.toFixed(1)} s, postgres ${postgres.toFixed(1)} s, generator ${generator.toFixed(1)} s`;
  return { server, postgres, generator, text };
}

function ask<T = unknown>(child: ChildProcess, order: Order): Promise<T> {
  child.send(order);
  return answer<T>(child);
}

function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as T);
    });
    child.once("exit", onExit);
    function onExit(code: number | null): void {
      reject(new Error(`${child.spawnargs.at(1) ?? "a process"} of the bench ended with ${code}`));
    }
  });
}

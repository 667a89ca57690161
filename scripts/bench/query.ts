import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue } from "@fairlead/shared/catalogue";
import type pg from "pg";
import { readConfig } from "../../server/src/config.ts";
import { ensurePartitions } from "../../server/src/db/partitions.ts";
import { startServer } from "../../server/src/server.ts";

const servers = 2000;
/** Resources of each server: the host, its parts and containers. */
const perServer = 34;
/** Rows of others that every pass stores between two of the server that is asked for, all of them on other pages. */
const neighbours = 66;
const rounds = 15;
/** What an agent can do, as it says. */
const capabilities = [
  ...[
    "agent.ping",
    "host.refresh",
    "container.start",
    "container.stop",
    "container.restart",
    "container.update",
    "live",
  ],
  ...[
    "cpu",
    "load",
    "pressure",
    "memory",
    "filesystems",
    "disks",
    "network",
    "sensors",
    "system",
    "systemd",
    "docker",
  ].map((collector) => `collector.${collector}`),
];
const admin = { email: "bench@example.org", password: "bench-password-1" };
const day = 86_400_000;

/**
 * Measures what the page asks for, over HTTP, on 2,000 servers: one metric of a day at 10 s, of 30 days at the automatic
 * resolution, and the whole fleet list. Medians in ms.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  const dataDir = mkdtempSync(join(tmpdir(), "fairlead-bench-query-"));
  const config = () =>
    readConfig({
      FAIRLEAD_HOST: "127.0.0.1",
      FAIRLEAD_HTTP_PORT: "0",
      FAIRLEAD_GRPC_PORT: "0",
      FAIRLEAD_DATA_DIR: dataDir,
      FAIRLEAD_ADMIN_EMAIL: admin.email,
      FAIRLEAD_ADMIN_PASSWORD: admin.password,
      FAIRLEAD_LOG_LEVEL: "error",
    });
  try {
    const seeding = await startServer(config());
    const now = Math.floor(Date.now() / 10_000) * 10_000;
    let resource: number;
    const seedStarted = performance.now();
    try {
      resource = await seed(seeding.context.pool, now);
    } finally {
      await seeding.stop();
    }
    const seedSeconds = (performance.now() - seedStarted) / 1000;
    const server = await startServer(config());
    try {
      const get = await signIn(`http://127.0.0.1:${server.httpPort}/api/v1`);
      const series = `metrics?series=${resource}:cpu_usage_ratio&to=${now + 1}`;
      let dayPoints = 0;
      let monthPoints = 0;
      let listed = 0;
      const dayMs = await median(async () => {
        const answer = await get(`${series}&from=${now + 1 - day}&resolution=raw`);
        dayPoints = (answer.series as { at: unknown[] }[])[0]?.at.length ?? 0;
      });
      const dayAutoMs = await median(() => get(`${series}&from=${now + 1 - day}&resolution=auto&maxPoints=1500`));
      const monthMs = await median(async () => {
        const answer = await get(`${series}&from=${now + 1 - 30 * day}&resolution=auto&maxPoints=3000`);
        monthPoints = (answer.series as { at: unknown[] }[])[0]?.at.length ?? 0;
      });
      const fleetMs = await median(async () => {
        listed = 0;
        let cursor: unknown = null;
        do {
          const more = cursor === null ? "" : `&cursor=${encodeURIComponent(String(cursor))}`;
          const answer = await get(`infrastructure/servers?limit=500${more}`);
          listed += (answer.items as unknown[]).length;
          cursor = answer.nextCursor;
        } while (cursor !== null && cursor !== undefined);
      });
      const storeMs = await median(() =>
        server.context.samples.read({
          resourceId: resource,
          metric: 0,
          from: now + 1 - day,
          to: now + 1,
          resolution: "raw",
        }),
      );
      return {
        day_ms: dayMs,
        month_ms: monthMs,
        fleet_ms: fleetMs,
        day_points: dayPoints,
        month_points: monthPoints,
        fleet_servers: listed,
        day_auto_ms: dayAutoMs,
        day_store_ms: storeMs,
        seed_seconds: Math.round(seedSeconds),
      };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Fills the database; returns the resource id of the host that is asked for. */
async function seed(pool: pg.Pool, now: number): Promise<number> {
  await pool.query(
    `INSERT INTO server (name, hostname, state, labels, agent_version, last_seen_at, last_report_at, booted_at, facts, spool,
       clock_skew_ms, capabilities)
     SELECT 'server-' || lpad(n::text, 4, '0'), 'server-' || n, 'online', '{"env": "bench"}', '0.1.0', now(), now(), now(),
       '{"os": "Debian GNU/Linux 12 (bookworm)", "arch": "x64", "kernel": "6.1.0-18-amd64"}',
       '{"bytes": 0, "records": 0, "droppedRecords": 0}', 3, $2
     FROM generate_series(1, $1) n`,
    [servers, capabilities],
  );
  await pool.query(
    `INSERT INTO resource (server_id, kind, key, labels, state)
     SELECT s.id, CASE WHEN k = 0 THEN 'host' WHEN k < 5 THEN 'filesystem' WHEN k < 8 THEN 'nic' WHEN k < 12 THEN 'disk'
         WHEN k < 16 THEN 'cpu' ELSE 'container' END,
       CASE WHEN k = 0 THEN '' WHEN k < 5 THEN '/mnt/' || k WHEN k < 8 THEN 'eth' || k ELSE 'part-' || k END,
       '{}', CASE WHEN k BETWEEN 1 AND 4 THEN 'rw' WHEN k >= 16 THEN 'running' END
     FROM server s, generate_series(0, $1 - 1) k ORDER BY s.name, k`,
    [perServer],
  );
  const { rows } = await pool.query<{ ids: number[] }>(
    `SELECT array_agg(r.id ORDER BY r.id) AS ids FROM resource r JOIN server s ON s.id = r.server_id
     WHERE s.name = 'server-1000'`,
  );
  const own = rows[0]?.ids ?? [];
  const { rows: others } = await pool.query<{ ids: number[] }>(
    `SELECT array_agg(id) AS ids FROM (SELECT id FROM resource WHERE id % $1 = 0 LIMIT $2) r`,
    [Math.floor((servers * perServer) / neighbours), neighbours],
  );
  const ids = [...new Set([...own, ...(others[0]?.ids ?? [])])];
  const width = catalogue.host.metrics.length;
  const values = `array_fill((random() * 0.9 + extract(second FROM t) / 600)::real, ARRAY[${width}])`;
  const plans = [
    { table: "sample", step: 10_000, from: now - day, columns: "at, resource_id, values", values },
    { table: "rollup_1m", step: 60_000, from: now - day, values: `6, ${values}, ${values}, ${values}` },
    { table: "rollup_15m", step: 900_000, from: now - 30 * day, values: `90, ${values}, ${values}, ${values}` },
    { table: "rollup_2h", step: 7_200_000, from: now - 30 * day, values: `720, ${values}, ${values}, ${values}` },
  ] as const;
  for (const { table, step, from, values: list } of plans) {
    await ensurePartitions(pool, table, from, now);
    const columns = table === "sample" ? "at, resource_id, values" : "at, resource_id, count, min, avg, max";
    const start = Math.ceil(from / step) * step;
    // In the order in which time passed, as ingest and roll-ups write.
    await pool.query(
      `INSERT INTO ${table} (${columns})
       SELECT t, id, ${list} FROM (
         SELECT t, id FROM generate_series($1::timestamptz, $2, $3::interval) t, unnest($4::int[]) id ORDER BY t, id OFFSET 0
       ) rows`,
      [new Date(start), new Date(now), `${step} ms`, ids],
    );
  }
  // One pass of the whole fleet, for the newest values.
  await pool.query(
    `INSERT INTO sample (at, resource_id, values) SELECT $1::timestamptz AS t, id, ${values.replaceAll(" t)", " $1::timestamptz)")} FROM resource
     ON CONFLICT DO NOTHING`,
    [new Date(now)],
  );
  await pool.query("VACUUM ANALYZE");
  const host = own[0];
  if (host === undefined) throw new Error("the bench has no host to ask for");
  return host;
}

/** Signs in and returns a GET with the session's token. */
async function signIn(base: string): Promise<(path: string) => Promise<Record<string, unknown>>> {
  const login = await fetch(`${base}/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(admin),
  });
  const cookie = login.headers.get("set-cookie")?.split(";")[0];
  if (!login.ok || cookie === undefined) throw new Error(`sign in: ${login.status} ${await login.text()}`);
  return async (path) => {
    const answer = await fetch(`${base}/${path}`, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
}

/** Median duration in ms, after three rounds that are not counted. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const started = performance.now();
    await work();
    if (round >= 0) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return Math.round((times[rounds >> 1] ?? 0) * 10) / 10;
}

import { statfs } from "node:fs/promises";
import { sql } from "kysely";
import type { Context } from "../../context.ts";

export type CheckStatus = "ok" | "warning" | "critical";

/** One thing that was looked at; `remedy` is empty while it is ok. */
export type Check = { name: string; status: CheckStatus; summary: string; remedy: string };

export type Health = { status: CheckStatus; checks: Check[] };

/** Looks at every part of the server; each check has its own deadline and none stops the others. */
export async function checkHealth(context: Context): Promise<Health> {
  const checks = await Promise.all([
    within("database", checkDatabase(context)),
    within("partitions", checkPartitions(context)),
    within("ingest", checkIngest(context)),
    within("rollups", checkRollups(context)),
    within("agents", checkAgents(context)),
    within("disk", checkDisk(context)),
    within("jobs", checkJobs(context)),
    within("notifications", checkNotifications(context)),
  ]);
  const worst = (["critical", "warning"] as const).find((status) => checks.some((check) => check.status === status));
  return { status: worst ?? "ok", checks };
}

async function within(name: string, check: Promise<Omit<Check, "name">>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within 5 s")), 5000);
  });
  try {
    return { name, ...(await Promise.race([check, late])) };
  } catch (error) {
    const remedy = "See whether PostgreSQL runs and what the server's log says";
    return { name, status: "critical", summary: `could not be checked: ${(error as Error).message}`, remedy };
  } finally {
    clearTimeout(timer);
  }
}

type Finding = Omit<Check, "name">;

function ok(summary: string): Finding {
  return { status: "ok", summary, remedy: "" };
}

async function checkDatabase(context: Context): Promise<Finding> {
  const started = performance.now();
  const { rows } = await sql<{ version: string; used: number; most: number; bytes: number }>`
    SELECT current_setting('server_version') AS version, current_setting('max_connections')::int AS most,
      (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
      pg_database_size(current_database()) AS bytes`.execute(context.db);
  const ms = Math.round(performance.now() - started);
  const [row] = rows;
  if (row === undefined) return { status: "critical", summary: "gave no answer", remedy: "Look at PostgreSQL's log" };
  const summary = `PostgreSQL ${row.version} answers in ${ms} ms, ${row.used} of ${row.most} connections, ${size(row.bytes)}`;
  if (row.used > 0.9 * row.most)
    return { status: "warning", summary, remedy: "Raise max_connections or stop what holds connections" };
  if (ms > 1000) return { status: "warning", summary, remedy: "Look for long queries or a slow disk" };
  return ok(summary);
}

/** Tomorrow's samples need a partition before midnight UTC. */
async function checkPartitions(context: Context): Promise<Finding> {
  const { rows } = await sql<{ table: string; partitions: number; bounds: string[] | null }>`
    SELECT p.relname AS table, count(c.oid) AS partitions, array_agg(pg_get_expr(c.relpartbound, c.oid)) AS bounds
    FROM pg_class p LEFT JOIN pg_inherits i ON i.inhparent = p.oid LEFT JOIN pg_class c ON c.oid = i.inhrelid
    WHERE p.relkind = 'p' AND p.relname IN ('sample', 'rollup_1m', 'rollup_15m', 'rollup_2h')
      AND p.relnamespace = current_schema()::regnamespace
    GROUP BY p.relname`.execute(context.db);
  const now = context.now().getTime();
  const short = rows.filter((row) => {
    const ends = (row.bounds ?? []).map((bound) => Date.parse(/TO \('([^']+)'\)/.exec(bound ?? "")?.[1] ?? ""));
    return !ends.some((end) => end > now + 3_600_000);
  });
  const total = rows.reduce((sum, row) => sum + Number(row.partitions), 0);
  if (short.length > 0)
    return {
      status: "critical",
      summary: `${short.map((row) => row.table).join(", ")} ends within the hour`,
      remedy: "Run the partitions job (POST /api/v1/infrastructure/scheduler/{name}/run) and see its last error",
    };
  return ok(`${total} partitions, the newest lie ahead`);
}

async function checkIngest(context: Context): Promise<Finding> {
  const queued = context.metrics.read("fairlead_ingest_queued_values");
  const lag = context.metrics.read("fairlead_ingest_lag_seconds") ?? 0;
  if (queued === undefined) return ok("not running in this process");
  const summary = `${queued} values wait, the oldest for ${lag.toFixed(1)} s; ${context.sessions.count()} streams`;
  const remedy = "The database takes samples too slowly: look at its disk and CPU, or raise the report intervals";
  if (lag > 30) return { status: "critical", summary, remedy };
  if (lag > 5) return { status: "warning", summary, remedy };
  return ok(summary);
}

async function checkRollups(context: Context): Promise<Finding> {
  const hourAgo = new Date(context.now().getTime() - 6 * 3_600_000);
  const row = await context.db
    .selectFrom("rollup_pending")
    .select((select) => [select.fn.countAll<number>().as("count"), select.fn.min("at").as("oldest")])
    .where("level", "=", 1)
    .executeTakeFirst();
  const oldest = row?.oldest ?? null;
  const summary = `${row?.count ?? 0} windows of 1 minute wait`;
  if (oldest !== null && oldest < hourAgo)
    return {
      status: "warning",
      summary: `${summary}, the oldest from ${oldest.toISOString()}`,
      remedy: "Fine while agents send a backlog; else see the roll-up job's last result",
    };
  return ok(summary);
}

async function checkAgents(context: Context): Promise<Finding> {
  const rows = await context.db
    .selectFrom("server")
    .select(["state", (select) => select.fn.countAll<number>().as("count")])
    .groupBy("state")
    .execute();
  const count = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0);
  const total = rows.reduce((sum, row) => sum + Number(row.count), 0);
  const bad = count("offline");
  const summary = `${total} servers: ${count("online")} online, ${count("degraded")} degraded, ${bad} offline`;
  if (bad === 0 && count("degraded") === 0) return ok(summary);
  const remedy = "Open these servers: each says why. On the host, fairlead-agent status and doctor tell more";
  return { status: "warning", summary, remedy };
}

async function checkDisk(context: Context): Promise<Finding> {
  const { dataDir } = context.config;
  const info = await statfs(dataDir).catch(() => undefined);
  if (info === undefined) return ok(`${dataDir} is not there`);
  const free = info.bavail * info.bsize;
  const share = info.blocks === 0 ? 1 : info.bavail / info.blocks;
  const summary = `${size(free)} free at ${dataDir} (${Math.round(share * 100)} %)`;
  const remedy = "Free space, move the data directory, or keep samples for fewer days (FAIRLEAD_RETENTION_*)";
  if (share < 0.05 || free < 500e6) return { status: "critical", summary, remedy };
  if (share < 0.1 || free < 2e9) return { status: "warning", summary, remedy };
  return ok(summary);
}

async function checkJobs(context: Context): Promise<Finding> {
  const jobs = await context.scheduler.list();
  const failed = jobs.filter((job) => job.last?.status === "failed");
  if (failed.length === 0) return ok(`${jobs.length} jobs, none failed at its last run`);
  return {
    status: "warning",
    summary: `${failed.map((job) => job.name).join(", ")} failed at the last run`,
    remedy: "GET /api/v1/infrastructure/scheduler shows the error; run it again once that is mended",
  };
}

async function checkNotifications(context: Context): Promise<Finding> {
  const dayAgo = new Date(context.now().getTime() - 86_400_000);
  const rows = await context.db
    .selectFrom("outbox as o")
    .innerJoin("receiver as r", "r.id", "o.receiver_id")
    .select(["r.name", (select) => select.fn.countAll<number>().as("count")])
    .where("o.state", "=", "failed")
    .where("o.created_at", ">", dayAgo)
    .groupBy("r.name")
    .execute();
  if (rows.length === 0) return ok("none failed within a day");
  return {
    status: "warning",
    summary: `failed within a day: ${rows.map((row) => `${row.name} (${row.count})`).join(", ")}`,
    remedy: "Test the receiver: POST /api/v1/infrastructure/receivers/{id}/test",
  };
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

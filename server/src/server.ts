import { randomUUID } from "node:crypto";
import { type Logger, pino } from "pino";
import { startDelivery } from "./alerting/delivery.ts";
import { startEvaluator } from "./alerting/evaluator.ts";
import { startRelay } from "./alerting/relay.ts";
import { createApp } from "./api/app.ts";
import { startHttp } from "./api/http.ts";
import { createBus } from "./bus.ts";
import { type CertificateAuthority, loadOrCreateCa } from "./ca/certificate-authority.ts";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { openDatabase, openPool } from "./db/connect.ts";
import { migrate } from "./db/migrate.ts";
import { reachDatabase } from "./db/reach.ts";
import { type Cluster, startCluster } from "./embedded/cluster.ts";
import { holdDataDir } from "./embedded/data-dir.ts";
import { createIngest } from "./ingest/create-ingest.ts";
import { createSampleStore } from "./ingest/sample-store.ts";
import { createJobs } from "./jobs/index.ts";
import { createScheduler } from "./jobs/scheduler.ts";
import { createMetricsRegistry } from "./metrics-registry.ts";
import { createSecretStore } from "./secrets/create-secret-store.ts";
import { loadKeyring } from "./secrets/keyring.ts";
import { exportResourceCounts } from "./services/health/resource-counts.ts";
import { insertDefaultRules } from "./services/rule/default-rules.ts";
import { ensureFirstAdmin } from "./services/user/first-admin.ts";
import { startGrpcServer } from "./stream/grpc-server.ts";
import { createSessions } from "./stream/session-registry.ts";

export type RunningServer = {
  context: Context;
  ca: CertificateAuthority;
  httpPort: number;
  grpcPort: number;
  /** The first admin; with a one-time password when it was made just now. */
  admin: { email: string; oneTimePassword?: string };
  /** Process id of the embedded PostgreSQL; undefined with DATABASE_URL. */
  databasePid(): number | undefined;
  /** Ends streams and requests, commits what is queued, then the database. */
  stop(): Promise<void>;
};

/** Starts everything that a server is; undoes what it started when a part fails. */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLog(config.logLevel);
  const undo: { name: string; run: () => unknown }[] = [];
  const onStop = (name: string, run: () => unknown) => undo.push({ name, run });

  async function stop(): Promise<void> {
    for (const { name, run } of undo.splice(0).reverse()) {
      try {
        await run();
      } catch (error) {
        log.error({ err: error, part: name }, "part could not be stopped");
      }
    }
  }

  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<RunningServer> {
    const held = holdDataDir(config.dataDir);
    onStop("data directory", () => held.release());
    if (config.databaseUrl !== undefined) await reachDatabase(config.databaseUrl, "DATABASE_URL");
    const cluster = config.databaseUrl === undefined ? await embedded() : undefined;
    const pool = openPool(config.databaseUrl ?? (cluster as Cluster).url, 20, (error) =>
      log.warn({ err: error }, "database connection lost"),
    );
    const db = openDatabase(pool);
    onStop("database connections", () => db.destroy());
    const steps = await migrate(db);
    if (steps.length > 0) log.info({ steps }, "database schema brought up to date");

    const now = () => new Date();
    const bus = createBus((event, error) => log.error({ err: error, event }, "listener failed"));
    const metrics = createMetricsRegistry();
    const keyring = await loadKeyring({ dataDir: config.dataDir, masterKey: config.masterKey, db });
    const secrets = createSecretStore({ db, keyring, now });
    const ca = await loadOrCreateCa({ db, secrets, now });
    const samples = createSampleStore({ pool, bus });
    onStop("sample store", () => samples.close());
    const sessions = createSessions();
    const scheduler = createScheduler({ db, log, now, holder: randomUUID() });
    const context: Context = { config, log, pool, db, bus, now, secrets, samples, sessions, metrics, scheduler };
    exportResourceCounts(context);
    const admin = await ensureFirstAdmin(context);

    await insertDefaultRules(context);

    const ingest = createIngest({ pool, db, bus, log, metrics, now });
    onStop("ingest", () => ingest.stop());
    const delivery = startDelivery(context);
    onStop("delivery", () => delivery.stop());
    const evaluating = { now: () => false };
    const relay = startRelay({ pool, bus, log, isActive: () => evaluating.now() });
    onStop("evaluator's relay", () => relay.stop());
    const evaluator = startEvaluator({ ...context, bus: relay.bus });
    evaluating.now = evaluator.isActive;
    onStop("evaluator", () => evaluator.stop());
    scheduler.start(createJobs({ ...context, windows: ingest.windows }));
    onStop("scheduler", () => scheduler.stop());

    let ready = false;
    const app = createApp(context, { isGrpcReady: () => ready });
    const http = await startHttp({ context, app, host: config.host, port: config.httpPort });
    onStop("http", () => http.stop());
    config.httpPort = http.port;
    await samples.warm();
    const grpc = await startGrpcServer({
      context: { ...context, sessions },
      ca,
      ingest,
      host: config.host,
      port: config.grpcPort,
    });
    onStop("grpc", () => grpc.stop());
    config.grpcPort = grpc.port;
    ready = true;
    log.info({ http: http.port, grpc: grpc.port }, "server ready");
    return {
      context,
      ca,
      httpPort: http.port,
      grpcPort: grpc.port,
      admin,
      databasePid: () => cluster?.pid(),
      stop,
    };
  }

  async function embedded(): Promise<Cluster> {
    const cluster = await startCluster({
      dataDir: config.dataDir,
      onEvent: (event, fields) => log[event.includes("died") ? "error" : "info"](fields, event),
    });
    onStop("database", () => cluster.stop());
    return cluster;
  }
}

function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: plainError } });
}

/** What a log may hold of an error: libraries hang connections, with their settings, on theirs. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: plainError(cause) }) };
}

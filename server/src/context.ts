import type { Kysely } from "kysely";
import type pg from "pg";
import type { Logger } from "pino";
import type { Bus } from "./bus.ts";
import type { Config } from "./config.ts";
import type { Database, Role } from "./db/schema.ts";
import type { SampleStore } from "./ingest/sample-store.ts";
import type { Scheduler } from "./jobs/scheduler.ts";
import type { MetricsRegistry } from "./metrics-registry.ts";
import type { SecretStore } from "./secrets/secret-store.ts";
import type { AgentSessions } from "./stream/sessions.ts";

/** Everything a service, route or job may use; made once in server.ts, or by a test. */
export type Context = {
  config: Config;
  log: Logger;
  pool: pg.Pool;
  db: Kysely<Database>;
  bus: Bus;
  /** The only clock. */
  now: () => Date;
  secrets: SecretStore;
  samples: SampleStore;
  sessions: AgentSessions;
  metrics: MetricsRegistry;
  scheduler: Scheduler;
};

/** Who asks. Written to the audit log with every change. */
export type Actor = {
  kind: "user" | "token" | "agent" | "system";
  id: string | null;
  name: string;
  role: Role;
  requestId: string | null;
  ip: string | null;
};

/** The actor for what the server does by itself. */
export const systemActor: Actor = {
  kind: "system",
  id: null,
  name: "fairlead",
  role: "admin",
  requestId: null,
  ip: null,
};

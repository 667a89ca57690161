import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type App, createApp } from "../src/api/app.ts";
import type { AppExtras } from "../src/api/extras.ts";
import { type Bus, createBus } from "../src/bus.ts";
import { readConfig } from "../src/config.ts";
import type { Context } from "../src/context.ts";
import type { Role } from "../src/db/schema.ts";
import { Failure } from "../src/failure.ts";
import type { SampleRow, SampleStore } from "../src/ingest/sample-store.ts";
import { createMetricsRegistry } from "../src/metrics-registry.ts";
import { hashPassword } from "../src/services/auth/password.ts";
import { hashToken, newToken } from "../src/services/auth/token.ts";
import type { AgentSessions } from "../src/stream/sessions.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

/** The real app on a real database; agents are the only part stood in for. */
export type TestApi = {
  app: App;
  context: Context;
  bus: Bus;
  database: TestDatabase;
  /** What `latest` knows. */
  newest: Map<number, { at: number; values: Float32Array }>;
  /** Samples that `read` finds, all resolutions alike. */
  samples: SampleRow[];
  /** Servers asked for live reports, and how often. */
  watched: Map<string, number>;
  connected: Set<string>;
  logs: string[];
  /** What agents answer to who reads a log; a test puts its own in. */
  logReads: { read: AgentSessions["readLog"] };
  clock: { now: number };
  token(role: Role): Promise<string>;
  /** Calls the app; the body of a JSON answer is parsed. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
};

export type CallOptions = { token?: string; body?: unknown; headers?: Record<string, string>; raw?: string };
// biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
export type Answer = { status: number; headers: Headers; body: any };

export const testPassword = "correct horse battery";

export async function testApi(extras: AppExtras = {}, config: Record<string, string> = {}): Promise<TestApi> {
  const database = await testDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), "fairlead-api-"));
  const clock = { now: Date.now() };
  const bus = createBus((name, error) => {
    throw new Error(`listener of ${name}`, { cause: error });
  });
  const newest: TestApi["newest"] = new Map();
  const samples: SampleRow[] = [];
  const watched = new Map<string, number>();
  const connected = new Set<string>();
  const logs: string[] = [];
  const logReads: TestApi["logReads"] = {
    // biome-ignore lint/correctness/useYield: a log without lines
    read: async function* () {
      throw new Failure("unavailable", "The agent is not connected");
    },
  };
  const store: SampleStore = {
    async read({ resourceId, metric, from, to }) {
      const rows = samples.filter((r) => r.resourceId === resourceId && r.at >= from && r.at < to);
      const values = Float32Array.from(rows, (r) => r.values[metric] ?? Number.NaN);
      const at = Float64Array.from(rows, (r) => r.at);
      return { at, min: values, avg: values, max: values, count: new Int32Array(rows.length).fill(1) };
    },
    latest: (ids) => {
      const wanted = new Set(ids);
      return new Map([...newest].filter(([id]) => wanted.has(id)));
    },
    newest: (id) => newest.get(id),
  };
  const context: Context = {
    config: readConfig({ FAIRLEAD_DATA_DIR: dataDir, ...config }),
    log: pino({ level: "info" }, { write: (line: string) => void logs.push(line) }),
    pool: database.pool,
    db: database.db,
    bus,
    now: () => new Date(clock.now),
    secrets: { put: async () => {}, read: async () => undefined, remove: async () => {}, rotate: async () => 0 },
    samples: store,
    sessions: {
      isConnected: (id) => connected.has(id),
      count: () => connected.size,
      wake: () => {},
      watchLive(id) {
        watched.set(id, (watched.get(id) ?? 0) + 1);
        return () => void watched.set(id, (watched.get(id) ?? 0) - 1);
      },
      readLog: (id, request, signal) => logReads.read(id, request, signal),
      disconnect: (id) => void connected.delete(id),
    },
    metrics: createMetricsRegistry(),
    scheduler: { list: async () => [], runNow: async () => false },
  };
  const app = createApp(context, { checkAnswers: true, ...extras });
  return {
    app,
    context,
    bus,
    database,
    newest,
    samples,
    watched,
    connected,
    logs,
    logReads,
    clock,
    token: (role) => makeToken(context, role),
    call: (method, path, options = {}) => call(app, method, path, options),
    async close() {
      app.closeStreams();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A user; every test user has the same password. */
export async function makeUser(
  context: Context,
  email: string,
  role: Role,
  mustChangePassword = false,
): Promise<string> {
  const values = {
    email,
    name: email,
    role,
    password_hash: await sharedHash,
    must_change_password: mustChangePassword,
  };
  const row = await context.db.insertInto("user_account").values(values).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

const sharedHash = hashPassword(testPassword);

async function makeToken(context: Context, role: Role): Promise<string> {
  const token = newToken("flt_");
  const values = {
    name: role,
    token_hash: hashToken(token),
    user_id: await makeUser(context, `${role}-${token.slice(4, 12).toLowerCase()}@test.example`, role),
    role,
  };
  await context.db.insertInto("api_token").values(values).execute();
  return token;
}

async function call(app: App, method: string, path: string, options: CallOptions): Promise<Answer> {
  const headers = new Headers(options.headers);
  if (options.token !== undefined) headers.set("authorization", `Bearer ${options.token}`);
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
  const response = await app.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

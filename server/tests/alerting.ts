import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKind, metricIndex } from "@fairlead/shared/catalogue";
import { pino } from "pino";
import { createBus } from "../src/bus.ts";
import { readConfig } from "../src/config.ts";
import type { Context } from "../src/context.ts";
import type { Labels, ServerState } from "../src/db/schema.ts";
import { createMetricsRegistry } from "../src/metrics-registry.ts";
import { createSecretStore } from "../src/secrets/create-secret-store.ts";
import { loadKeyring } from "../src/secrets/keyring.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { eventually } from "./eventually.ts";

export type TestFleet = Awaited<ReturnType<typeof testFleet>>;

/** A database with servers and resources, a clock set by hand, and reports as ingest tells of them. */
export async function testFleet() {
  const database: TestDatabase = await testDatabase();
  const { db, pool } = database;
  const dataDir = mkdtempSync(join(tmpdir(), "fairlead-alerting-"));
  const clock = { now: Date.now() };
  const logs: string[] = [];
  const now = () => new Date(clock.now);
  const bus = createBus((name, error) => {
    throw new Error(`listener of ${name}`, { cause: error });
  });
  const keyring = await loadKeyring({ dataDir });
  const context: Context = {
    config: readConfig({ FAIRLEAD_DATA_DIR: dataDir, FAIRLEAD_PUBLIC_URL: "https://fairlead.example" }),
    log: pino({ level: "debug" }, { write: (line: string) => void logs.push(line) }),
    pool,
    db,
    bus,
    now,
    secrets: createSecretStore({ db, keyring, now }),
    samples: { read: () => Promise.reject(new Error("not here")), latest: () => new Map(), newest: () => undefined },
    sessions: {
      isConnected: () => true,
      count: () => 0,
      wake: () => {},
      watchLive: () => () => {},
      readLog: () => {
        throw new Error("not here");
      },
      disconnect: () => {},
    },
    metrics: createMetricsRegistry(),
    scheduler: { list: async () => [], runNow: async () => false },
  };

  async function addServer(name: string, labels: Labels = {}): Promise<string> {
    const { id } = await db
      .insertInto("server")
      .values({ name, hostname: name, labels: JSON.stringify(labels), state: "online" })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  }

  async function addResource(
    serverId: string,
    kind: string,
    key: string,
    more: { state?: string; attributes?: Record<string, unknown>; labels?: Labels } = {},
  ): Promise<number> {
    const { id } = await db
      .insertInto("resource")
      .values({
        server_id: serverId,
        kind,
        key,
        state: more.state ?? null,
        attributes: JSON.stringify(more.attributes ?? {}),
        labels: JSON.stringify(more.labels ?? {}),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  }

  /** What ingest does for a report: values by metric name, all others missing. */
  function report(serverId: string, resourceId: number, kind: string, named: Record<string, number>): void {
    const values = new Float32Array(findKind(kind)?.metrics.length ?? 0).fill(Number.NaN);
    for (const [name, value] of Object.entries(named)) values[metricIndex(kind, name)] = value;
    bus.emit("committed", { serverId, at: clock.now, late: false, points: [{ resourceId, kind, key: "", values }] });
  }

  async function setState(resourceId: number, state: string, attributes: Record<string, unknown> = {}): Promise<void> {
    const row = await db
      .updateTable("resource")
      .set({ state, attributes: JSON.stringify(attributes), gone_at: state === "gone" ? now() : null })
      .where("id", "=", resourceId)
      .returning(["server_id", "kind", "key"])
      .executeTakeFirstOrThrow();
    bus.emit("resource", { serverId: row.server_id, resourceId, kind: row.kind, key: row.key, state, reason: "" });
  }

  async function setServer(serverId: string, state: ServerState, reason = ""): Promise<void> {
    await db.updateTable("server").set({ state, state_reason: reason }).where("id", "=", serverId).execute();
    bus.emit("server", { serverId, state, reason });
  }

  /** A command row in that status, and the bus event. */
  async function command(
    serverId: string,
    type: string,
    container: string,
    status: string,
    id?: string,
  ): Promise<string> {
    const over = ["succeeded", "failed", "rolled_back", "expired", "cancelled"].includes(status);
    const values = {
      server_id: serverId,
      type,
      args: JSON.stringify({ container, ...(type === "container.update" ? { image: "app:2" } : {}) }),
      status: status as "queued",
      reason: status === "rolled_back" ? "not healthy" : "",
      created_by: "test",
      deadline: new Date(clock.now + 600_000),
      finished_at: over ? now() : null,
    };
    const row =
      id === undefined
        ? await db.insertInto("command").values(values).returning("id").executeTakeFirstOrThrow()
        : await db.updateTable("command").set(values).where("id", "=", id).returning("id").executeTakeFirstOrThrow();
    bus.emit("command", { serverId, commandId: row.id, status, phase: "", message: "", percent: null });
    return row.id;
  }

  return {
    database,
    db,
    bus,
    clock,
    context,
    logs,
    addServer,
    addResource,
    report,
    setState,
    setServer,
    command,
    /** Alerts, oldest first, as "rule state". */
    async alerts(): Promise<string[]> {
      const rows = await db
        .selectFrom("alert as a")
        .innerJoin("alert_rule as r", "r.id", "a.rule_id")
        .select(["r.builtin_key", "r.name", "a.state"])
        .orderBy("a.pending_at")
        .orderBy("r.name")
        .execute();
      return rows.map((row) => `${row.builtin_key ?? row.name} ${row.state}`);
    },
    async receiver(kind: string, config: Record<string, unknown>, name = kind): Promise<string> {
      const row = await db
        .insertInto("receiver")
        .values({ name, kind, config: JSON.stringify(config) })
        .returning("id")
        .executeTakeFirstOrThrow();
      return row.id;
    },
    async close(): Promise<void> {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Waits until the check passes; fails with its error after 10 seconds. */
export async function until(check: () => void | Promise<void>): Promise<void> {
  await eventually(check);
}

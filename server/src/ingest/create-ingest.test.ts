import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { createBus, type Events, type Point } from "../bus.ts";
import { createMetricsRegistry } from "../metrics-registry.ts";
import { createIngest, type RunningIngest } from "./create-ingest.ts";
import type { Declaration, IncomingReport } from "./ingest.ts";
import { createSampleStore } from "./sample-store.ts";

let database: TestDatabase;
let server: string;
let clock: number;
let seq = 0;
const open: RunningIngest[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await Promise.all(open.map((ingest) => ingest.stop()));
  await database.close();
});
beforeEach(async () => {
  clock = Date.UTC(2026, 10, 23, 12, 0, 30);
  server = await addServer();
});

async function addServer(): Promise<string> {
  const id = randomUUID();
  await database.db
    .insertInto("server")
    .values({ id, name: id, hostname: "h", labels: "{}", facts: "{}", spool: "null", refused: "{}" })
    .execute();
  return id;
}

function make(maxQueuedValues?: number) {
  const errors: unknown[] = [];
  const bus = createBus((_, error) => errors.push(error));
  const events: { [K in keyof Events]?: Events[K][] } = {};
  for (const name of ["committed", "live", "resource"] as const) {
    bus.on(name, (event) => {
      const list = (events[name] ?? []) as unknown[];
      list.push(event);
      events[name] = list as never;
    });
  }
  const ingest = createIngest({
    pool: database.pool,
    db: database.db,
    bus,
    log: pino({ level: "silent" }),
    metrics: createMetricsRegistry(),
    now: () => new Date(clock),
    ...(maxQueuedValues === undefined ? {} : { maxQueuedValues }),
  });
  open.push(ingest);
  return { ingest, bus, events };
}

function declaration(kind: string, key: string, more: Partial<Declaration> = {}): Declaration {
  return { kind, key, labels: {}, attributes: undefined, state: undefined, ...more };
}

function point(resourceId: number, ...values: number[]): Point {
  return { resourceId, kind: "cpu", key: "x", values: Float32Array.from(values) };
}

function report(at: number, points: Point[], serverId = server): IncomingReport {
  return { serverId, seq: ++seq, at, receivedAt: clock, points };
}

/** Queues all and waits until each is done. */
function send(ingest: RunningIngest, reports: IncomingReport[]): Promise<unknown> {
  return Promise.all(reports.map((one) => new Promise<void>((resolve) => void ingest.report(one, resolve))));
}

async function samples(resourceIds: number[]): Promise<{ id: number; at: number; values: (number | null)[] }[]> {
  const { rows } = await database.pool.query(
    "SELECT resource_id, at, values FROM sample WHERE resource_id = ANY ($1) ORDER BY 1, 2",
    [resourceIds],
  );
  return rows.map((row) => ({ id: row.resource_id, at: row.at.getTime(), values: row.values }));
}

describe("declarations", () => {
  test("keep their ids, merge attributes, and say what is new or changed", async () => {
    const { ingest, bus, events } = make();
    const other = await addServer();
    const [first, second] = await Promise.all([
      ingest.declare(server, [
        declaration("filesystem", "/", { labels: { type: "ext4" }, attributes: { device: "sda1" }, state: "rw" }),
        declaration("host", ""),
      ]),
      ingest.declare(other, [declaration("host", "")]),
    ]);
    expect(new Set([...first, ...second]).size).toBe(3);
    expect(events.resource).toHaveLength(3);

    const again = await ingest.declare(server, [
      declaration("host", ""),
      declaration("filesystem", "/", { labels: { type: "ext4" }, attributes: { size: 5 }, state: "ro" }),
    ]);
    expect(again).toEqual([first[1], first[0]]);
    expect(events.resource).toHaveLength(4);
    const row = await database.db
      .selectFrom("resource")
      .selectAll()
      .where("id", "=", first[0]!)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ labels: { type: "ext4" }, attributes: { device: "sda1", size: 5 }, state: "ro" });

    await ingest.declare(server, [declaration("filesystem", "/", { labels: { type: "ext4" }, state: "ro" })]);
    expect(events.resource).toHaveLength(4);
    await database.pool.query("UPDATE resource SET gone_at = now(), state = 'gone' WHERE id = $1", [first[1]]);
    bus.emit("stream", { serverId: server, connected: false });
    expect(await ingest.declare(server, [declaration("host", "")])).toEqual([first[1]]);
    expect(events.resource).toHaveLength(5);
    const restarted = make();
    expect(await restarted.ingest.declare(server, [declaration("host", "")])).toEqual([first[1]]);
    expect(restarted.events.resource).toBeUndefined();
  });

  test("write what differs alone: raw output lies apart and is kept over reconnects", async () => {
    const { ingest, bus, events } = make();
    const raw = (text: string) => Buffer.from(text).toString("base64");
    const drive = (more: Record<string, unknown>, labels = { device: "sda" }) =>
      declaration("drive", "WDC/1", { labels, attributes: { model: "x", celsius: 30, ...more } });
    const [id = 0] = await ingest.declare(server, [drive({ raw: raw("one") })]);
    const stored = async () => {
      const { rows } = await database.pool.query(
        `SELECT r.attributes, w.raw, r.xmin::text AS row, w.xmin::text AS output
         FROM resource r LEFT JOIN resource_raw w ON w.resource_id = r.id WHERE r.id = $1`,
        [id],
      );
      return rows[0];
    };
    const first = await stored();
    expect(first).toMatchObject({ attributes: { model: "x", celsius: 30 }, raw: Buffer.from("one") });
    await ingest.declare(server, [drive({ raw: raw("one"), celsius: 31 })]);
    const warmer = await stored();
    expect(warmer).toMatchObject({ attributes: { model: "x", celsius: 31 }, output: first.output });
    bus.emit("stream", { serverId: server, connected: false });
    await ingest.declare(server, [drive({ raw: raw("one"), celsius: 31 })]);
    expect(await stored()).toEqual(warmer);
    await ingest.declare(server, [drive({ raw: raw("two"), celsius: 31 })]);
    expect(await stored()).toMatchObject({ attributes: { model: "x", celsius: 31 }, raw: Buffer.from("two") });
    await ingest.declare(server, [drive({ raw: null }, { device: "sdb" })]);
    const without = await stored();
    expect(without).toMatchObject({ attributes: { model: "x", celsius: 30 }, raw: Buffer.alloc(0) });
    bus.emit("stream", { serverId: server, connected: false });
    await ingest.declare(server, [drive({ raw: null }, { device: "sdb" })]);
    expect(await stored()).toEqual(without);
    expect(events.resource).toHaveLength(4);
  });

  test("one that the database refuses fails its own session only", async () => {
    const { ingest } = make();
    const [bad, good, unknown] = await Promise.allSettled([
      ingest.declare(server, [declaration("filesystem", "a\0b")]),
      ingest.declare(server, [declaration("filesystem", "/good")]),
      ingest.declare(randomUUID(), [declaration("filesystem", "/none")]),
    ]);
    expect([bad.status, good.status, unknown.status]).toEqual(["rejected", "fulfilled", "rejected"]);
  });
});

describe("reports", () => {
  test("are stored once however often they come, and told after the commit", async () => {
    const { ingest, events } = make();
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    const reports = [0, 1, 2].map((n) => report(clock + n * 1000, [point(id, n, Number.NaN, -0.5, Infinity)]));
    await send(ingest, reports);
    await send(ingest, [...reports, ...reports, report(clock + 3000, [point(id, 3)])]);
    const stored = await samples([id]);
    expect(stored.map((row) => row.at)).toEqual([0, 1000, 2000, 3000].map((n) => clock + n));
    expect(stored[1]?.values).toEqual([1, Number.NaN, -0.5, Infinity]);
    expect(events.committed?.map((event) => event.late)).toEqual([
      false,
      false,
      false,
      ...new Array(6).fill(true),
      false,
    ]);
    expect(events.live).toHaveLength(4);
  });

  test("of a past day make their partition", async () => {
    const { ingest } = make();
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    const at = clock - 5 * 86_400_000;
    await send(ingest, [report(at, [point(id, 1)])]);
    expect(await samples([id])).toEqual([{ id, at, values: [1] }]);
  });

  test("make their partition again after retention dropped it", async () => {
    const { ingest } = make();
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    const at = Date.UTC(2026, 9, 1);
    await send(ingest, [report(at, [point(id, 1)])]);
    await database.pool.query("DROP TABLE sample_20261001");
    await send(ingest, [report(at + 1000, [point(id, 2)])]);
    expect(await samples([id])).toEqual([{ id, at: at + 1000, values: [2] }]);
  });

  test("survive the loss of the database connection in mid-batch", async () => {
    const { ingest } = make();
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    await send(ingest, [report(clock, [point(id, 0)])]);
    const killer = await database.pool.connect();
    let killed = 0;
    const total = 300;
    const all = send(
      ingest,
      Array.from({ length: total }, (_, n) =>
        report(
          clock + 1 + n,
          Array.from({ length: 800 }, (_, k) => point(id + k * 1_000_000, n)),
        ),
      ),
    );
    let ended = false;
    void all.then(() => {
      ended = true;
    });
    while (!ended && killed < 3) {
      const { rowCount } = await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND (query LIKE 'COPY%' OR query = 'COMMIT') AND state <> 'idle'`,
      );
      killed += rowCount ?? 0;
    }
    killer.release();
    await all;
    expect(killed).toBeGreaterThan(0);
    const { rows } = await database.pool.query(
      "SELECT count(*), count(DISTINCT at) AS times FROM sample WHERE resource_id % 1000000 = $1",
      [id],
    );
    expect(rows).toEqual([{ count: total * 800 + 1, times: total + 1 }]);
  });

  test("that the database refuses are dropped, and block no others", async () => {
    const { ingest } = make();
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    const poison = report(clock, [point(2 ** 31, 1)], "not a uuid");
    const good = Array.from({ length: 9 }, (_, n) => report(clock + n, [point(id, n)]));
    await send(ingest, [...good.slice(0, 4), poison, ...good.slice(4)]);
    expect(await samples([id])).toHaveLength(9);
  });

  test("pause the session when the queue is full", async () => {
    const { ingest } = make(10);
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    expect(ingest.report(report(clock, [point(id, 1, 2, 3, 4)]), () => {})).toBe(true);
    expect(ingest.report(report(clock + 1, [point(id, 1, 2, 3, 4, 5, 6)]), () => {})).toBe(false);
    await ingest.drained();
    expect(ingest.report(report(clock + 2, [point(id, 1)]), () => {})).toBe(true);
    await ingest.stop();
    expect(await samples([id])).toHaveLength(3);
  });
});

test("who was deleted hears so, others who declare at the same time are not disturbed", async () => {
  const { ingest } = make();
  const gone = ingest.declare(randomUUID(), [declaration("cpu", "gone")]);
  const here = ingest.declare(server, [declaration("cpu", "here")]);
  await expect(gone).rejects.toMatchObject({
    code: "unauthenticated",
    message: expect.stringContaining("was deleted: enrol again"),
  });
  expect(await here).toHaveLength(1);
});

describe("state changes", () => {
  async function stored(id: number) {
    const row = await database.db.selectFrom("resource").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const changes = await database.db
      .selectFrom("state_change")
      .select("to_state")
      .where("resource_id", "=", id)
      .orderBy("at")
      .execute();
    return { state: row.state, gone: row.gone_at !== null, changes: changes.map((change) => change.to_state) };
  }

  test("move the state forward only, once, and gone comes back by a declaration", async () => {
    const { ingest, events } = make();
    const declared = declaration("container", "web", { state: "running" });
    const [id = 0] = await ingest.declare(server, [declared]);
    const change = (to: string, at: number, serverId = server) =>
      new Promise<void>((resolve) => {
        const record = {
          serverId,
          seq: ++seq,
          at,
          resourceId: id,
          kind: "container",
          key: "web",
          from: null,
          to,
          reason: "test",
        };
        ingest.change(record, resolve);
      });
    await change("exited", clock);
    expect(await stored(id)).toEqual({ state: "exited", gone: false, changes: ["exited"] });
    await Promise.all([change("paused", clock - 5000), change("exited", clock)]);
    expect(await stored(id)).toEqual({ state: "exited", gone: false, changes: ["paused", "exited"] });
    await change("gone", clock + 1000);
    expect(await stored(id)).toMatchObject({ state: "gone", gone: true });
    expect(await ingest.declare(server, [declared])).toEqual([id]);
    expect(await stored(id)).toMatchObject({ state: "running", gone: false });
    await change("gone", clock + 1000);
    expect(await stored(id)).toMatchObject({ state: "running", gone: false });
    await change("dead", clock, randomUUID());
    expect(events.resource?.map((event) => event.state)).toEqual(["running", "exited", "gone", "running"]);
  });
});

describe("sample store", () => {
  test("reads one metric and knows the newest values, after a restart too", async () => {
    const { ingest, bus } = make();
    clock = Date.now();
    const store = createSampleStore({ pool: database.pool, bus });
    const [id = 0] = await ingest.declare(server, [declaration("cpu", "0")]);
    await send(ingest, [report(clock, [point(id, 1, 2.5)]), report(clock + 10, [point(id, 3, Number.NaN)])]);
    await send(ingest, [report(clock - 10, [point(id, 7, 8)]), report(clock + 20, [point(id, 9)])]);
    const query = { resourceId: id, from: clock - 10, to: clock + 21, resolution: "raw" as const };
    const series = await store.read({ ...query, metric: 1 });
    expect([...series.at]).toEqual([-10, 0, 10, 20].map((n) => clock + n));
    expect([...series.avg]).toEqual([8, 2.5, Number.NaN, Number.NaN]);
    expect((await store.read({ ...query, to: clock - 10, metric: 0 })).at).toHaveLength(0);
    expect(store.latest([id, 999_999])).toEqual(new Map([[id, { at: clock + 20, values: Float32Array.of(9) }]]));
    const fresh = createSampleStore({ pool: database.pool, bus });
    await fresh.warm();
    expect(fresh.latest([id])).toEqual(new Map([[id, { at: clock + 20, values: Float32Array.of(9) }]]));
  });
});

import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { createBus } from "../bus.ts";
import { lastClosedWindow, levels } from "../domain/rollup/levels.ts";
import { createMetricsRegistry } from "../metrics-registry.ts";
import { createIngest, type RunningIngest } from "./create-ingest.ts";
import { createOpenWindows } from "./open-windows.ts";
import { rollUp } from "./roll-up.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 23, 10);
const never = new AbortController().signal;

let database: TestDatabase;
let ingest: RunningIngest;
let servers: string[];
let resources: number[][];
let clock: number;
let seq = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  clock = start;
  await database.pool.query("TRUNCATE server, sample, rollup_1m, rollup_15m, rollup_2h, rollup_pending CASCADE");
  ingest = createIngest({
    pool: database.pool,
    db: database.db,
    bus: createBus((_, error) => expect.fail(String(error))),
    log: pino({ level: "silent" }),
    metrics: createMetricsRegistry(),
    now,
  });
  servers = [randomUUID(), randomUUID()];
  for (const id of servers)
    await database.pool.query("INSERT INTO server (id, name, hostname) VALUES ($1, $1::uuid::text, 'h')", [id]);
  const declaration = (key: string) => ({ kind: "cpu", key, labels: {}, attributes: undefined, state: undefined });
  resources = await Promise.all(servers.map((id) => ingest.declare(id, [declaration("0"), declaration("1")])));
});

function now(): Date {
  return new Date(clock);
}

/** Values that differ by resource and time, some of them missing. */
function valuesAt(resourceId: number, at: number): Float32Array {
  const phase = at / 7000 + resourceId;
  return Float32Array.of(Math.sin(phase) * 100, (at / 1000) % 50 < 25 ? Number.NaN : Math.cos(phase), Number.NaN);
}

/** One report of the server at each of these times. */
async function send(which: number, times: number[]): Promise<void> {
  await Promise.all(
    times.map(
      (at) =>
        new Promise<void>((resolve) => {
          const points = resources[which]!.map((resourceId) => ({
            resourceId,
            kind: "cpu",
            key: "",
            values: valuesAt(resourceId, at),
          }));
          ingest.report({ serverId: servers[which]!, seq: ++seq, at, receivedAt: clock, points }, resolve);
        }),
    ),
  );
}

function range(from: number, to: number, step = 10_000): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + n * step);
}

/** What SQL makes of the level below, beside what is stored: rows that differ. */
async function wrong(table: string, below: string, width: string): Promise<unknown[]> {
  const level = levels.find((one) => table.endsWith(one.name))!;
  const values =
    below === "sample"
      ? "SELECT at, resource_id, 1 AS count, values AS min, values AS avg, values AS max FROM sample"
      : `SELECT * FROM ${below}`;
  const { rows } = await database.pool.query(
    `WITH expected AS (
       SELECT resource_id, bin AS at, max(n) AS count,
         array_agg(lo ORDER BY nth) AS min, array_agg(mean ORDER BY nth) AS avg, array_agg(hi ORDER BY nth) AS max
       FROM (
         SELECT resource_id, date_bin($1, at, '2000-01-01Z') AS bin, nth, sum(count) AS n,
           coalesce(min(lo) FILTER (WHERE lo <> 'NaN'), 'NaN') AS lo,
           coalesce(max(hi) FILTER (WHERE hi <> 'NaN'), 'NaN') AS hi,
           coalesce(sum(mean::float8 * count) FILTER (WHERE mean <> 'NaN')
             / sum(count) FILTER (WHERE mean <> 'NaN'), 'NaN') AS mean
         FROM (${values}) s, unnest(s.min, s.avg, s.max) WITH ORDINALITY AS u (lo, mean, hi, nth)
         GROUP BY 1, 2, 3
       ) one GROUP BY 1, 2
     )
     SELECT * FROM expected e FULL JOIN ${table} t USING (resource_id, at)
     WHERE at <= $2 AND (t.count IS DISTINCT FROM e.count OR t.min IS DISTINCT FROM e.min OR t.max IS DISTINCT FROM e.max
       OR EXISTS (SELECT FROM unnest(t.avg, e.avg) u (a, b) WHERE a <> b AND abs(a - b) > 1e-5 * (1 + abs(b))))`,
    [width, new Date(lastClosedWindow(clock, level))],
  );
  return rows;
}

async function expectExact(): Promise<void> {
  expect(await wrong("rollup_1m", "sample", "1 minute")).toEqual([]);
  expect(await wrong("rollup_15m", "rollup_1m", "15 minutes")).toEqual([]);
  expect(await wrong("rollup_2h", "rollup_15m", "2 hours")).toEqual([]);
}

async function count(table: string): Promise<number> {
  return (await database.pool.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n;
}

test("live, late and replayed data reach every level as SQL computes it", async () => {
  for (let at = start; at < start + 130 * minute; at += minute) {
    clock = at;
    await send(0, range(at, at + minute));
    if (at < start + 20 * minute || at >= start + 60 * minute) await send(1, range(at, at + minute));
    if ((at - start) % (10 * minute) === 0) await rollUp(database.pool, ingest.windows, now, never);
  }
  clock += 20 * minute;
  const live = await rollUp(database.pool, ingest.windows, now, never);
  expect(live.fromMemory).toBeGreaterThan(0);
  expect(await count("rollup_pending WHERE level = 1")).toBe(0);
  await expectExact();
  expect(await count("rollup_1m")).toBe(2 * 130 + 2 * 90);

  // The second server was cut off for 40 minutes: its backlog comes, part of it twice.
  const backlog = range(start + 15 * minute, start + 60 * minute);
  await send(1, backlog);
  await send(1, backlog.slice(50, 90));
  expect(await count("rollup_pending WHERE level = 1")).toBe(45);
  const late = await rollUp(database.pool, ingest.windows, now, never);
  expect(late).toMatchObject({ "1m": 45, fromMemory: 0 });
  await expectExact();
  expect(await count("rollup_1m")).toBe(4 * 130);

  clock = start + 5 * 60 * minute;
  await rollUp(database.pool, ingest.windows, now, never);
  await expectExact();
  expect(await count("rollup_2h")).toBe(8);
  expect(await count("rollup_pending")).toBe(0);
});

test("a window is from memory only when this process saw all of it", async () => {
  const other = createIngest({
    pool: database.pool,
    db: database.db,
    bus: createBus(() => {}),
    log: pino({ level: "silent" }),
    metrics: createMetricsRegistry(),
    now,
  });
  clock = start + 5000;
  await send(0, [start, start + 5000]);
  await send(1, [start, start + 5000]);
  const points = [
    { resourceId: resources[1]![0]!, kind: "cpu", key: "", values: valuesAt(resources[1]![0]!, start + 6000) },
  ];
  await new Promise<void>(
    (resolve) =>
      void other.report({ serverId: servers[1]!, seq: 1, at: start + 6000, receivedAt: clock, points }, resolve),
  );
  clock = start + minute + 14_999;
  expect(await rollUp(database.pool, ingest.windows, now, never)).toMatchObject({ "1m": 0 });
  clock = start + minute + 15_000;
  expect(await rollUp(database.pool, ingest.windows, now, never)).toMatchObject({ "1m": 2, fromMemory: 1 });
  expect(await wrong("rollup_1m", "sample", "1 minute")).toEqual([]);
  expect(ingest.windows.size()).toBe(0);
  await other.stop();
});

test("a report that came twice counts once", async () => {
  clock = start + 20_000;
  await send(0, [start, start + 10_000]);
  await send(0, [start + 10_000, start + 20_000]);
  clock = start + minute + 15_000;
  expect(await rollUp(database.pool, ingest.windows, now, never)).toMatchObject({ "1m": 1, fromMemory: 0 });
  expect(await wrong("rollup_1m", "sample", "1 minute")).toEqual([]);
  expect(await count("rollup_1m WHERE count = 3")).toBe(2);
});

test("after a crash the windows of the dead process are made from the samples", async () => {
  await send(0, range(start, start + minute));
  clock = start + minute + 15_000;
  const successor = createOpenWindows();
  expect(await rollUp(database.pool, successor, now, never)).toMatchObject({ "1m": 0 });
  clock += minute;
  expect(await rollUp(database.pool, successor, now, never)).toMatchObject({ "1m": 1, fromMemory: 0 });
  expect(await wrong("rollup_1m", "sample", "1 minute")).toEqual([]);
});

test("late data that races the roll-up of its window is never left out", async () => {
  clock = start + 30 * minute;
  let ended = false;
  const worker = (async () => {
    while (!ended) await rollUp(database.pool, ingest.windows, now, never);
  })();
  const second = (async () => {
    while (!ended) await rollUp(database.pool, createOpenWindows(), now, never);
  })();
  for (let round = 0; round < 40; round++) {
    await Promise.all([0, 1].map((which) => send(which, range(start + round * 250, start + 3 * minute, 10_000))));
  }
  ended = true;
  await Promise.all([worker, second]);
  clock = start + 4 * 60 * minute;
  await rollUp(database.pool, ingest.windows, now, never);
  expect(await count("sample")).toBe(2 * 2 * 18 * 40);
  expect(await count("rollup_pending WHERE level = 1")).toBe(0);
  await expectExact();
});

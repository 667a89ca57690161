import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { addResource, addServer, drive, valuesOf } from "../../../tests/storage-fixture.ts";
import { ensurePartitions } from "../../db/partitions.ts";
import { forecastsOf } from "../../db/queries/storage-forecasts.ts";
import { makeForecasts } from "./make-forecasts.ts";

const hour = 3_600_000;
const gb = 1e9;
const never = new AbortController().signal;
let api: TestApi;
let server: string;
let now: number;

beforeAll(async () => {
  api = await testApi();
  now = api.clock.now;
  server = await addServer(api.context.db, "alpha");
  for (const table of ["rollup_15m", "rollup_2h", "sample"] as const)
    await ensurePartitions(api.context.pool, table, now - 62 * 24 * hour, now);
});
afterAll(() => api.close());

/** Roll-ups of a resource: values by hours before now. */
async function history(
  id: number,
  kind: string,
  table: "rollup_15m" | "rollup_2h",
  hours: number,
  named: (h: number) => Record<string, number>,
): Promise<void> {
  const step = table === "rollup_15m" ? 0.25 : 2;
  const rows: { at: Date; values: string }[] = [];
  for (let h = -hours; h < 0; h += step) {
    const values = [...valuesOf(kind, named(h + step / 2))].map((value) => (Number.isNaN(value) ? "NaN" : value));
    rows.push({ at: new Date(now + h * hour), values: `{${values.join(",")}}` });
  }
  await api.context.pool.query(
    `INSERT INTO ${table} (at, resource_id, count, min, avg, max)
     SELECT at, $1, 1, v::real[], v::real[], v::real[] FROM unnest($2::timestamptz[], $3::text[]) AS u(at, v)`,
    [id, rows.map((row) => row.at), rows.map((row) => row.values)],
  );
}

async function filesystem(mount: string, used: (h: number) => number, hours: number, state = "rw"): Promise<number> {
  const id = await addResource(api.context.db, server, { kind: "filesystem", key: mount, state });
  const values = (h: number) => ({ used_bytes: used(h), available_bytes: 1000 * gb - used(h) });
  await history(id, "filesystem", "rollup_15m", Math.min(hours, 24), values);
  if (hours > 24) await history(id, "filesystem", "rollup_2h", hours, values);
  api.newest.set(id, { at: now - 5000, values: valuesOf("filesystem", values(0)) });
  return id;
}

test("filesystems, thin pools and drives", async () => {
  const filling = await filesystem("/filling", (h) => (952 + h) * gb, 720);
  const idle = await filesystem("/idle", () => 500 * gb, 720);
  const fresh = await filesystem("/fresh", () => 10 * gb, 0.5);
  const readOnly = await filesystem("/cdrom", () => 1000 * gb, 24, "ro");
  const thin = await addResource(api.context.db, server, {
    kind: "pool",
    key: "lvm:vg/thin",
    labels: { type: "lvm-thin" },
  });
  const thinValues = (h: number) => ({ used_bytes: (80 + h * 0.2) * gb, free_bytes: (20 - h * 0.2) * gb });
  await history(thin, "pool", "rollup_15m", 24, thinValues);
  await history(thin, "pool", "rollup_2h", 240, thinValues);
  const worn = await addResource(api.context.db, server, drive("sda", "W-1", "healthy"));
  await history(worn, "drive", "rollup_2h", 24 * 58, (h) => ({
    wear_ratio: Math.floor(80 + (h / 24) * 0.25) / 100,
    temperature_celsius: 40 + (h / 168) * 1.5,
  }));
  const silent = await addResource(api.context.db, server, drive("sdb", "W-2", "unknown"));

  expect(await makeForecasts(api.context, never)).toEqual({ space: 5, long: 5, drives: 2 });
  const rows = await forecastsOf(api.context.db, [filling, idle, fresh, readOnly, thin, worn, silent]);
  const of = (id: number, metric: string) => rows.find((row) => row.resourceId === id && row.metric === metric);
  const hoursLeft = (at: Date | null | undefined) => ((at?.getTime() ?? Number.NaN) - now) / hour;
  expect(hoursLeft(of(filling, "used_ratio")?.fullAt)).toBeCloseTo(48, 0);
  expect(of(filling, "used_ratio")?.confidence).toBeGreaterThan(0.85);
  expect(of(filling, "used_ratio")?.rate).toBeCloseTo(gb / 3600, -3);
  expect(of(idle, "used_ratio")).toMatchObject({ fullAt: null, reason: "it does not grow" });
  expect(of(fresh, "used_ratio")?.reason).toMatch(/^too little history/);
  expect(of(readOnly, "used_ratio")).toMatchObject({ fullAt: null, reason: "it is read-only" });
  expect(hoursLeft(of(thin, "used_ratio")?.fullAt)).toBeCloseTo(100, -1);
  expect(hoursLeft(of(worn, "wear_ratio")?.fullAt) / 24).toBeGreaterThan(70);
  expect(hoursLeft(of(worn, "wear_ratio")?.fullAt) / 24).toBeLessThan(95);
  expect((of(worn, "temperature_celsius")?.rate ?? 0) * 604_800).toBeCloseTo(1.5, 1);
  expect(of(silent, "wear_ratio")).toMatchObject({ fullAt: null, reason: "the drive tells no wear" });

  // Only what is about to be full is looked at again; after a jump the one that jumped too.
  api.clock.now = now + 600_000;
  expect(await makeForecasts(api.context, never)).toEqual({ space: 2, long: 0, drives: 0 });
  api.newest.set(idle, {
    at: api.clock.now,
    values: valuesOf("filesystem", { used_bytes: 900 * gb, available_bytes: 100 * gb }),
  });
  expect((await makeForecasts(api.context, never)).space).toBe(3);
  const [jumped] = await forecastsOf(api.context.db, [idle]);
  expect(jumped).toMatchObject({ fullAt: null });

  const token = await api.token("viewer");
  const base = "/api/v1/infrastructure/storage";
  const list = await api.call("GET", `${base}/filesystems?sort=fullAt&limit=1`, { token });
  expect(list.body.items).toMatchObject([{ mountPoint: "/filling", forecast: { bytesPerDay: 24 * gb, reason: "" } }]);
  const device = await api.call("GET", `${base}/devices/${worn}`, { token });
  expect(device.body.forecast.temperature.perWeek).toBeCloseTo(1.5, 1);
  expect(device.body.forecast.wear.ratePerDay).toBeCloseTo(0.0025, 3);
});

test("stops when it is told to", async () => {
  await api.context.db.deleteFrom("storage_forecast").execute();
  await expect(makeForecasts(api.context, AbortSignal.abort())).rejects.toThrow();
});

import { metricIndex } from "@fairlead/shared/catalogue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { metricsAnswer } from "./metrics.ts";

let api: TestApi;
let token: string;
let host: number;
const start = 1_799_996_400_000;
beforeAll(async () => {
  api = await testApi();
  api.clock.now = start + 3_600_000;
  token = await api.token("viewer");
  const { id } = await api.context.db
    .insertInto("server")
    .values({ name: "a", hostname: "a" })
    .returning("id")
    .executeTakeFirstOrThrow();
  const row = { server_id: id, kind: "host", key: "host" };
  host = (await api.context.db.insertInto("resource").values(row).returning("id").executeTakeFirstOrThrow()).id;
  for (let i = 0; i < 360; i++) {
    const values = new Float32Array(40).fill(Number.NaN);
    if (i !== 5) values[metricIndex("host", "cpu_usage_ratio")] = i / 360;
    api.samples.push({ resourceId: host, at: start + i * 10_000, values });
  }
});
afterAll(() => api.close());

async function query(rest: string) {
  const { status, body } = await api.call("GET", `/api/v1/metrics?series=${host}:cpu_usage_ratio${rest}`, { token });
  expect(status, JSON.stringify(body)).toBe(200);
  const instants = { from: new Date(body.from), to: new Date(body.to) };
  metricsAnswer.parse({ ...body, ...instants });
  return body;
}

test("raw: values as they came, null where missing, no extremes", async () => {
  const body = await query("&from=-1h&resolution=raw");
  expect(body).toMatchObject({ resolution: "raw", from: "2027-01-15T07:00:00.000Z", to: "2027-01-15T08:00:00.000Z" });
  const [series] = body.series;
  expect(series).toMatchObject({ resourceId: host, kind: "host", key: "host", unit: "ratio", min: [], max: [] });
  expect(series.at.length).toBe(360);
  expect(series.avg.slice(3, 7)).toEqual([0.008333334, 0.01111111, null, 0.01666667]);
});

test("automatic resolution and fewer points", async () => {
  expect((await query("&from=-1h")).resolution).toBe("raw");
  expect((await query("&from=-1d")).resolution).toBe("15m");
  expect((await query("&from=-1d&maxPoints=20000")).resolution).toBe("raw");
  expect((await query("&from=-90d")).resolution).toBe("2h");
  const [series] = (await query("&resolution=raw&maxPoints=36")).series;
  expect(series.at.length).toBe(36);
  expect(series.min[1]).toBeCloseTo(10 / 360, 6);
  expect(series.avg[1]).toBeCloseTo(14.5 / 360, 6);
  expect(series.max[1]).toBeCloseTo(19 / 360, 6);
});

test("too much is refused, an unknown metric is told what there is", async () => {
  const path = `/api/v1/metrics?series=${host}:cpu_usage_ratio&from=-2000d&resolution=raw`;
  const large = await api.call("GET", path, { token });
  expect(large.body.errors[0]).toMatchObject({ field: "resolution", value: "raw" });
  const unknown = await api.call("GET", `/api/v1/metrics?series=${host}:cpu`, { token });
  expect(unknown.body.errors[0].message).toContain("a host has no metric cpu: it has cpu_usage_ratio");
});

test("the catalogue", async () => {
  const { body } = await api.call("GET", "/api/v1/metrics/catalogue", { token });
  expect(body.container.metrics[0]).toEqual({ name: "cpu_cores", unit: "cores", help: "Busy cores" });
});

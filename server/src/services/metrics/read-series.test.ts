import { expect, test } from "vitest";
import type { Resolution, SampleStore } from "../../ingest/sample-store.ts";
import { readSeries } from "./read-series.ts";

const minute = 60_000;

/** A store whose levels end where roll-ups would at `now`; the value is the minute of the point. */
function store(ends: Record<Resolution, number>, widths: Record<Resolution, number>) {
  const reads: string[] = [];
  const read: SampleStore["read"] = async ({ from, to, resolution }) => {
    reads.push(`${resolution} ${from / minute}`);
    const width = widths[resolution];
    const at: number[] = [];
    for (let t = Math.ceil(from / width) * width; t < Math.min(to, ends[resolution]); t += width) at.push(t);
    const values = Float32Array.from(at, (t) => t / minute);
    return { at: Float64Array.from(at), min: values, avg: values, max: values, count: Int32Array.from(at, () => 1) };
  };
  return { read, reads };
}

const widths = { raw: 10_000, "1m": minute, "15m": 15 * minute, "2h": 120 * minute };

test("behind the last roll-up come finer ones, once each", async () => {
  const now = 1000 * minute;
  const samples = store({ raw: now, "1m": 998 * minute, "15m": 975 * minute, "2h": 840 * minute }, widths);
  const query = { resourceId: 1, metric: 0, from: 0, to: now, resolution: "2h" as const };
  const series = await readSeries(samples, query, now);
  expect([...series.at].map((t) => t / minute)).toEqual([0, 120, 240, 360, 480, 600, 720, 840, 960]);
  // 840 is made of 15 minute points, 960 of 15 minutes, minutes and raw samples.
  expect(series.max[7]).toBe(945);
  expect([series.min.at(-1), series.max.at(-1)]).toEqual([960, Math.fround(1000 - 1 / 6)]);
  expect(samples.reads).toEqual(["2h 0", "15m 840", "1m 975", "raw 998"]);
});

test("a range that ended long ago and raw are read once", async () => {
  const now = 10_000 * minute;
  const samples = store({ raw: now, "1m": now, "15m": now, "2h": now }, widths);
  await readSeries(samples, { resourceId: 1, metric: 0, from: 0, to: 960 * minute, resolution: "15m" }, now);
  await readSeries(samples, { resourceId: 1, metric: 0, from: 0, to: now, resolution: "raw" }, now);
  expect(samples.reads).toEqual(["15m 0", "raw 0"]);
});

test("a server that was silent for days costs a look at the newest windows only", async () => {
  const now = 10_000 * minute;
  const end = 100 * minute;
  const samples = store({ raw: end, "1m": end, "15m": end, "2h": end }, widths);
  const series = await readSeries(samples, { resourceId: 1, metric: 0, from: 0, to: now, resolution: "15m" }, now);
  expect(series.at.at(-1)).toBe(90 * minute);
  expect(samples.reads).toEqual(["15m 0", "1m 9945", "raw 9997"]);
});

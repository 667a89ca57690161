import { describe, expect, test } from "vitest";
import { merge } from "../api/metrics.ts";
import { toBuckets } from "../api/sparklines.ts";
import type { Series } from "../api/types.ts";
import { align, stack } from "./align.ts";

const series = (at: number[], avg: (number | null)[], extra: Partial<Series> = {}): Series => ({
  resourceId: 1,
  serverId: "a",
  kind: "host",
  key: "",
  metric: "m",
  unit: "ratio",
  at,
  avg,
  ...extra,
});

describe("align", () => {
  test("merges different times, null where a series has none", () => {
    const result = align([series([10, 20, 30], [1, 2, 3]), series([20, 30, 40], [5, 6, 7])]);
    expect(result.at).toEqual([10, 20, 30, 40]);
    expect(result.columns.map((column) => column.avg)).toEqual([
      [1, 2, 3, null],
      [null, 5, 6, 7],
    ]);
  });
  test("breaks the line where samples are missing", () => {
    const result = align([series([10, 20, 30, 90, 100], [1, 1, 1, 2, 2])]);
    expect(result.at).toEqual([10, 20, 30, 60, 90, 100]);
    expect(result.columns[0]?.avg).toEqual([1, 1, 1, null, 2, 2]);
  });
  test("keeps the line where slow samples turn into fast ones", () => {
    const at = [0, 10, 20, 21, 22, 23, 24, 25];
    expect(align([series(at, at)], 35).at).toEqual(at);
    expect(align([series(at, at)]).at.length).toBeGreaterThan(at.length);
  });
  test("keeps the band of roll-ups and knows raw from it", () => {
    const [rolled] = align([series([1, 2], [5, 6], { min: [4, null], max: [7, 8] })]).columns;
    expect(rolled).toEqual({ avg: [5, 6], min: [4, null], max: [7, 8] });
    expect(align([series([1, 2], [5, 6], { min: [], max: [] })]).columns[0]?.min).toBeNull();
  });
  test("nothing is nothing", () => {
    expect(align([])).toEqual({ at: [], columns: [] });
    expect(align([series([], [])]).columns[0]?.avg).toEqual([]);
  });
});

test("stack adds up and leaves gaps", () => {
  expect(
    stack([
      [1, null, null],
      [2, 3, null],
    ]),
  ).toEqual([
    [1, null, null],
    [3, 3, null],
  ]);
});

test("buckets are means, empty ones null", () => {
  expect(toBuckets([0, 1, 25, 99, 100], [1, 3, null, 5, 9], 0, 100, 4)).toEqual([2, null, null, 5]);
});

test("live points go between stored ones, once each", () => {
  const stored = { at: [0, 10, 20, 30], avg: [0, 1, 2, 3] };
  const streamed = { at: [18, 19, 20, 21], avg: [7, 8, 9, null] };
  expect(merge(stored, streamed, 5)).toEqual({ at: [10, 18, 19, 20, 21, 30], avg: [1, 7, 8, 9, null, 3] });
});

import { expect, test } from "vitest";
import { reduceSeries } from "./reduce-series.ts";
import { parseTime } from "./time-range.ts";

function series(points: [at: number, min: number, avg: number, max: number, count: number][]) {
  return {
    at: Float64Array.from(points, (p) => p[0]),
    min: Float32Array.from(points, (p) => p[1]),
    avg: Float32Array.from(points, (p) => p[2]),
    max: Float32Array.from(points, (p) => p[3]),
    count: Int32Array.from(points, (p) => p[4]),
  };
}

test("keeps extremes, weighs means, skips missing values, leaves gaps out", () => {
  const reduced = reduceSeries(
    series([
      [0, 1, 2, 3, 1],
      [10, 0, 8, 9, 3],
      [20, Number.NaN, Number.NaN, Number.NaN, 0],
      [30, 5, 5, 5, 1],
      [90, Number.NaN, Number.NaN, Number.NaN, 0],
    ]),
    0,
    100,
    4,
  );
  expect([...reduced.at]).toEqual([0, 25, 75]);
  expect([...reduced.min]).toEqual([0, 5, Number.NaN]);
  expect([...reduced.avg]).toEqual([6.5, 5, Number.NaN]);
  expect([...reduced.max]).toEqual([9, 5, Number.NaN]);
});

test("leaves what is short enough", () => {
  const short = series([[0, 1, 1, 1, 1]]);
  expect(reduceSeries(short, 0, 100, 1)).toBe(short);
});

test.each([
  ["now", 1_000_000_000_000],
  ["-90s", 999_999_910_000],
  ["-1h", 999_996_400_000],
  ["-2w", 998_790_400_000],
  ["999999999999", 999_999_999_999],
  ["2001-09-09T01:46:40Z", 1_000_000_000_000],
  ["2001-09-09T03:46:40+02:00", 1_000_000_000_000],
  ["1h", undefined],
  ["-1y", undefined],
  ["yesterday", undefined],
  ["2001-09-09T01:46:40", 1_000_000_000_000],
  ["2001-09-09", 999_993_600_000],
  ["2001-99-99", undefined],
  ["2001-02-30", undefined],
  ["2001-09-09 PST", undefined],
  ["-999999w", undefined],
  ["999999999999999", undefined],
  ["0001-01-01", undefined],
  ["", undefined],
])("time %s", (text, at) => expect(parseTime(text, 1_000_000_000_000)).toBe(at));

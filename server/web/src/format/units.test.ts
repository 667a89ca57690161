import { describe, expect, test } from "vitest";
import {
  axisSteps,
  formatAge,
  formatBitRate,
  formatByteRate,
  formatBytes,
  formatCapacity,
  formatDuration,
  formatRatio,
  formatUnit,
} from "./units.ts";

describe("bytes", () => {
  test.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [1024 ** 2 - 1, "1 MiB"],
    [10.25 * 1024 ** 3, "10.3 GiB"],
    [512 * 1024 ** 3, "512 GiB"],
    [-2048, "-2 KiB"],
    [1024 ** 7, "1024 EiB"],
    [null, "–"],
    [Number.NaN, "–"],
    [undefined, "–"],
  ])("%s -> %s", (value, text) => expect(formatBytes(value)).toBe(text));
  test("rates", () => {
    expect(formatByteRate(12.3 * 1024 ** 2)).toBe("12.3 MiB/s");
    expect(formatByteRate(0.4)).toBe("0 B/s");
    expect(formatBitRate(1e9)).toBe("1 Gbit/s");
    expect(formatBitRate(999_600)).toBe("1 Mbit/s");
  });
});

describe("ratios", () => {
  test.each([
    [0, "0 %"],
    [0.0004, "0.0 %"],
    [0.034, "3.4 %"],
    [0.0999, "10 %"],
    [0.425, "43 %"],
    [1, "100 %"],
    [null, "–"],
  ])("%s -> %s", (value, text) => expect(formatRatio(value)).toBe(text));
});

describe("durations", () => {
  test.each([
    [0, "0 s"],
    [0.000012, "12 µs"],
    [0.34, "340 ms"],
    [0.9996, "1 s"],
    [2.5, "2.5 s"],
    [59.6, "1 min"],
    [61, "1 min 1 s"],
    [3600, "1 h"],
    [5400, "1 h 30 min"],
    [90_061, "1 d 1 h"],
    [-90, "−1 min 30 s"],
    [null, "–"],
  ])("%s -> %s", (value, text) => expect(formatDuration(value)).toBe(text));
});

describe("units of the catalogue", () => {
  test.each([
    ["count", 12, "12"],
    ["count", 12_345, "12.3k"],
    ["per_second", 1500, "1500/s"],
    ["cores", 0.012, "12 m"],
    ["cores", 1.5, "1.5"],
    ["celsius", 41.26, "41.3 °C"],
    ["boolean", 1, "yes"],
    ["seconds", 60, "1 min"],
    ["bytes", null, "–"],
    ["ratio", Number.POSITIVE_INFINITY, "–"],
  ])("%s %s -> %s", (unit, value, text) => expect(formatUnit(unit, value)).toBe(text));
});

test("axis steps rise", () => {
  for (const unit of ["bytes", "count", "seconds"]) {
    const steps = axisSteps(unit);
    expect(steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0))).toBe(true);
  }
});

test.each([
  [4_000_787_030_016, "4 TB"],
  [500_107_862_016, "500 GB"],
  [999_600, "1 MB"],
  [null, "–"],
])("capacity %s -> %s", (value, text) => expect(formatCapacity(value)).toBe(text));

test.each([
  [3600, "1 h"],
  [40 * 86_400, "40 d"],
  [3.44 * 365.25 * 86_400, "3.4 years"],
  [undefined, "–"],
])("age %s -> %s", (value, text) => expect(formatAge(value)).toBe(text));

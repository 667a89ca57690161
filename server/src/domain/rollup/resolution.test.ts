import { expect, test } from "vitest";
import { lastClosedWindow, levels, windowStart } from "./levels.ts";
import { chooseResolution, type Resolution } from "./resolution.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 23, 12, 34, 56);
const retention = { raw: 7, "1m": 31, "15m": 180, "2h": 1095 };

test.each<[string, number, number, number, Resolution]>([
  ["10 minutes", 10 * minute, 0, 1000, "raw"],
  ["1 hour", hour, 0, 1000, "raw"],
  ["2 h 46 min is 1,000 points of 10 s", 10_000_000, 0, 1000, "raw"],
  ["3 hours", 3 * hour, 0, 1000, "1m"],
  ["24 hours in 1,500 points", day, 0, 1500, "1m"],
  ["24 hours in 1,000 points", day, 0, 1000, "15m"],
  ["24 hours in 10,000 points", day, 0, 10_000, "raw"],
  ["7 days", 7 * day, 0, 1000, "15m"],
  ["30 days", 30 * day, 0, 1000, "2h"],
  ["30 days in 3,000 points", 30 * day, 0, 3000, "15m"],
  ["a year, more points than asked for", 365 * day, 0, 1000, "2h"],
  ["an hour ten days ago is past raw", hour, 10 * day, 1000, "1m"],
  ["an hour 100 days ago is past 1m", hour, 100 * day, 1000, "15m"],
  ["an hour 300 days ago has only 2h", hour, 300 * day, 1000, "2h"],
  ["ten years ago nothing is kept", hour, 3650 * day, 1000, "2h"],
  ["few points of a short range", 10 * minute, 0, 1, "1m"],
  ["an empty range", 0, 0, 1000, "raw"],
])("resolution: %s", (_, span, ago, maxPoints, expected) => {
  const to = now - ago;
  expect(chooseResolution(to - span, to, maxPoints, retention, now)).toBe(expected);
});

test.each<[number, number, string, string]>([
  [1, Date.UTC(2026, 0, 1, 0, 1, 14, 999), "1m", "2025-12-31T23:59:00.000Z"],
  [1, Date.UTC(2026, 0, 1, 0, 1, 15), "1m", "2026-01-01T00:00:00.000Z"],
  [2, Date.UTC(2026, 0, 1, 0, 15, 24, 999), "15m", "2025-12-31T23:45:00.000Z"],
  [2, Date.UTC(2026, 0, 1, 0, 15, 25), "15m", "2026-01-01T00:00:00.000Z"],
  [3, Date.UTC(2026, 0, 1, 2, 0, 35), "2h", "2026-01-01T00:00:00.000Z"],
])("last closed window of level %i", (number, at, name, expected) => {
  const level = levels[number - 1]!;
  expect(level.name).toBe(name);
  expect(new Date(lastClosedWindow(at, level)).toISOString()).toBe(expected);
});

test("windows start at UTC multiples, before 1970 too", () => {
  expect(windowStart(119_999, minute)).toBe(minute);
  expect(windowStart(-1, minute)).toBe(-minute);
});

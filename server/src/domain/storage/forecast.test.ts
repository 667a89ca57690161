import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Forecast, forecastSpace, forecastWear, readLong, slowTrend } from "./forecast.ts";
import type { SpaceSeries } from "./space.ts";

const now = Date.UTC(2026, 10, 23);
const hour = 3_600_000;
const day = 24 * hour;
const size = 1e12;
const gb = 1e9;

/** Used bytes at a time in hours before now (0 is now, negative is the past). */
type Curve = (hours: number) => number;

function sampled(curve: Curve, spanMs: number, everyMs: number, total: (hours: number) => number): SpaceSeries {
  const at: number[] = [];
  for (let time = now - spanMs; time <= now; time += everyMs) at.push(time);
  const hours = at.map((time) => (time - now) / hour);
  const used = hours.map((h) => Math.fround(Math.max(0, curve(h))));
  return { at, used, available: hours.map((h, i) => Math.fround(Math.max(0, total(h) - (used[i] as number)))) };
}

function forecast(curve: Curve, history = 30 * day, total: (hours: number) => number = () => size): Forecast {
  const recent = sampled(curve, Math.min(history, day), hour / 4, total);
  const long = history >= 6 * hour ? readLong(sampled(curve, Math.min(history, 30 * day), 2 * hour, total)) : null;
  return forecastSpace(recent, long);
}

function hoursLeft({ fullAt }: Forecast): number {
  return fullAt === null ? Number.POSITIVE_INFINITY : (fullAt - now) / hour;
}

/** The same for every run, of no pattern. */
function noise(h: number): number {
  const x = Math.sin(h * 12.9898 + 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

const saw = (period: number, low: number, high: number, phase = 0): Curve => {
  return (h) => low + (high - low) * ((((h + phase) % period) + period) % period) * (1 / period);
};

describe("a filesystem that fills", () => {
  test.each<[name: string, curve: Curve, history: number, expected: number, confidence: number]>([
    ["1 GB an hour, 400 h left", (h) => 600 * gb + 1 * gb * h, 30 * day, 400, 0.9],
    ["1 GB an hour, 48 h left", (h) => 952 * gb + 1 * gb * h, 30 * day, 48, 0.9],
    ["with noise of 0.2 %", (h) => 952 * gb + gb * h + 2 * gb * noise(h), 30 * day, 48, 0.8],
    ["with a swing each day", (h) => 940 * gb + gb * h + 5 * gb * Math.sin((h / 24) * 2 * Math.PI), 30 * day, 60, 0.5],
    ["a week of history", (h) => 900 * gb + 2 * gb * h, 7 * day, 50, 0.85],
    ["a day and a half of history", (h) => 900 * gb + 2 * gb * h, 1.5 * day, 50, 0.75],
    ["by a backup each night", (h) => 930 * gb + 25 * gb * Math.floor((h + 4) / 24), 30 * day, 67, 0.6],
    ["a clean-up ten days ago", (h) => 900 * gb + gb * h + (h < -240 ? 300 * gb : 0), 30 * day, 100, 0.7],
    ["a copy ten days ago", (h) => 900 * gb + gb * h - (h < -240 ? 100 * gb : 0), 30 * day, 100, 0.7],
    ["grown two days ago", (h) => 900 * gb + gb * h, 30 * day, 100, 0.8],
    ["quick since 30 hours", (h) => 300 * gb + Math.max(0, h + 30) * 10 * gb, 30 * day, 40, 0.6],
    ["an hourly sawtooth that rises", (h) => saw(1, 0, 10 * gb)(h) + 900 * gb + gb * h, 30 * day, 90, 0.6],
    // A dataset that holds little, in a pool that others fill: what it could grow to shrinks.
    ["in a pool that others fill", () => 10 * gb, 30 * day, 60, 0.8],
    ["in a pool that others fill since 30 hours", () => 10 * gb, 30 * day, 40, 0.6],
    ["in a pool that others fill fast since 30 hours", () => 10 * gb, 30 * day, 10, 0.6],
    ["in a pool that others fill fast", () => 10 * gb, 30 * day, 10, 0.6],
  ])("%s", (name, curve, history, expected, confidence) => {
    const totals: Record<string, (hours: number) => number> = {
      "grown two days ago": (h) => (h < -48 ? size * 0.95 : size),
      "in a pool that others fill": (h) => 10 * gb + 60 * gb - gb * h,
      "in a pool that others fill fast since 30 hours": (h) => 10 * gb + 300 * gb - 30 * gb * Math.max(h, -30),
      "in a pool that others fill fast": (h) => 10 * gb + 300 * gb - 30 * gb * h,
      "in a pool that others fill since 30 hours": (h) => 10 * gb + 400 * gb - 10 * gb * Math.max(h, -30),
    };
    const found = forecast(curve, history, totals[name]);
    expect(hoursLeft(found) / expected, JSON.stringify(found)).toBeGreaterThan(0.75);
    expect(hoursLeft(found) / expected, JSON.stringify(found)).toBeLessThan(1.3);
    expect(found.confidence, JSON.stringify(found)).toBeGreaterThanOrEqual(confidence);
  });
});

describe("no alarm: not within 72 hours with a confidence of 0.6", () => {
  test.each<[name: string, curve: Curve, history: number]>([
    ["idle", () => 900 * gb, 30 * day],
    ["idle and full but for 1 %", () => 990 * gb, 30 * day],
    ["noise only", (h) => 950 * gb + 20 * gb * noise(h), 30 * day],
    ["shrinking", (h) => 500 * gb - gb * h, 30 * day],
    ["one copy of 200 GB an hour ago", (h) => (h < -1 ? 700 : 900) * gb, 30 * day],
    ["one copy that took 2 hours until now", (h) => 600 * gb + 150 * gb * Math.max(0, h + 2), 30 * day],
    ["one copy yesterday noon", (h) => (h < -12 ? 700 : 950) * gb, 30 * day],
    ["one copy that took 4 hours", (h) => 500 * gb + 100 * gb * Math.min(4, Math.max(0, h + 10)), 30 * day],
    ["a spike that is gone", (h) => (h > -3 && h < -2 ? 990 : 500) * gb, 30 * day],
    ["a spike right now", (h) => (h > -0.3 ? 990 : 500) * gb, 30 * day],
    ["logs rotated each day, half full", saw(24, 800 * gb, 950 * gb, 12), 30 * day],
    ["logs rotated each day, just before", saw(24, 800 * gb, 980 * gb, 23), 30 * day],
    ["logs rotated each day, for 4 days", saw(24, 800 * gb, 950 * gb, 20), 4 * day],
    ["logs rotated each week", saw(168, 700 * gb, 950 * gb, 150), 30 * day],
    ["logs rotated each 6 hours", saw(6, 900 * gb, 980 * gb, 5), 30 * day],
    ["a swing each day", (h) => 900 * gb + 60 * gb * Math.sin((h / 24) * 2 * Math.PI), 30 * day],
    ["a clean-up 3 hours ago", (h) => (h < -3 ? 950 : 400) * gb, 30 * day],
    ["a new one that is being filled for 5 hours", (h) => 100 * gb + 100 * gb * (h + 5), 5 * hour],
    ["a new one with a copy", (h) => (h < -2 ? 10 : 800) * gb, 12 * hour],
    ["grown by half", () => 900 * gb, 30 * day],
    ["shrunk to nearly full", () => 900 * gb, 30 * day],
    ["a quota that is raised each week, then nearly full", (h) => 900 * gb + 0.01 * gb * h, 30 * day],
    ["an hourly sawtooth", saw(1, 850 * gb, 950 * gb, 0.9), 30 * day],
    ["an hourly sawtooth on 36 hours of history", saw(1, 850 * gb, 950 * gb, 0.9), 1.5 * day],
    ["a sawtooth of 61 minutes", saw(61 / 60, 850 * gb, 950 * gb, 0.9), 30 * day],
    ["a sawtooth of 2 hours and 5 minutes", saw(125 / 60, 850 * gb, 950 * gb, 0.9), 30 * day],
    ["a sawtooth of 16 minutes", saw(16 / 60, 850 * gb, 950 * gb, 0.1), 30 * day],
    ["a sawtooth of 3 days, just before", saw(72, 700 * gb, 960 * gb, 68), 30 * day],
    ["a copy of 9 hours until now", (h) => 500 * gb + 45 * gb * Math.max(0, h + 9), 30 * day],
    ["in a pool of which others took much at one go", () => 10 * gb, 30 * day],
    ["in a pool of which others take and give back", () => 10 * gb, 30 * day],
    ["quick 2 days ago, calm since", (h) => 900 * gb - 10 * gb * Math.max(0, -h - 40), 30 * day],
  ])("%s", (name, curve, history) => {
    const totals: Record<string, (hours: number) => number> = {
      "grown by half": (h) => (h < -5 ? size : size * 1.5),
      "shrunk to nearly full": (h) => (h < -5 ? 2 * size : 920 * gb),
      "a quota that is raised each week, then nearly full": (h) => size * (1 + 0.02 * Math.floor(h / 168)),
      "in a pool of which others took much at one go": (h) => (h < -5 ? size : 60 * gb),
      "in a pool of which others take and give back": saw(24, 100 * gb, 900 * gb, 3),
    };
    const found = forecast(curve, history, totals[name]);
    const alarm = hoursLeft(found) <= 72 && found.confidence >= 0.6;
    expect(alarm, JSON.stringify(found)).toBe(false);
  });
});

describe("says why there is none", () => {
  test.each<[name: string, found: Forecast, reason: RegExp]>([
    ["nothing", forecastSpace({ at: [], used: [], available: [] }, null), /^no data$/],
    ["15 minutes", forecast((h) => 500 * gb + 100 * gb * h, hour / 4), /^too little history: 15 min, needs 3 h$/],
    ["idle", forecast(() => 500 * gb), /^it does not grow$/],
    ["shrinking", forecast((h) => 500 * gb - gb * h), /^it shrinks$/],
    ["slow", forecast((h) => 100 * gb + 0.001 * gb * h), /^more than 2 years$/],
    ["rotated", forecast(saw(24, 800 * gb, 950 * gb, 12)), /^it is emptied every 24 h$/],
    [
      "no size",
      forecast(
        () => 0,
        30 * day,
        () => 0,
      ),
      /^it has no size$/,
    ],
  ])("%s", (_name, found, reason) => {
    expect(found.reason).toMatch(reason);
    expect(found.fullAt).toBeNull();
    expect(found.confidence).toBe(0);
  });

  test("full is full", () => {
    expect(forecast(() => size)).toMatchObject({ fullAt: now, confidence: 1, reason: "it is full" });
  });
});

test("peaks that rise are what fills a filesystem that is emptied each day", () => {
  const curve: Curve = (h) => saw(24, 600 * gb, 700 * gb, 12)(h) + 8 * gb * Math.floor(h / 24);
  const found = forecast(curve);
  expect(hoursLeft(found) / (24 * 37)).toBeGreaterThan(0.6);
  expect(hoursLeft(found) / (24 * 37)).toBeLessThan(1.5);
});

test("whatever comes in, an answer comes out", () => {
  const bytes = fc.oneof(fc.double({ min: 0, max: 1e15, noNaN: true }), fc.constant(0));
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes), { maxLength: 120 }), (points) => {
      const series = {
        at: points.map((_, i) => now + i * (hour / 4)),
        used: points.map(([used]) => used),
        available: points.map(([, available]) => available),
      };
      const found = forecastSpace(series, readLong(series));
      expect(found.confidence).toBeGreaterThanOrEqual(0);
      expect(found.confidence).toBeLessThanOrEqual(1);
      expect(found.fullAt === null || Number.isFinite(found.fullAt)).toBe(true);
      expect(found.fullAt === null).toBe(found.reason !== "" && found.reason !== "it is full");
    }),
    { numRuns: 300 },
  );
});

describe("wear", () => {
  const days = (n: number) => Array.from({ length: n }, (_, i) => now - (n - 1 - i) * day);
  const percent = (value: number) => Math.floor(value * 100 + 1e-6) / 100;

  test.each<[name: string, at: number[], ratio: number[], life: number | null, daysLeft: number | null, basis: RegExp]>(
    [
      ["0.2 % a day", days(60), days(60).map((_, i) => percent(0.5 + 0.002 * i)), null, 191, /^59 d$/],
      ["no step seen, 2 years old at 10 %", days(30), days(30).map(() => 0.1), 2 * 365 * 86_400, 6570, /^its life/],
      ["new", days(5), days(5).map(() => 0.01), 5 * 86_400, null, /^$/],
      ["none", days(5), days(5).map(() => 0), 5 * 86_400, null, /^$/],
      ["worn out", days(5), days(5).map(() => 1.02), null, 0, /^now$/],
    ],
  )("%s", (_name, at, ratio, life, daysLeft, basis) => {
    const found = forecastWear(at, ratio, life);
    if (daysLeft === null) expect(found.fullAt).toBeNull();
    else expect(Math.abs(((found.fullAt as number) - now) / day - daysLeft)).toBeLessThanOrEqual(daysLeft * 0.06);
    expect(found.basis).toMatch(basis);
  });
});

test("a temperature that rises over weeks", () => {
  const at = Array.from({ length: 28 * 12 }, (_, i) => now - (28 * 12 - 1 - i) * 2 * hour);
  const rising = slowTrend(
    at,
    at.map((time) => 35 + (2 * (time - now)) / (7 * day) + 3 * Math.sin((time / day) * 2 * Math.PI)),
  );
  expect((rising?.rate ?? 0) * 604_800).toBeCloseTo(2, 0);
  const steady = slowTrend(
    at,
    at.map((time) => 35 + 3 * Math.sin((time / day) * 2 * Math.PI)),
  );
  expect(Math.abs((steady?.rate ?? 1) * 604_800)).toBeLessThan(0.3);
  expect(
    slowTrend(
      at.slice(-20),
      at.slice(-20).map(() => 35),
    ),
  ).toBeNull();
});

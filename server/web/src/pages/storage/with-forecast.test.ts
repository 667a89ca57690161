import { expect, test } from "vitest";
import { withForecast } from "./with-forecast.ts";

const day = 86_400_000;
const column = (avg: (number | null)[]) => ({ avg, min: null, max: null });
const drawn = {
  at: [0, day, 2 * day, 3 * day],
  columns: [column([10, 20, 30, null]), column([90, 80, 70, null])],
  lines: [
    { label: "Used", colour: "--c1" },
    { label: "Full at", colour: "--c2" },
  ],
  span: [0, 3 * day] as [number, number],
};

test("goes on from the newest point to the day it is full", () => {
  const { at, columns, span, present, lines } = withForecast(drawn, { fullAt: 4 * day, bytesPerDay: 10 });
  expect(present).toBe(2);
  expect(lines.map(({ label }) => label)).toEqual(["Used", "Full at", "Expected"]);
  expect(span).toEqual([0, 4 * day]);
  expect(at.at(-1)).toBe(4 * day);
  for (const { avg } of columns) expect(avg).toHaveLength(at.length);
  expect(columns[0]?.avg.slice(0, 4)).toEqual([10, 20, 30, null]);
  expect(columns[1]?.avg.every((value) => value === 100)).toBe(true);
  const expected = columns[2]?.avg ?? [];
  expect(expected.slice(0, 3)).toEqual([null, null, 30]);
  expect(expected.at(-1)).toBeCloseTo(100);
  expect(expected.filter((value) => value !== null)).toEqual(expected.slice(2));
});

test("looks no further ahead than back", () => {
  const { span, columns } = withForecast(drawn, { fullAt: 100 * day, bytesPerDay: 1 });
  expect(span).toEqual([0, 5 * day]);
  expect(columns[2]?.avg.at(-1)).toBeLessThan(35);
});

test.each([
  ["no date", { fullAt: null, bytesPerDay: 10 }],
  ["a date that passed", { fullAt: day, bytesPerDay: 10 }],
])("%s: used space and the line alone", (_, forecast) => {
  const { columns, lines, span } = withForecast(drawn, forecast);
  expect(columns.map(({ avg }) => avg)).toEqual([
    [10, 20, 30, null],
    [100, 100, 100, null],
  ]);
  expect(lines).toBe(drawn.lines);
  expect(span).toBe(drawn.span);
});

test("nothing measured is nothing drawn", () => {
  const empty = { ...drawn, at: [], columns: [column([]), column([])] };
  expect(withForecast(empty, { fullAt: day, bytesPerDay: 1 }).columns).toHaveLength(2);
});

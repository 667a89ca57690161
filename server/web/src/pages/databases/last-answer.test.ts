import { expect, test } from "vitest";
import { lastAnswer } from "./last-answer.ts";

const hour = 3_600_000;
const minute = 60_000;

test.each([
  ["nothing is known", [], undefined],
  ["it never answered", [0, null, 0], undefined],
  ["it answered until now", [1, 1, 1], 3],
  ["it went down", [1, 1, 0, 0], 2],
  ["it went down in the middle of a point", [1, 0.2, 0], 2],
  ["it came and went", [1, 0, 1, 0, null], 3],
])("%s", (_, avg, minutes) => {
  const begin = 100 * hour;
  const at = avg.map((_value, i) => begin + i * minute);
  const span = lastAnswer({ at, avg }, begin + avg.length * minute, undefined);
  if (minutes === undefined) return expect(span).toBeUndefined();
  const end = begin + minutes * minute;
  expect(span).toEqual({ from: end - hour, to: end + hour / 20 });
});

test.each([
  ["the state began in the last point", [1, 1, 1], 4.5, { from: 3.5, to: 4.55 }],
  ["the state began late in the last point", [1, 1, 0], 3.9, { from: 2, to: 3.995 }],
  ["the state began before, and another one after", [1, 1, 0], 1, { from: 2, to: 4.1 }],
  ["the state changed since", [1, 1, 0], 5, { from: 2, to: 4.1 }],
])("points that are two hours apart: %s", (_, avg, since, span) => {
  const at = [0, 2, 4].map((hours) => hours * hour);
  const found = lastAnswer({ at, avg }, 6 * hour, since * hour);
  expect(found).toEqual({ from: span.from * hour, to: Math.round(span.to * hour) });
});

import { expect, test } from "vitest";
import { lastAnswer } from "./last-answer.ts";

const hour = 3_600_000;

test.each([
  ["nothing is known", [], false],
  ["it never answered", [0, null, 0], false],
  ["it answers still", [1, 1, 1], true],
  ["it went down", [1, 1, 0, 0], true],
  ["it went down in the middle of a point", [1, 0.2, 0], true],
  ["it came and went", [1, 0, 1, 0, null], true],
] as const)("%s", (_, avg, answered) => {
  const at = avg.map((_value, i) => 100 * hour + i * 60_000);
  const span = lastAnswer({ at, avg: [...avg] });
  if (!answered) return expect(span).toBeUndefined();
  const last = avg.findLastIndex((up) => up !== null && up > 0);
  const end = at[last + 1] ?? at[last] ?? 0;
  expect(span).toEqual({ from: end - hour, to: end + hour / 20 });
});

test("of points that are hours apart two are shown", () => {
  const at = [0, 2, 4, 6].map((hours) => hours * hour);
  expect(lastAnswer({ at, avg: [1, 0.1, 0, 0] })).toEqual({ from: 0, to: 4.2 * hour });
});

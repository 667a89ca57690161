import { expect, test } from "vitest";
import { integerAfter, scanIntegers } from "./proc-text.ts";

test.each([
  ["1 22  333\n4", 0, [1, 22, 333]],
  ["x 7 8", 1, [7, 8]],
  ["7 kB", 0, [7]],
  ["", 0, []],
  ["1 2 3 4 5 6", 0, [1, 2, 3, 4]],
  ["18446744073709551615", 0, [18446744073709552000]],
])("integers of %j from %d", (text, at, expected) => {
  const out = new Float64Array(4);
  const count = scanIntegers(text, at, out);
  expect([...out.subarray(0, count)]).toEqual(expected);
});

test.each([
  ["a 1\nb 2\n", "b ", 2],
  ["ab 1\nb 2\n", "b ", 2],
  ["b: kB\n", "b:", Number.NaN],
  ["a 1\n", "c ", Number.NaN],
])("in %j behind %j", (text, key, expected) => {
  expect(integerAfter(text, key)).toBe(expected);
});

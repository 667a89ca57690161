import { expect, test } from "vitest";
import { answerJson, isoTime } from "./answer-json.ts";

const at = new Date("2026-11-23T06:07:08.009Z");

test.for<[what: string, value: unknown]>([
  ["a page", { items: [{ id: 1, at, latest: { at: new Date(0), values: { a: 1.5, b: null } } }], nextCursor: null }],
  ["no times", { labels: { at: "text" }, list: [1, "two", null, [false]], left: undefined }],
  ["times in lists, bare and twice the same", [[at, [at]], { at }, at]],
  ["an invalid time", { at: new Date(Number.NaN) }],
  ["a key that is no property", { facts: JSON.parse('{"__proto__": {"x": 1}, "constructor": "y"}'), at }],
  ["nothing", null],
  ["a string", 'with "quotes"'],
])("the same text as JSON.stringify: %s", ([, value]) => {
  const before = structuredClone(value);
  expect(answerJson(value)).toBe(JSON.stringify(value));
  expect(value).toEqual(before);
});

test.for([
  0, 1, -1, 59_999, 86_399_999, 86_400_000, -86_400_001, 951_782_399_999, 253_402_300_800_000, -62_198_755_200_000,
])("%i as toISOString", (ms) => {
  expect(isoTime(new Date(ms))).toBe(new Date(ms).toISOString());
});

import { expect, test } from "vitest";
import { networkOf } from "../services/auth/network.ts";
import { createAttemptLimit } from "./attempt-limit.ts";
import { cleanText, parseObject } from "./clean-text.ts";
import { createCloneWatch, type Instance } from "./clone-watch.ts";
import { createTokenBucket } from "./token-bucket.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "::ffff:192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
])("network of %s", (address, expected) => {
  expect(networkOf(address)).toBe(expected);
});

test("failed attempts of one peer are bounded, others go on", () => {
  const limit = createAttemptLimit(3);
  for (let i = 0; i < 3; i++) {
    expect(limit.allowed("a", 0)).toBe(true);
    limit.failed("a", 0);
  }
  expect(limit.allowed("a", 0)).toBe(false);
  expect(limit.allowed("b", 0)).toBe(true);
  expect(limit.allowed("a", 19_000)).toBe(false);
  expect(limit.allowed("a", 20_000)).toBe(true);
});

test("a bucket gives its burst, then its rate; a clock that goes back gives nothing", () => {
  const bucket = createTokenBucket(10, 20, 1_000);
  expect(bucket.take(20, 1_000)).toBe(0);
  expect(bucket.take(1, 1_000)).toBe(100);
  expect(bucket.take(0, 500)).toBe(100);
  expect(bucket.take(0, 1_100)).toBe(0);
  expect(bucket.take(20, 60_000)).toBe(0);
  expect(bucket.take(1, 60_000)).toBe(100);
});

test.each([
  ["plain", 10, "plain"],
  ["a\0b", 10, "a\ufffdb"],
  ["\ud800x", 10, "\ufffdx"],
  ["long text", 4, "long"],
  ["pair\u{1f600}", 5, "pair\ufffd"],
])("cleanText %j to %i", (text, max, expected) => {
  expect(cleanText(text, max)).toBe(expected);
});

test.each([
  ['{"a":1}', { a: 1 }],
  ['{"a\\u0000":["\\ud800",{"b":null}]}', { "a\ufffd": ["\ufffd", { b: null }] }],
  ["[1]", undefined],
  ["null", undefined],
  ["{", undefined],
  [`{"a":${"[".repeat(31)}${"]".repeat(31)}}`, "an object"],
  [`{"a":${"[".repeat(32)}${"]".repeat(32)}}`, undefined],
  [`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, undefined],
])("parseObject %#", (json, expected) => {
  const value = parseObject(json);
  if (expected === "an object") expect(value).toBeTypeOf("object");
  else expect(value).toEqual(expected);
});

const a: Instance = { instanceId: "a", bootId: "1", machineId: "m" };
const b: Instance = { instanceId: "b", bootId: "2", machineId: "m" };
const far: Instance = { instanceId: "c", bootId: "3", machineId: "other" };
test.each<[string, [Instance, Instance | undefined][], boolean[]]>([
  ["reconnecting", [[a, undefined], [a, a], [a, undefined]], [false, false, false]], // biome-ignore format: one line a case
  ["restart or reboot", [[a, undefined], [b, a], [b, b]], [false, false, false]], // biome-ignore format: one line a case
  ["taking turns", [[a, undefined], [b, a], [a, b], [b, a]], [false, false, true, true]], // biome-ignore format: one line a case
  ["other machine, the first lives", [[a, undefined], [far, a]], [false, true]], // biome-ignore format: one line a case
  ["other machine, the first is gone", [[a, undefined], [far, undefined]], [false, false]], // biome-ignore format: one line a case
])("clone watch: %s", (_, arrivals, expected) => {
  const watch = createCloneWatch();
  expect(arrivals.map(([newcomer, besides]) => watch.arrive("s", newcomer, besides))).toEqual(expected);
});

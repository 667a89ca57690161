import fc from "fast-check";
import { expect, test } from "vitest";
import { lastSeen, tidy } from "./latest-values.ts";

test("tidy is seven significant digits of any float32", () => {
  const bits = new DataView(new ArrayBuffer(4));
  const float = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((int) => {
    bits.setInt32(0, int);
    return bits.getFloat32(0);
  });
  fc.assert(
    fc.property(fc.oneof(float, fc.float({ noNaN: true, min: -100, max: 100 })), (value) => {
      fc.pre(Number.isFinite(value));
      return Object.is(tidy(value), Number.isInteger(value) ? value : Number(value.toPrecision(7)));
    }),
    { numRuns: 20_000 },
  );
});

test.for<[value: number, tidied: number]>([
  [Math.fround(0.1), 0.1],
  [Math.fround(99.9999999), 100],
  [Math.fround(-697403.75), -697403.8],
  [Math.fround(0.99999994), 0.9999999],
  [Math.fround(1e-30), 1e-30],
])("tidy %d", ([value, tidied]) => {
  expect(tidy(value)).toBe(tidied);
});

test("a resource was seen when its newest sample says", () => {
  const stored = new Date(1000);
  const values = new Float32Array();
  expect(lastSeen(stored, undefined)).toBe(stored);
  expect(lastSeen(stored, { at: 5000, values })).toEqual(new Date(5000));
  // Declared after the sample that memory still holds: it came back.
  expect(lastSeen(stored, { at: 500, values })).toBe(stored);
});

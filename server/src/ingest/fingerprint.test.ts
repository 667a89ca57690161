import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { differing, fingerprint, hashAt, hashOf, merged, noAttributes } from "./fingerprint.ts";

test.each([
  [{ a: 1, b: { c: [1, "x"], d: null } }, { b: { d: null, c: [1, "x"] }, a: 1 }, []],
  [{ a: 1, b: 2 }, { a: 1, b: 2, c: 3 }, []],
  [{ a: 1, b: 2, c: 3 }, { a: 1, c: 4 }, ["b", "c"]],
  [{ a: "1" }, { a: 1 }, ["a"]],
  [{ a: [1, 2] }, { a: [2, 1] }, ["a"]],
  [{ a: null }, {}, ["a"]],
  [{ a: {} }, { a: [] }, ["a"]],
  [{ a: { b: 1 } }, { a: { b: 1, c: 1 } }, ["a"]],
  [{}, { a: 1 }, []],
])("%j over %j differs in %j", (declared, stored, names) => {
  expect(differing(fingerprint(declared), fingerprint(stored))).toEqual(names);
});

test("merging and comparing fingerprints is what merging and comparing the attributes is", () => {
  const attributes = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "raw"), fc.jsonValue(), { maxKeys: 5 });
  const check = (one: Record<string, unknown>, two: Record<string, unknown>) => {
    const [stored, declared] = [one, two].map((each) => JSON.parse(JSON.stringify(each)) as Record<string, unknown>);
    const both = { ...stored, ...declared };
    expect(merged(fingerprint(stored ?? {}), fingerprint(declared ?? {}))).toEqual(fingerprint(both));
    const names = Object.keys(declared ?? {}).filter((name) => !isDeepStrictEqual(declared?.[name], stored?.[name]));
    expect(differing(fingerprint(declared ?? {}), fingerprint(stored ?? {})).sort()).toEqual(names.sort());
  };
  fc.assert(fc.property(attributes, attributes, check), { numRuns: 300 });
});

test("a hash that is at hand stands for its value", () => {
  const whole = fingerprint({ model: "x", raw: "H4sI" });
  expect(fingerprint({ model: "x" }, { raw: hashOf("H4sI") })).toEqual(whole);
  expect(hashAt(whole, "raw")).toBe(hashOf("H4sI"));
  expect(hashAt(noAttributes, "raw")).toBeUndefined();
});

import { expect, test } from "vitest";
import { type Around, loadPart, mayReloadFor, PartMissing } from "./load-part.ts";

function around(served: string | null): Around & { waited: number[] } {
  const waited: number[] = [];
  return {
    waited,
    ownEntry: () => "/assets/index-a.js",
    servedEntry: async () => served,
    wait: async (ms) => void waited.push(ms),
  };
}

function failing(times: number, error: Error = new TypeError("Failed to fetch dynamically imported module")) {
  let calls = 0;
  const load = async () => {
    if (++calls <= times) throw error;
    return "part";
  };
  return { load, calls: () => calls };
}

test.each([
  [0, 1],
  [1, 2],
  [2, 3],
])("%i failures are %i tries", async (times, calls) => {
  const part = failing(times);
  const world = around("/assets/index-a.js");
  expect(await loadPart(part.load, world)).toBe("part");
  expect([part.calls(), world.waited.length]).toEqual([calls, times]);
});

test.each([
  ["the same version", "/assets/index-a.js", null, 3],
  ["a server that does not answer", null, null, 3],
  ["another version", "/assets/index-b.js", "/assets/index-b.js", 1],
])("given up with %s", async (_, served, newer, calls) => {
  const part = failing(Number.POSITIVE_INFINITY);
  const failure = await loadPart(part.load, around(served)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PartMissing);
  expect((failure as PartMissing).newer).toBe(newer);
  expect(part.calls()).toBe(calls);
});

test("what the part's own code throws is not tried again", async () => {
  const part = failing(1, new RangeError("its own"));
  await expect(loadPart(part.load, around(null))).rejects.toThrow("its own");
  expect(part.calls()).toBe(1);
});

test("one reload for each version, also where two take turns", () => {
  const kept = new Map<string, string>();
  const store = () => ({
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  });
  const asked = ["b", "a", "b", "a", "c", "c"].map((entry) => mayReloadFor(entry, store));
  expect(asked).toEqual([true, true, false, false, true, false]);
});

test("no reload where the browser keeps nothing", () => {
  const refuses = () => {
    throw new Error("SecurityError");
  };
  expect(mayReloadFor("b", refuses)).toBe(false);
});

import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere } from "./collector.ts";
import { countCores, load, loadReading } from "./load.ts";
import { slots } from "./values.ts";

const slot = slots("host");

test("averages, by core where the number of cores is known", () => {
  const text = "1.50 2.00 0.25 3/120 4711\n";
  expect(named(slot, loadReading(text, 4).values)).toEqual({ load1: 1.5, load5: 2, load15: 0.25, load5_per_core: 0.5 });
  expect(named(slot, loadReading(text, Number.NaN).values)).toEqual({ load1: 1.5, load5: 2, load15: 0.25 });
});

test.each([
  ["0\n", 1],
  ["0-3\n", 4],
  ["0-3,8,10-11\n", 7],
  ["", Number.NaN],
  ["x", Number.NaN],
])("cores in %j", (list, count) => {
  expect(countCores(list)).toBe(count);
});

test("missing and malformed", () => {
  expect(() => load.create(rootedHost({})).collect(0, noAbort)).toThrow(NotHere);
  expect(() => loadReading("1.0 x\n", 1)).toThrow("/proc/loadavg: no three averages");
});

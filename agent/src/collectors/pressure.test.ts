import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere } from "./collector.ts";
import { parseStall, pressure, stallRatio } from "./pressure.ts";
import { slots } from "./values.ts";

const text = "some avg10=2.50 avg60=1.35 avg300=0.55 total=3000000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n";

test.each([
  [text, "some", { average: 0.025, total: 3_000_000 }],
  [text, "full", { average: 0, total: 7 }],
  ["some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n", "full", undefined],
  ["rubbish", "some", undefined],
] as const)("%j %s", (from, line, stall) => {
  expect(parseStall(from, line)).toEqual(stall);
});

test("the share of the time between two passes, the kernel's average before", () => {
  const now = { average: 0.025, total: 3_000_000 };
  expect(stallRatio(now, undefined, Number.NaN)).toBe(0.025);
  expect(stallRatio(now, 1_000_000, 10)).toBe(0.2);
  expect(stallRatio(now, 0, 2)).toBe(1);
});

test("reads the three files; without one of them it is not here", () => {
  const files = { "/proc/pressure/cpu": text, "/proc/pressure/memory": text, "/proc/pressure/io": text };
  const readings = pressure.create(rootedHost(files)).collect(0, noAbort) as { values: ArrayLike<number> }[];
  expect(named(slots("host"), readings[0]?.values)).toEqual({
    pressure_cpu_some_ratio: 0.025,
    pressure_memory_some_ratio: 0.025,
    pressure_memory_full_ratio: 0,
    pressure_io_some_ratio: 0.025,
    pressure_io_full_ratio: 0,
  });
  expect(() => pressure.create(rootedHost({ "/proc/pressure/cpu": text })).collect(0, noAbort)).toThrow(NotHere);
});

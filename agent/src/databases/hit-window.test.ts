import { expect, test } from "vitest";
import { hitsOfWindow } from "./hit-window.ts";
import type { Counters } from "./probe.ts";

test("a ratio comes with the thousandth request, over all since the last ratio", () => {
  const steps: [number, number][] = [
    [0, 0],
    [400, 300],
    [900, 350],
    [1_000, 400],
    [3_000, 410],
    [10, 5],
    [1_100, 6],
  ];
  let before: Counters | undefined;
  const ratios = steps.map(([requested, missed], i) => {
    const now: Counters = { at: i, requested, missed };
    const ratio = hitsOfWindow(now, before, "requested", "missed");
    before = now;
    return ratio;
  });
  // The last but one is a restart.
  expect(ratios).toEqual([Number.NaN, Number.NaN, Number.NaN, 0.6, 0.995, Number.NaN, 1 - 1 / 1_090]);
});

test("without counters there is none", () => {
  expect(hitsOfWindow({ at: 1 }, { at: 0 }, "requested", "missed")).toBeNaN();
});

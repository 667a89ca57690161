import { expect, test } from "vitest";
import { nextPassAt, ReportClock } from "./schedule.ts";

test.each([
  [100_000, 10_000, 0, 110_000],
  [100_001, 10_000, 0, 110_000],
  [109_999, 10_000, 0, 110_000],
  [100_000, 10_000, 0.5, 105_000],
  [105_000, 10_000, 0.5, 115_000],
  [104_999, 10_000, 0.5, 105_000],
])("after %d, each %d ms, share %d: %d", (now, interval, share, expected) => {
  expect(nextPassAt(now, interval, share)).toBe(expected);
});

test.each([
  { what: "forward", walls: [10_000, 20_000], ats: [10_000, 20_000] },
  { what: "the same instant", walls: [10_000, 10_000], ats: [10_000, 15_000] },
  { what: "2 s back", walls: [20_000, 28_000, 38_000], ats: [20_000, 28_000, 38_000] },
  {
    what: "15 s back: half speed until caught up",
    walls: [20_000, 15_000, 25_000, 35_000],
    ats: [20_000, 25_000, 30_000, 35_000],
  },
  {
    what: "an hour back: the new clock counts",
    walls: [4_000_000, 400_000, 410_000],
    ats: [4_000_000, 400_000, 410_000],
  },
  { what: "years ahead", walls: [10_000, 1e12], ats: [10_000, 1e12] },
])("report times: $what", ({ walls, ats }) => {
  const clock = new ReportClock(0, 0);
  expect(walls.map((wall, i) => clock.stamp(wall, i * 10_000).at)).toEqual(ats);
});

test("a restart does not give a time again", () => {
  expect(new ReportClock(50_000, 0).stamp(49_999.6, 100).at).toBe(50_050);
});

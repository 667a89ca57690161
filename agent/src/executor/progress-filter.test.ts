import { expect, test } from "vitest";
import { ProgressFilter } from "./progress-filter.ts";

test.for<[what: string, given: [at: number, message: string, percent?: number][], told: string[]]>([
  [
    "the same text once",
    [
      [0, "health: starting"],
      [800, "health: starting"],
      [1600, "health: starting"],
    ],
    ["0 health: starting"],
  ],
  [
    "a change too soon after the last one is told when it comes again",
    [
      [0, "1 of 7 layers"],
      [100, "2 of 7 layers"],
      [600, "2 of 7 layers"],
      [1200, "1 of 7 layers"],
    ],
    ["0 1 of 7 layers", "600 2 of 7 layers", "1200 1 of 7 layers"],
  ],
  [
    "ten percent more of the same",
    [
      [0, "Downloading", 0],
      [600, "Downloading", 9],
      [1200, "Downloading", 11],
      [1300, "Downloading", 21],
    ],
    ["0 Downloading", "1200 Downloading"],
  ],
])("%s", ([, given, told]) => {
  const filter = new ProgressFilter();
  const admitted = given.filter(([at, text, percent = -1]) => filter.admits(text, percent, at));
  expect(admitted.map(([at, text]) => `${at} ${text}`)).toEqual(told);
});

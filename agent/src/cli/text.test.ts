import { expect, test } from "vitest";
import { table } from "./text.ts";

test("names of others neither break lines nor steer the terminal", () => {
  const text = table([
    ["MOUNT", "STATE"],
    ["/mnt/a\nb", "\u001b[2Jx"],
    ["/mnt/\u202egnp", "y".repeat(10_000)],
  ]);
  expect(text.split("\n").map((line) => line.slice(0, 40).trimEnd())).toEqual([
    "MOUNT           STATE",
    "/mnt/a\\u000ab   \\u001b[2Jx",
    `/mnt/\\u202egnp  ${"y".repeat(24)}`,
  ]);
  expect(text.length).toBeLessThan(1_000);
});

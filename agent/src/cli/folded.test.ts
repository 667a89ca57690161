import { expect, test } from "vitest";
import { folded } from "./folded.ts";

test.for([
  ["short", "all of it", 40, ["all of it"]],
  [
    "a row goes on below its last cell",
    "  stays    volume site:/usr/share/nginx/html, network front, restart policy always",
    40,
    [
      "  stays    volume",
      "           site:/usr/share/nginx/html,",
      "           network front, restart policy",
      "           always",
    ],
  ],
  ["a long word stays whole", `note  ${"x".repeat(50)} y`, 40, [`note  ${"x".repeat(50)}`, "      y"]],
  [
    "words without cells",
    "updated in 12 s, it was down for 340 ms",
    20,
    ["updated in 12 s, it", "  was down for 340", "  ms"],
  ],
  ["nothing but a word", "y".repeat(60), 40, ["y".repeat(60)]],
] as const)("%s", ([, text, columns, lines]) => {
  expect(folded(text, columns).split("\n")).toEqual(lines);
});

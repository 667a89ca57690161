import { expect, test } from "vitest";
import { planText } from "./plan-text.ts";
import { updateResult } from "./result-text.ts";

const edit = {
  containers: ["web"],
  service: "web",
  file: "/srv/shop/compose.yaml",
  line: 4,
  from: "app:1",
  to: "app:2",
};
const byVariable = { ...edit, file: "/srv/shop/.env", line: 2, variable: "TAG", from: "1", to: "2" };

test("a plan tells which lines of compose files are written, and what else is to be done there", () => {
  const output = { containers: [], plan: { containers: [], composeFiles: [edit, byVariable], warnings: ["write it"] } };
  expect(
    planText(output)
      .split("\n")
      .map((line) => line.trimEnd()),
  ).toEqual([
    "writes  /srv/shop/compose.yaml:4 image: app:1 -> app:2",
    "writes  /srv/shop/.env:2 TAG: 1 -> 2",
    "note    write it",
  ]);
});

test("a result tells the lines that were written, not those that could not be", () => {
  const composeFiles = [
    { ...edit, changed: true },
    { ...byVariable, changed: false, reason: "it was changed meanwhile" },
  ];
  const output = { changed: true, containers: [], composeFiles, downtimeMs: 0 };
  const result = { status: "SUCCEEDED", reason: "", output, startedAt: 1, finishedAt: 1_000, phases: [] };
  const text = updateResult(result as never, "updated");
  expect(text).toContain("written: /srv/shop/compose.yaml:4 image: app:1 -> app:2");
  expect(text).not.toContain(".env");
});

test("one that was refused took no time; what a roll-back left is told with what to type", () => {
  const result = { status: "FAILED", reason: "no update zzz of it", output: {}, startedAt: 0, finishedAt: 1.8e12 };
  expect(updateResult(result as never, "updated")).toBe("failed");
  const leftovers = [
    {
      container: "web",
      name: "web-fairlead-old-x",
      state: "exited",
      commands: ["docker rename web-fairlead-old-x web"],
    },
  ];
  const output = { downtimeMs: null, leftovers };
  const stuck = { ...result, output, startedAt: 1_000, finishedAt: 6_000 };
  expect(updateResult(stuck as never, "updated").split("\n")).toEqual([
    "failed after 5 s, it is down",
    "  left: the old web is exited as web-fairlead-old-x",
    "    docker rename web-fairlead-old-x web",
  ]);
});

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createReplacements } from "./replacements.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-replacements-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const old = "web-fairlead-old-abc";

test("only commands without an outcome have containers in their hands", () => {
  const stateDir = mkdtempSync(join(folder, "state-"));
  expect(createReplacements(stateDir)(old)).toBe(false);
  const file = join(stateDir, "commands", "a.json");
  mkdirSync(join(stateDir, "commands"));
  writeFileSync(file, JSON.stringify({ plan: { members: [{ rollback: old }] } }));
  const isReplaced = createReplacements(stateDir);
  expect([isReplaced(old), isReplaced("web-fairlead-old-abcd")]).toEqual([true, false]);
  writeFileSync(file, JSON.stringify({ outcome: { status: "FAILED", reason: `left ${old}` } }));
  utimesSync(file, 1, 1);
  // Events that come late still belong to the command; who looks anew sees what it left.
  expect([isReplaced(old), createReplacements(stateDir)(old)]).toEqual([true, false]);
});

test("what can't be read, or where no commands are known, counts as under way", () => {
  const stateDir = mkdtempSync(join(folder, "state-"));
  mkdirSync(join(stateDir, "commands"));
  writeFileSync(join(stateDir, "commands", "a.json"), "{");
  expect([createReplacements(stateDir)(old), createReplacements(undefined)(old)]).toEqual([true, true]);
});

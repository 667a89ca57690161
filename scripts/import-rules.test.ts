import { join } from "node:path";
import { expect, test } from "vitest";
import { checkFile, checkImports } from "./import-rules.ts";

const root = join(import.meta.dirname, "..");

test("the sources keep the import rules", () => {
  expect(checkImports(root)).toEqual([]);
});

test.each([
  ["agent/src/a.ts", 'import { x } from "../../server/src/x.ts";', "agent must not import server"],
  ["server/src/a.ts", 'import { x } from "../../agent/src/x.ts";', "server must not import agent"],
  [
    "server/web/src/a.tsx",
    'import { x } from "../../src/api/types.ts";',
    "the page may import types alone from the server",
  ],
  ["shared/a.ts", 'import { readFileSync } from "node:fs";', "shared code stands alone"],
  [
    "server/src/domain/alerts/a.ts",
    'import { sql } from "kysely";',
    "domain code is pure: no node:, no database, no network",
  ],
  ["server/src/domain/alerts/a.ts", "const now = Date.now();", "pure code gets time, chance and IO as arguments"],
])("%s: %s", (file, line, rule) => {
  expect(checkFile(root, file, line).map((v) => v.rule)).toContain(rule);
});

test.each([
  ["server/web/src/a.tsx", 'import type { X } from "../../src/api/types.ts";'],
  ["server/src/domain/alerts/a.ts", "// Date.now() is an argument here"],
  ["agent/src/a.ts", 'import { x } from "@fairlead/shared/catalogue";'],
])("allowed: %s: %s", (file, line) => {
  expect(checkFile(root, file, line)).toEqual([]);
});

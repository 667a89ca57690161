import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export type Violation = { file: string; line: number; rule: string };

type Rule = { name: string; in: RegExp; breaks(line: Import | string): boolean };
type Import = { from: string; typeOnly: boolean };

const isTest = /\.test\.tsx?$|\/tests\//;

/** Who may import whom, and what pure code must not touch. */
const rules: readonly Rule[] = [
  { name: "agent must not import server", in: /^agent\//, breaks: (i) => isFrom(i, /^server\/|^@fairlead\/server/) },
  {
    name: "server must not import agent",
    in: /^server\/src\//,
    breaks: (i) => isFrom(i, /^agent\/|^@fairlead\/agent/),
  },
  {
    name: "the page may import types alone from the server",
    in: /^server\/web\//,
    breaks: (i) => isFrom(i, /^server\/src\//) && typeof i !== "string" && !i.typeOnly,
  },
  { name: "shared code stands alone", in: /^shared\//, breaks: (i) => isFrom(i, /^(agent|server|proto)\/|^node:/) },
  {
    name: "domain code is pure: no node:, no database, no network",
    in: /^server\/src\/domain\//,
    breaks: (i) => isFrom(i, /^node:|^server\/src\/(db|api|services|stream|ingest|jobs)\/|^(kysely|pg|undici|@grpc)/),
  },
  {
    name: "pure code gets time, chance and IO as arguments",
    in: /^(shared|server\/src\/domain)\//,
    breaks: (l) =>
      typeof l === "string" &&
      /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bfetch\(|\bprocess\./.test(
        l,
      ),
  },
];

/** Looks at every source file below the folder. */
export function checkImports(root: string): Violation[] {
  const found: Violation[] = [];
  for (const top of ["agent", "server", "shared", "proto", "scripts"]) {
    for (const entry of readdirSync(join(root, top), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const file = relative(root, path);
      if (/(^|\/)(node_modules|dist|gen)\//.test(file) || isTest.test(file)) continue;
      found.push(...checkFile(root, file, readFileSync(path, "utf8")));
    }
  }
  return found;
}

/** Checks one file's text; `file` is its path from the top. */
export function checkFile(root: string, file: string, text: string): Violation[] {
  const mine = rules.filter((rule) => rule.in.test(file));
  if (mine.length === 0) return [];
  const found: Violation[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const code = line.replace(/^\s*(\*|\/\/|\/\*).*/, "");
    const imported = importOf(root, file, code);
    for (const rule of mine) {
      if (rule.breaks(code) || (imported !== undefined && rule.breaks(imported))) {
        found.push({ file, line: index + 1, rule: rule.name });
      }
    }
  }
  return found;
}

function importOf(root: string, file: string, line: string): Import | undefined {
  const from = /(?:\bfrom\s+|^\s*import\s+|\bimport\()["']([^"']+)["']/.exec(line)?.[1];
  if (from === undefined) return undefined;
  const resolved = from.startsWith(".") ? relative(root, join(root, dirname(file), from)) : from;
  return { from: resolved, typeOnly: /^\s*(import|export)\s+type\b/.test(line) };
}

function isFrom(i: Import | string, pattern: RegExp): boolean {
  return typeof i !== "string" && pattern.test(i.from);
}

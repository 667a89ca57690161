import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the package imports nothing but its own files", () => {
  const files = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file));
  expect(files).toContain("index.ts");
  for (const file of files) {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    for (const [, from] of text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g))
      expect(from, file).toMatch(/^\.\/[a-z-]+\.ts$/);
    expect(text, file).not.toMatch(/\b(?:process|Buffer|globalThis|require)\b|\bDate\b|Math\.random/);
  }
});

import { readdirSync } from "node:fs";
import { findKind } from "@fairlead/shared/catalogue";
import { expect, test } from "vitest";
import { collectorFactories } from "./index.ts";

// What collectors are made of; agent.ts is made at start, with the spool.
const noCollectors = [
  "agent",
  "collector",
  "index",
  "known-resources",
  "mount-table",
  "pass",
  "proc-text",
  "runner",
  "values",
];

test("every collector of the folder is in the array, once, under its file's name, with a test", () => {
  const files = readdirSync(import.meta.dirname);
  const whole = readdirSync(`${import.meta.dirname}/../../tests`);
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const names = sources.map((file) => file.slice(0, -3)).filter((name) => !noCollectors.includes(name));
  expect(collectorFactories.map((factory) => factory.name).sort()).toEqual(names.sort());
  const tests = [...files, ...whole];
  for (const name of names) expect(tests).toContainEqual(expect.stringMatching(`^${name}(-collector)?\\.test\\.ts$`));
});

test.each(collectorFactories.map((factory) => [factory.name, factory] as const))("%s says what it is", (_, factory) => {
  expect(factory.help).toMatch(/^[A-Z].*[^.]$/);
  expect(factory.kinds.length).toBeGreaterThan(0);
  for (const kind of factory.kinds) expect(findKind(kind)).toBeDefined();
  expect(factory.deadlineMs).toBeGreaterThan(0);
});

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { jobFactories } from "./index.ts";

test("every job of the folder is in the list", async () => {
  const notJobs = new Set(["index.ts", "scheduler.ts", "job-context.ts"]);
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const exported = await Promise.all(
    files
      .filter((name) => !notJobs.has(name))
      .map(async (name) => {
        const found = Object.values(await import(/* @vite-ignore */ `./${name}`)).filter(
          (one) => typeof one === "function",
        );
        expect(found, `${name} exports one job factory`).toHaveLength(1);
        return found[0];
      }),
  );
  expect(new Set(jobFactories)).toEqual(new Set(exported));
});

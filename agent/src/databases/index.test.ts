import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { probes } from "./index.ts";
import { engines, type Target } from "./probe.ts";

test("every engine has a probe that is for it", async () => {
  expect(Object.keys(probes).sort()).toEqual([...engines].sort());
  for (const engine of engines) expect((await probes[engine]()).engines).toContain(engine);
});

test.each(engines)("%s: statements to paste, with a placeholder for the password", async (engine) => {
  const probe = await probes[engine]();
  const target: Target = {
    key: "k",
    engine,
    host: "127.0.0.1",
    port: 1,
    user: "fairlead",
    password: "s3cret-7",
    timeoutMs: 1,
  };
  for (const container of [undefined, "shop"]) {
    const grants = probe.grants({ ...target, ...(container === undefined ? {} : { container }) });
    expect(grants.length).toBeGreaterThan(0);
    expect(grants.join("\n")).not.toContain("s3cret-7");
    expect(grants.join("\n")).toMatch(/<password>|PASSWORD|SECRETKEY/);
    for (const line of grants) expect(line).not.toContain("\n");
  }
});

test("each engine's probe has a test beside it", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true }).map(String);
  for (const name of ["postgresql", "mysql", "redis", "mongodb", "minio"]) {
    expect(files.some((file) => file.startsWith(name) && file.endsWith(".test.ts"))).toBe(true);
  }
});

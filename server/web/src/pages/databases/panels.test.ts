import { catalogue } from "@fairlead/shared/catalogue";
import { expect, test } from "vitest";
import { databasePanels } from "./panels.ts";

const keys = (engine: string, ...measured: string[]) =>
  databasePanels(7, engine, new Set(measured)).map(({ key }) => key.replace("database-", ""));

test("charts of what is measured, lines without values left out", () => {
  expect(keys("redis", "up", "probe_seconds", "keys", "connections", "memory_used_bytes")).toEqual([
    "connections",
    "memory",
    "keys",
    "probe",
  ]);
  const [chart] = databasePanels(7, "postgresql", new Set(["connections", "waiting"]));
  expect(chart?.lines.map(({ label }) => label)).toEqual(["Open", "Waiting"]);
  expect(chart?.wanted[0]).toEqual({ id: 7, kind: "database", metric: "connections" });
  expect(databasePanels(7, "postgresql", new Set(["cache_hit_ratio"]))[0]).toMatchObject({ unit: "ratio", max: 1 });
});

test("one that is down keeps its engine's usual charts", () => {
  expect(keys("redis", "up", "probe_seconds")).toContain("evictions");
  expect(keys("postgresql")).toContain("transactions");
  expect(keys("something new")).toContain("connections");
});

test("each chart holds metrics of one unit, and none is drawn twice", () => {
  const metrics = catalogue.database.metrics;
  const panels = databasePanels(7, "postgresql", new Set(metrics.map(({ name }) => name)));
  const unitOf = new Map<string, string>(metrics.map(({ name, unit }) => [name, unit]));
  for (const { unit, wanted } of panels) for (const { metric } of wanted) expect(unitOf.get(metric)).toBe(unit);
  const drawn = panels.flatMap(({ wanted }) => wanted.map(({ metric }) => metric));
  expect(new Set(drawn).size).toBe(drawn.length);
  const rates = metrics.filter(({ unit }) => unit === "per_second" || unit === "bytes_per_second");
  expect(rates.map(({ name }) => name).filter((name) => !drawn.includes(name))).toEqual([]);
});

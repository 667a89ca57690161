import { catalogue } from "@fairlead/shared/catalogue";
import { expect, test } from "vitest";
import type { Reading } from "../collectors/collector.ts";
import { CliError } from "./command.ts";
import { chosen, list, panels } from "./db.ts";

function reading(key: string, more: Partial<Reading>, values: Record<string, number> = {}): Reading {
  const all = catalogue.database.metrics.map(({ name }) => values[name] ?? Number.NaN);
  return { kind: "database", key, state: "up", labels: {}, attributes: {}, values: all, ...more };
}

const primary = reading(
  "postgresql:127.0.0.1:5432",
  {
    labels: { engine: "postgresql", role: "primary" },
    attributes: {
      name: "main",
      version: "15.9",
      databases: [{ name: "shop", sizeBytes: 2048, cacheHitRatio: 0.99 }],
      replication: { role: "primary", slots: [] },
      topStatements: [{ text: "select * from t where a = ?", calls: 5, totalSeconds: 3 }],
    },
  },
  { size_bytes: 3 * 1024 ** 3, connections: 12, connections_limit: 100, cache_hit_ratio: 0.987, up: 1 },
);
const cache = reading("redis:container/cache:6379", {
  labels: { engine: "redis", container: "cache" },
  state: "down",
  reason: "gone\u001b[31m",
});
const closed = reading("mysql:127.0.0.1:3306", {
  state: "needs_credentials",
  labels: { engine: "mysql" },
  reason: "found, but no credentials for it are known",
  attributes: { grants: ["CREATE USER 'fairlead'@'localhost' IDENTIFIED BY '<password>';"] },
});
const all = [primary, cache, closed];

test("a line each, then what is wrong and what to paste", () => {
  const text = list(all);
  expect(text).toContain(
    "main (postgresql:127.0.0.1:5432)  up                 15.9     primary  3.00 GiB  12/100       98.7 %  -",
  );
  expect(text).toContain("redis:container/cache:6379: gone\\u001b[31m");
  expect(text).toContain("\n  CREATE USER 'fairlead'@'localhost' IDENTIFIED BY '<password>';");
  expect(list([])).toMatch(/^no database was found/);
});

test("one in full", () => {
  const text = panels(primary);
  for (const part of ["connections_limit", "98.7 %", "shop", "2.00 KiB", "99.0 %", "select * from t where a = ?"]) {
    expect(text).toContain(part);
  }
});

test.each([
  ["postgresql:127.0.0.1:5432", primary],
  ["main", primary],
  ["cache", cache],
  ["mysql", closed],
  ["3306", closed],
  ["cache:6379", cache],
])("%s means one", (name, expected) => expect(chosen(all, name)).toEqual([expected]));

test("a name that means none or several is refused", () => {
  expect(() => chosen(all, "nope")).toThrow(/^no database "nope" here: there are postgresql:/);
  const twins = [
    reading("redis:127.0.0.1:1", { labels: { engine: "redis" } }),
    reading("redis:127.0.0.1:2", { labels: { engine: "redis" } }),
  ];
  expect(() => chosen(twins, "redis")).toThrow(CliError);
  expect(() => chosen(twins, "redis")).toThrow(/means several: give one of redis:127\.0\.0\.1:1, redis/);
});

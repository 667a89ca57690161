import { expect, test } from "vitest";
import type { EngineConfig } from "../../runtimes/docker/engine-types.ts";
import { databaseOf, majorObstacle } from "./database-major.ts";
import { imageDifference } from "./difference.ts";

const image = (Config: EngineConfig, more: object = {}) => ({
  Id: "sha256:x",
  Os: "linux",
  Architecture: "amd64",
  Config,
  ...more,
});

test("what differs between two images is told field by field, secrets not", () => {
  const old = image(
    {
      Env: ["A=1", "B=2=3", "DB_PASSWORD=x"],
      Cmd: ["run"],
      User: "",
      Labels: { v: "1" },
      ExposedPorts: { "80/tcp": {} },
    },
    { Size: 10, Created: "2026-01-01T00:00:00Z" },
  );
  const next = image(
    {
      Env: ["A=1", "B=4", "API_TOKEN=y"],
      Cmd: ["run", "fast"],
      User: "app",
      Labels: { v: "2" },
      Volumes: { "/data": {} },
      Entrypoint: [],
    },
    { Size: 20, Created: "2026-02-01T00:00:00Z", Architecture: "arm64", Variant: "v8" },
  );
  expect(imageDifference(old, next)).toEqual({
    changes: [
      { field: "platform", from: "linux/amd64", to: "linux/arm64/v8" },
      { field: "user", to: "app" },
      { field: "cmd", from: ["run"], to: ["run", "fast"] },
      { field: "env", name: "API_TOKEN", to: "(not shown)" },
      { field: "env", name: "B", from: "2=3", to: "4" },
      { field: "env", name: "DB_PASSWORD", from: "(not shown)" },
      { field: "label", name: "v", from: "1", to: "2" },
      { field: "exposedPort", name: "80/tcp", from: true },
      { field: "volume", name: "/data", to: true },
    ],
    sizeBytes: { from: 10, to: 20 },
    createdAt: { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" },
  });
  expect(imageDifference(old, old).changes).toEqual([]);
});

test.for<[env: string[], found: string | undefined]>([
  [[], undefined],
  [["PATH=/bin"], undefined],
  [["PG_MAJOR=16"], "PostgreSQL 16"],
  [["PG_MAJOR=9.6"], "PostgreSQL 9.6"],
  [["PG_VERSION=17.2-1.pgdg120+1"], "PostgreSQL 17"],
  [["MARIADB_VERSION=1:11.4.2+maria~ubu2404"], "MariaDB 11.4"],
  [["MYSQL_MAJOR=8.4", "MYSQL_VERSION=8.4.3-1.el9"], "MySQL 8.4"],
  [["MONGO_MAJOR=7.0"], "MongoDB 7.0"],
  [["PG_MAJOR=$(reboot)"], undefined],
])("an image with %j holds %s", ([Env, found]) => {
  const database = databaseOf({ Env });
  expect(database && `${database.engine} ${database.major}`).toBe(found);
});

test.for<[from: string, to: string, reason: RegExp | undefined]>([
  ["PG_MAJOR=16", "PG_MAJOR=16", undefined],
  ["PG_MAJOR=16", "PG_MAJOR=17", /17 can't be relied on to read the data of 16/],
  ["PG_MAJOR=16", "PG_MAJOR=15", /15 can't/],
  ["PG_MAJOR=16", "A=b", /is not known/],
  ["MYSQL_MAJOR=8.0", "MARIADB_VERSION=11.4.1", /holds MySQL, the new image MariaDB/],
  ["A=b", "PG_MAJOR=17", undefined],
])("from %s to %s", ([from, to, reason]) => {
  const found = majorObstacle({ Env: [from] }, { Env: [to] });
  if (reason) expect(found).toMatch(reason);
  else expect(found).toBeUndefined();
});

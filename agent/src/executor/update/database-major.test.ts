import { describe, expect, test } from "vitest";
import { majorFinding } from "./database-major.ts";
import { candidatesOf, type DataFamily, type DataFound } from "./database-major-data.ts";
import { type Database, databaseOf } from "./database-major-image.ts";
import { firstFile } from "./first-file.ts";

type Labels = Record<string, string>;
const versionLabel = "org.opencontainers.image.version";
const titleLabel = "org.opencontainers.image.title";

test.for<[env: string[], labels: Labels, reference: string, found: string | undefined]>([
  [[], {}, "", undefined],
  [["PATH=/bin"], {}, "app:16", undefined],
  [["PG_MAJOR=16"], {}, "", "PostgreSQL 16 by PG_MAJOR"],
  [["PG_MAJOR=9.6"], {}, "", "PostgreSQL 9.6 by PG_MAJOR"],
  [["PG_VERSION=17.2-1.pgdg120+1"], {}, "", "PostgreSQL 17 by PG_VERSION"],
  [["MARIADB_VERSION=1:11.4.2+maria~ubu2404"], {}, "", "MariaDB 11.4 by MARIADB_VERSION"],
  [["MYSQL_MAJOR=8.4", "MYSQL_VERSION=8.4.3-1.el9"], {}, "", "MySQL 8.4 by MYSQL_MAJOR"],
  [["MONGO_MAJOR=7.0"], {}, "", "MongoDB 7.0 by MONGO_MAJOR"],
  [["REDIS_VERSION=7.2.5"], {}, "", "Redis 7.2 by REDIS_VERSION"],
  [["PG_MAJOR=$(reboot)"], {}, "", undefined],
  [["PG_MAJOR=15"], {}, "postgres:16", "PostgreSQL 15 by PG_MAJOR"],
  [[], {}, "postgres:16.4-alpine", "PostgreSQL 16 by tag"],
  [[], {}, "registry.example:5000/mirror/postgis:16-3.4", "PostgreSQL 16 by tag"],
  [[], {}, "timescale/timescaledb:2.17.2-pg16", "PostgreSQL 16 by tag"],
  [[], {}, "pgvector/pgvector:pg17", "PostgreSQL 17 by tag"],
  [[], {}, "postgres:latest", undefined],
  [[], {}, "postgres:20240101", undefined],
  [[], {}, "postgres-exporter:16", undefined],
  [[], {}, "percona:ps-8.0.35", "MySQL 8.0 by tag"],
  [[], {}, "mariadb:lts", undefined],
  [[], { [versionLabel]: "16.2.0", [titleLabel]: "postgresql" }, "x/y", `PostgreSQL 16 by label ${versionLabel}`],
  // That of the distribution below.
  [[], { [versionLabel]: "22.04" }, "postgres:latest", undefined],
])("an image with %j, %j called %s holds %s", ([Env, Labels, reference, found]) => {
  const database = databaseOf({ Env, Labels }, reference);
  expect(database && `${database.engine} ${database.major} by ${database.by}`).toBe(found);
});

test.for<[family: DataFamily, file: string, head: string, told: object | undefined]>([
  ["postgresql", "PG_VERSION", "13\n", { engine: "PostgreSQL", major: "13" }],
  ["postgresql", "PG_VERSION", "9.6\n", { engine: "PostgreSQL", major: "9.6" }],
  ["postgresql", "PG_VERSION", "16; DROP", undefined],
  ["postgresql", "PG_VERSION", "", undefined],
  ["mysql", "mysql_upgrade_info", "10.11.14-MariaDB", { engine: "MariaDB", major: "10.11" }],
  ["mysql", "mariadb_upgrade_info", "11.4.2-MariaDB\n", { engine: "MariaDB", major: "11.4" }],
  ["mysql", "mysql_upgrade_info", "8.0.36\0", { engine: "MySQL", major: "8.0" }],
  ["mysql", "mysql_upgrade_info", "root:x:0:0", undefined],
  [
    "mysql",
    "mysql_upgrade_history",
    '{"file_format":"1","upgrade_history":[{"date":"2024-01-01 00:00:00","version":"8.0.36","maturity":"LTS","initialize":true},{"date":"2024-06-01 00:00:00","version":"8.4.3","maturity":"LTS"}]}',
    { engine: "MySQL", major: "8.4" },
  ],
  ["redis", "dump.rdb", "REDIS0011\xfa\x09redis-ver", { engine: "Redis", format: 11 }],
  ["redis", "dump.rdb", "VALKEY080\xfa", { engine: "Valkey", format: 80 }],
  ["redis", "dump.rdb", "PK\x03\x04", undefined],
])("%s: %s with %j tells %j", ([family, name, head, told]) => {
  const candidate = candidatesOf(family, ["/x"], []).find(({ file }) => file.name === name);
  expect(candidate?.file.read(Buffer.from(head, "latin1"))).toEqual(told);
});

test("what the server would open comes before what lies elsewhere", () => {
  const paths = candidatesOf("postgresql", ["/var/lib/postgresql"], ["/var/lib/postgresql/18/docker/", "odd"]);
  expect(paths.map(({ path }) => path)).toEqual([
    "/var/lib/postgresql/18/docker/PG_VERSION",
    "/var/lib/postgresql/PG_VERSION",
    "/var/lib/postgresql/data/PG_VERSION",
    "/var/lib/postgresql/pgdata/PG_VERSION",
  ]);
});

describe("of an update", () => {
  const pg = (major: string): DataFound => ({ engine: "PostgreSQL", major, by: "PG_VERSION in the volume d" });
  const my = (engine: "MySQL" | "MariaDB", major: string): DataFound => ({
    engine,
    major,
    by: "a file in the volume d",
  });
  const rdb = (format: number, engine: "Redis" | "Valkey" = "Redis"): DataFound => ({ engine, format, by: "dump.rdb" });

  test.for<[data: DataFound[], from: string, to: string, finding: { obstacle?: RegExp; warning?: RegExp }]>([
    // By the images alone.
    [[], "PostgreSQL 16", "PostgreSQL 16", {}],
    [[], "PostgreSQL 16", "PostgreSQL 17", { obstacle: /17 can't be relied on to read the data of 16/ }],
    [[], "PostgreSQL 16", "PostgreSQL 15", { obstacle: /15 can't/ }],
    [
      [],
      "PostgreSQL 16",
      "",
      { warning: /data of PostgreSQL 16 \(V of its image\), and nothing tells which.* app:2 is/ },
    ],
    [[], "MySQL 8.0", "MariaDB 11.4", { obstacle: /holds MySQL 8.0, the new image MariaDB 11.4/ }],
    [[], "", "PostgreSQL 17", {}],
    [[], "", "", {}],
    [[], "Redis 7.2", "", {}],
    [[], "Redis 7.4", "Redis 7.2", {}],
    [[], "PostgreSQL 16", "Redis 7.2", { obstacle: /holds PostgreSQL 16/ }],
    // By the data.
    [
      [pg("13")],
      "",
      "PostgreSQL 16",
      {
        obstacle:
          /^PostgreSQL 16 can't be relied on to read the data of 13 \(PG_VERSION in the volume d; V of the new image\): dump with 13 and load into 16, or upgrade the data first$/,
      },
    ],
    [[pg("13")], "", "PostgreSQL 13", {}],
    [[pg("13")], "", "", { warning: /data of PostgreSQL 13/ }],
    [[pg("13")], "", "MariaDB 11.4", { obstacle: /holds PostgreSQL 13, the new image MariaDB 11.4/ }],
    // Forced to 16, which never opened them, and back.
    [[pg("13")], "PostgreSQL 16", "PostgreSQL 13", {}],
    // They were upgraded by hand.
    [[pg("17")], "PostgreSQL 16", "PostgreSQL 17", {}],
    [[pg("13")], "PostgreSQL 16", "PostgreSQL 16", { obstacle: /data of 13/ }],
    // A minor update where mariadb-upgrade never ran.
    [[my("MariaDB", "10.6")], "MariaDB 10.11", "MariaDB 10.11", {}],
    [[my("MariaDB", "10.6")], "MariaDB 10.11", "MariaDB 10.6", { obstacle: /10.6 can't.* of 10.11 \(V of its image/ }],
    [[my("MariaDB", "10.6")], "", "MariaDB 10.11", { obstacle: /10.11 can't.* of 10.6 \(a file in the volume d/ }],
    [[my("MySQL", "8.0")], "MySQL 8.4", "MySQL 8.0", {}],
    [[my("MySQL", "8.0")], "MySQL 8.4", "MySQL 8.4", {}],
    [[my("MySQL", "8.0")], "MySQL 8.4", "MySQL 9.1", { obstacle: /9.1 can't.* of 8.0/ }],
    [[my("MySQL", "5.7")], "MySQL 8.0", "MySQL 5.7", { obstacle: /5.7 can't.* of 8.0/ }],
    // A container that has a copy of other data beside its own.
    [[pg("13"), my("MySQL", "8.0")], "MySQL 8.0", "MySQL 8.0", {}],
    [[pg("13")], "MySQL 8.0", "MySQL 8.0", {}],
    [[rdb(10)], "Redis 7.0", "Redis 7.2", {}],
    [[rdb(11)], "", "Redis 7.2", {}],
    [
      [rdb(12)],
      "Redis 7.4",
      "Redis 7.2",
      { obstacle: /^Redis 7.2 reads RDB files up to format 11, the data are of format 12/ },
    ],
    [[rdb(12)], "Redis 7.4", "Valkey 8.0", { obstacle: /^Valkey 8.0 reads/ }],
    [[rdb(80, "Valkey")], "", "Redis 7.2", { obstacle: /format 80/ }],
    [[rdb(12)], "Redis 8.0", "Redis 99.0", {}],
    [[rdb(12)], "Redis 8.0", "", {}],
  ])("%j from %s to %s: %j", ([data, from, to, { obstacle, warning }]) => {
    const finding = majorFinding({ data, from: database(from), to: database(to), image: "app:2" });
    expect(finding).toEqual({
      ...(obstacle === undefined ? {} : { obstacle: expect.stringMatching(obstacle) }),
      ...(warning === undefined ? {} : { warning: expect.stringMatching(warning) }),
    });
  });
});

function database(text: string): Database | undefined {
  const [engine, major] = text.split(" ");
  return major === undefined ? undefined : { engine: engine as Database["engine"], major, by: "V" };
}

describe("the first file of a tar", () => {
  const entry = (type: string, content: string, size = content.length) => {
    const header = Buffer.alloc(512);
    header.write("name", 0);
    header.write(size.toString(8).padStart(11, "0"), 124);
    header.write(type, 156);
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return Buffer.concat([header, Buffer.from(content), padding]);
  };
  async function* inPieces(tar: Buffer, length: number) {
    for (let at = 0; at < tar.length; at += length) yield tar.subarray(at, at + length);
  }

  test.for<[name: string, tar: Buffer, text: string | undefined]>([
    ["a file", entry("0", "13\n"), "13\n"],
    [
      "behind extended headers",
      Buffer.concat([entry("x", "12 path=x\n"), entry("L", "longer"), entry("0", "13")]),
      "13",
    ],
    ["more than is wanted", entry("0", "x".repeat(5_000)), "x".repeat(100)],
    ["one that is cut off behind that", entry("0", "y".repeat(200), 1 << 30), "y".repeat(100)],
    ["one that is cut off", entry("0", "", 50), undefined],
    ["a link", entry("2", ""), undefined],
    ["a folder", Buffer.concat([entry("5", ""), entry("0", "13")]), undefined],
    ["nothing", Buffer.alloc(1024), undefined],
    ["headers without end", Buffer.concat(Array.from({ length: 100 }, () => entry("x", "z".repeat(900)))), undefined],
  ])("%s", async ([, tar, text]) => {
    for (const length of [7, 512, 1 << 20]) {
      expect((await firstFile(inPieces(tar, length), 100))?.toString()).toBe(text);
    }
  });
});

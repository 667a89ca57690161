import { expect, test } from "vitest";
import { clientPort, engineOfImage, recognise, sameFamily, toldDataDirectory } from "./recognise.ts";

test.each<[comm: string, exe: string | undefined, args: string[], expected: unknown]>([
  [
    "postgres",
    "/usr/lib/postgresql/15/bin/postgres",
    ["/usr/lib/postgresql/15/bin/postgres", "-D", "/d"],
    { engine: "postgresql" },
  ],
  ["postgres", undefined, ["postgres: checkpointer "], undefined],
  ["postgres", undefined, ["postgres", "-D", "/d", "-c", "cluster_name=fairlead"], undefined],
  ["mysqld", "/usr/sbin/mysqld", ["/usr/sbin/mysqld"], { engine: "mysql" }],
  ["mysqld", "/usr/sbin/mariadbd", ["/usr/sbin/mysqld"], { engine: "mariadb" }],
  ["mariadbd", "/usr/sbin/mariadbd (deleted)", ["/usr/sbin/mariadbd"], { engine: "mariadb" }],
  ["redis-server", "/usr/bin/redis-check-rdb", ["/usr/bin/redis-server 127.0.0.1:6379"], { engine: "redis" }],
  ["redis-server", undefined, ["redis-server", "*:26379", "[sentinel]"], { engine: "redis", role: "sentinel" }],
  ["redis-sentinel", undefined, [], { engine: "redis", role: "sentinel" }],
  ["valkey-server", undefined, [], { engine: "valkey" }],
  ["mongos", undefined, [], { engine: "mongodb", role: "router" }],
  ["minio", "/usr/local/bin/minio", ["minio", "server", "/data"], { engine: "minio" }],
  ["pg_basebackup", "/usr/lib/postgresql/15/bin/pg_basebackup", ["pg_basebackup"], undefined],
  ["mysqld_safe", "/usr/bin/bash", ["/bin/sh", "/usr/bin/mysqld_safe"], undefined],
])("%s %s %j", (comm, exe, args, expected) => expect(recognise(comm, exe, args)).toEqual(expected));

test.each<[engine: Parameters<typeof clientPort>[0], ports: number[], args: string[], expected: number | undefined]>([
  ["redis", [16379, 6379], [], 6379],
  ["redis", [17000, 7000], [], 7000],
  ["mysql", [33060, 3306], [], 3306],
  ["mysql", [33060, 33062, 33306], [], 33306],
  ["mariadb", [3306, 4567], [], 3306],
  ["minio", [9000, 39999], ["minio", "server", "/data"], 9000],
  ["minio", [9001, 9010], ["minio", "server", "--address", ":9010", "--console-address", ":9001"], 9010],
  ["mongodb", [27017, 28017], [], 27017],
  ["postgresql", [6000], ["postgres", "-p", "6000"], 6000],
  ["postgresql", [], [], undefined],
])("%s on %j: clients use %i", (engine, ports, args, expected) =>
  expect(clientPort(engine, ports, args)).toBe(expected),
);

test.each([
  ["postgres:16", "postgresql"],
  ["docker.io/bitnami/postgresql@sha256:00", "postgresql"],
  ["registry.local:5000/library/redis:7-alpine", "redis"],
  ["timescale/timescaledb-ha:pg16", "postgresql"],
  ["mariadb", "mariadb"],
  ["mysql/mysql-server:8.0", "mysql"],
  ["valkey/valkey:8", "valkey"],
  ["mongo:7", "mongodb"],
  ["quay.io/minio/minio:RELEASE.2024", "minio"],
  ["prometheuscommunity/postgres-exporter", undefined],
  ["mongo-express", undefined],
  ["dpage/pgadmin4", undefined],
  ["redis/redisinsight", undefined],
  ["minio/mc", undefined],
  ["nginx", undefined],
])("image %s: %s", (image, engine) => expect(engineOfImage(image)).toBe(engine));

test.each<[engine: Parameters<typeof toldDataDirectory>[0], args: string[], expected: string | undefined]>([
  ["postgresql", ["postgres", "-D", "/var/lib/postgresql/15/main/"], "/var/lib/postgresql/15/main/"],
  ["postgresql", ["postgres", "-D", "data"], undefined],
  ["mysql", ["mysqld", "--datadir=/srv/mysql"], "/srv/mysql"],
  ["mongodb", ["mongod", "--dbpath", "/srv/mongo"], "/srv/mongo"],
  ["minio", ["minio", "server", "--console-address", ":9001", "/mnt/data"], "/mnt/data"],
  ["minio", ["minio", "server", "/mnt/disk{1...4}"], "/mnt"],
  ["redis", ["redis-server", "*:6379"], undefined],
])("data of %s by %j", (engine, args, expected) => expect(toldDataDirectory(engine, args)).toBe(expected));

test("families", () => {
  expect(sameFamily("mysql", "mariadb")).toBe(true);
  expect(sameFamily("redis", "valkey")).toBe(true);
  expect(sameFamily("redis", "mysql")).toBe(false);
});

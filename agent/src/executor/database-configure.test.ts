import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { describe, expect, onTestFinished, test } from "vitest";
import { noPostgres, startPostgres } from "../../tests/postgres.ts";
import { noRedis, type Redis, type RedisOptions, startRedis } from "../../tests/redis.ts";
import { seal } from "../../tests/seal.ts";
import { parseConfig } from "../config.ts";
import { openCredentials } from "../databases/credentials.ts";
import { databaseSettings } from "../databases/settings.ts";
import { createHost } from "../host/host.ts";
import { newKey } from "../identity.ts";
import { createLog } from "../log.ts";
import { createExecutor } from "./create-executor.ts";

const serverId = randomUUID();

/** An enrolled agent's folder. */
function enrolled(): { stateDir: string; key: string } {
  const stateDir = mkdtempSync(join(tmpdir(), "fairlead-configure-"));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const { key } = newKey("host");
  writeFileSync(join(stateDir, "key.pem"), key, { mode: 0o600 });
  const subject = ["-subj", "/CN=host", "-days", "2", "-key", join(stateDir, "key.pem")];
  execFileSync("openssl", ["req", "-x509", "-new", ...subject, "-out", join(stateDir, "cert.pem")], {
    stdio: "ignore",
  });
  writeFileSync(join(stateDir, "ca.pem"), readFileSync(join(stateDir, "cert.pem")));
  writeFileSync(join(stateDir, "enrolment.json"), JSON.stringify({ serverId, server: "a:1" }));
  return { stateDir, key };
}

function agent(yaml = "") {
  const { stateDir, key } = enrolled();
  const results: pb.CommandResult.$Properties[] = [];
  const told: unknown[] = [];
  const soon: string[] = [];
  const executor = createExecutor({
    stateDir,
    config: { allow: ["database.configure"], readOnly: false },
    host: { ...createHost(), dockerSocket: "/nowhere/docker.sock", databases: databaseSettings(parseConfig(yaml)) },
    runtime: async () => undefined,
    refresh: async () => ({}),
    soon: (name) => soon.push(name),
    events: { progress: (p) => told.push(p), result: (r) => results.push(r) },
    log: createLog("debug", { write: (line) => told.push(line) }),
    now: Date.now,
  });
  void executor.recover();
  async function configure(database: string, sealed: Uint8Array) {
    const count = results.length;
    executor.handle({ id: randomUUID(), deadlineUnixMs: 0, databaseConfigure: { database, sealed } } as never);
    await expect.poll(() => results.length).toBe(count + 1);
    const { status, reason, outputJson } = results[count] ?? {};
    return {
      ok: status === pb.CommandStatus.COMMAND_STATUS_SUCCEEDED,
      reason,
      output: outputJson ? JSON.parse(outputJson) : {},
    };
  }
  const send = (database: string, given: object, aad = database) =>
    configure(database, seal(key, serverId, aad, JSON.stringify(given)));
  return { stateDir, key, configure, send, soon, told, results, kept: () => openCredentials(stateDir).all() };
}

async function started(options: RedisOptions): Promise<{ redis: Redis; key: string }> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.close("SIGKILL"));
  return { redis, key: `redis:127.0.0.1:${redis.port}` };
}

test.skipIf(noPostgres !== undefined)(
  `PostgreSQL's own word is not said twice (${noPostgres ?? "private server"})`,
  async () => {
    const server = await startPostgres();
    onTestFinished(() => server.close());
    const { send } = agent();
    const wrong = await send(`postgresql:127.0.0.1:${server.port}`, { user: "postgres", password: "wrong" });
    expect(wrong.reason).toMatch(/^refused: password authentication failed .*; nothing was kept$/);
  },
);

describe.skipIf(noRedis !== undefined)(`credentials from the server (${noRedis ?? "private redis-server"})`, () => {
  test("tried and kept; refused ones change nothing; forgotten; nothing secret is left anywhere else", async () => {
    const { key } = await started({ args: ["--requirepass", "right-secret-5e1"], password: "right-secret-5e1" });
    const { send, configure, kept, soon, stateDir, told, results } = agent();
    const wrong = await send(key, { password: "wrong-secret-5e1" });
    expect(wrong).toMatchObject({ ok: false, reason: "refused: the password is refused; nothing was kept" });
    expect(kept().size).toBe(0);
    expect(await send(key, { password: "right-secret-5e1" })).toMatchObject({
      ok: true,
      output: { database: key, status: "up" },
    });
    expect(soon).toEqual(["databases"]);
    expect(kept().get(key)).toEqual({ password: "right-secret-5e1" });
    expect(statSync(join(stateDir, "databases.json")).mode & 0o777).toBe(0o600);
    const again = await send(key, { password: "wrong-secret-5e1" });
    expect(again.reason).toBe("refused: the password is refused; the credentials from before stay");
    expect(kept().get(key)).toEqual({ password: "right-secret-5e1" });
    for (const name of readdirSync(join(stateDir, "commands"))) {
      expect(readFileSync(join(stateDir, "commands", name), "utf8")).not.toContain("secret-5e1");
    }
    expect(JSON.stringify([told, results])).not.toContain("secret-5e1");
    expect(await configure(key, new Uint8Array())).toMatchObject({
      ok: true,
      output: { status: "forgotten", known: true },
    });
    expect(kept().size).toBe(0);
  });

  test("what was sealed for another database or key is not tried", async () => {
    const { key } = await started({ args: ["--requirepass", "x"], password: "x" });
    const { send, configure, kept } = agent();
    const remedy = "sealed for another key of this agent, or for another database: send it again";
    expect(await send(key, { password: "x" }, "redis:127.0.0.1:1")).toMatchObject({ ok: false, reason: remedy });
    const stranger = seal(newKey("other").key, serverId, key, '{"password":"x"}');
    expect(await configure(key, stranger)).toMatchObject({ ok: false, reason: remedy });
    expect(kept().size).toBe(0);
  });

  test("one that the host's own configuration knows is left to it; one that is not here is named", async () => {
    const { redis, key } = await started({ args: ["--requirepass", "x"], password: "x" });
    const { send } = agent(`databases: [{engine: redis, port: ${redis.port}, password: x}]`);
    expect((await send(key, { password: "x" })).reason).toMatch(/has its credentials in the agent's own configuration/);
    expect((await send("redis:10.9.9.9:1", { password: "x" })).reason).toMatch(
      /^database: redis:10\.9\.9\.9:1 is not on/,
    );
  });

  test("where it is down they are kept untried", async () => {
    const { redis, key } = await started({ args: ["--requirepass", "x"], password: "x" });
    const { send, kept } = agent(`databases: [{engine: redis, host: 127.0.0.1, port: ${redis.port}}]`);
    await redis.close("SIGKILL");
    expect(await send(key, { user: "u", password: "x" })).toMatchObject({ ok: true, output: { status: "down" } });
    expect(kept().get(key)).toEqual({ user: "u", password: "x" });
  });
});

import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { expect, onTestFinished, test } from "vitest";
import { databases } from "../src/collectors/databases.ts";
import { parseConfig } from "../src/config.ts";
import { readStatus } from "../src/control.ts";
import { loadIdentity } from "../src/identity.ts";
import { createLog } from "../src/log.ts";
import { enrollAgent, runAgent } from "../src/run.ts";
import { noRedis, startRedis } from "./redis.ts";
import { seal } from "./seal.ts";
import { createCa, startServer } from "./test-server.ts";

const secret = "sent-through-the-server-91c";

test.skipIf(noRedis !== undefined)(
  `an agent with a closed database: listed, unlocked by the server, the password nowhere but in its file (${noRedis ?? "private redis-server"})`,
  async () => {
    const ca = createCa();
    onTestFinished(() => ca.remove());
    const server = await startServer(ca);
    onTestFinished(() => server.stop());
    const redis = await startRedis({ args: ["--requirepass", secret], password: secret });
    onTestFinished(() => redis.close("SIGKILL"));
    const stateDir = mkdtempSync(join(tmpdir(), "fairlead-agent-db-"));
    onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
    const config = parseConfig(
      `server: ${server.address}\ncaSha256: ${ca.pin}\nstateDir: ${stateDir}\ndocker: {socket: /nowhere/docker.sock}\n`,
    );
    await enrollAgent(config, { token: "good", agentVersion: "0.0.1" });
    const lines: string[] = [];
    const log = createLog("debug", { write: (line) => lines.push(line) });
    const abort = new AbortController();
    const done = runAgent(config, { signal: abort.signal, log, factories: [databases] });
    onTestFinished(async () => {
      abort.abort();
      await done;
    });

    const key = `redis:127.0.0.1:${redis.port}`;
    const upserts = () =>
      server.sessions
        .flatMap(({ frames }) => frames)
        .flatMap(({ resourceUpsert: one }) => (one?.kind === "database" && one.key === key ? [one] : []));
    const said = () => JSON.parse(upserts().at(-1)?.attributesJson || "{}") as Record<string, unknown>;
    const within = 20_000;
    await server.until(() => said().credentials === "missing", within);
    expect(said().grants).toContainEqual(expect.stringContaining("ACL SETUSER fairlead"));

    const identity = loadIdentity(stateDir);
    const sealed = seal(identity?.key ?? "", identity?.serverId ?? "", key, JSON.stringify({ password: secret }));
    const id = randomUUID();
    server.sessions.at(-1)?.send({
      command: { id, deadlineUnixMs: Date.now() + 60_000, databaseConfigure: { database: key, sealed } },
    });
    const results = () =>
      server.sessions
        .flatMap(({ frames }) => frames)
        .flatMap(({ commandResult: one }) => (one?.id === id ? [one] : []));
    const result = await server.until(() => results().at(-1), within);
    expect(result).toMatchObject({ status: pb.CommandStatus.COMMAND_STATUS_SUCCEEDED, reason: "" });
    expect(JSON.parse(result.outputJson ?? "{}")).toEqual({ database: key, status: "up" });
    // Told at once, not with the next turn.
    await server.until(() => said().credentials === "configured", within);
    expect(said()).toMatchObject({ version: "7.0.15", error: null, credentialsFrom: "server" });
    const change = `database:${key} needs_credentials>up`;
    await server.until(() => server.received.some((record) => record.change === change), within);

    const frames = server.sessions.flatMap((session) => session.frames);
    expect(JSON.stringify(frames)).not.toContain(secret);
    expect(lines.join("")).not.toContain(secret);
    expect(JSON.stringify(await readStatus(stateDir))).not.toContain(secret);
    const files = readdirSync(stateDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const holding = files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => readFileSync(path).includes(secret));
    expect(holding).toEqual([join(stateDir, "databases.json")]);
    expect(statSync(join(stateDir, "databases.json")).mode & 0o777).toBe(0o600);
  },
);

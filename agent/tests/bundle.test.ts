import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bundleAgent, execArgv } from "../../scripts/build-agent.ts";
import { type Child, createChild } from "../src/child/child.ts";
import type { Engine, Target } from "../src/databases/probe.ts";
import { containersOf, forever } from "./backup-agent.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { ataDrive, fakeSmartctl } from "./fake-smartctl.ts";
import { noMariadb, startMariadb } from "./mariadb.ts";
import * as minio from "./minio-recorded.ts";
import { startMongoServer } from "./mongo-server.ts";
import { noPostgres, startPostgres } from "./postgres.ts";
import { makeCertificate } from "./postgres-certificate.ts";
import { freePort } from "./processes.ts";
import { noRedis, startRedis } from "./redis.ts";
import { createCa, startServer } from "./test-server.ts";

// What people run is the bundle: libraries are stubbed, left out or loaded from beside it there, classes renamed, V8 has no
// compiler. One look at each of its parts; what they do is tested from the sources.
type Ran = { code: number | null; out: string; err: string };

const secret = "s3cret-of-the-bundle";
const folder = mkdtempSync(join(tmpdir(), "fairlead-bundle-"));
const patient = { timeout: 60_000 };
let program: string[] = [];

beforeAll(async () => {
  program = [...execArgv, await bundleAgent()];
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The agent as it is built, with that configuration file. */
function start(
  args: readonly string[],
  config = "",
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ran> } {
  const own = mkdtempSync(join(folder, "run-"));
  const file = join(own, "agent.yaml");
  writeFileSync(file, `stateDir: ${own}/state\n${config}`, { mode: 0o600 });
  const child = spawn(process.execPath, [...program, ...args, "--config", file], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ran: Ran = { code: null, out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    ran.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    ran.err += chunk;
  });
  return { child, ended: once(child, "close").then(([code]) => ({ ...ran, code })) };
}

const agent = (...given: Parameters<typeof start>) => start(...given).ended;

function childOf(name: Parameters<typeof createChild>[0]): Child {
  const child = createChild(name, { keepMs: 60_000, program });
  onTestFinished(() => child.stop());
  return child;
}

test("settings are read and a wrong one is named", async () => {
  const anchors = 'labels: &all {site: "north"}\nallow:\n  - container.update\n';
  expect(await agent(["doctor", "--json"], `${anchors}logLevel: loud\n`)).toEqual({
    code: 2,
    out: "",
    err: expect.stringMatching(/^fairlead-agent: .*agent.yaml: logLevel: "loud": give one of /),
  });
  expect((await agent(["status"], "a: [")).err).toMatch(/^fairlead-agent: .*agent\.yaml: .*line 2/);
  expect(await agent(["version"])).toMatchObject({ code: 0, out: expect.stringMatching(/\d+\.\d+\.\d+/) });
});

test("the inventory is taken by a process of its own", async () => {
  const { code, out, err } = await agent(["collect", "inventory", "--json"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain('"physicalCores"');
});

test("drives are read in a child", async () => {
  const fake = fakeSmartctl();
  onTestFinished(() => fake.dispose());
  fake.scan([{ name: "/dev/fl1", type: "sat", protocol: "ATA" }]);
  fake.drive("/dev/fl1", { out: ataDrive({ serial: "ILL", attributes: { 197: 8 } }) });
  const { code, out, err } = await agent(["smart"], "", { PATH: `${fake.folder}:${process.env.PATH}` });
  expect([code, err]).toEqual([1, ""]);
  expect(out).toMatch(/ILL/);
});

const lacking = [noPostgres, noMariadb, noRedis].filter((reason) => reason !== undefined).join("; ");

test(`drivers ask their databases in the child, encrypted where there is TLS${lacking && ` (${lacking})`}`, async () => {
  const asked = await Promise.all([postgresql(), mariadb(), redis(), mongodb(), minioServer()]);
  const child = childOf("databases");
  for (const { target, seen } of asked.flatMap((one) => one ?? [])) {
    const answer = await child.call({ do: "probe", target }, { deadlineMs: 30_000 });
    expect(answer).toMatchObject({ status: "up", ...seen });
    // What the driver throws is understood there too.
    const wrong = { ...target, key: `${target.key}/wrong`, password: "wrong" };
    const refused = await child.call({ do: "probe", target: wrong }, { deadlineMs: 30_000 });
    expect(refused).toMatchObject({ status: "needs_credentials" });
    const closed = { ...target, key: `${target.key}/closed`, port: 1 };
    expect(await child.call({ do: "probe", target: closed }, { deadlineMs: 30_000 })).toMatchObject({ status: "down" });
  }
});

test("what a driver throws is told by its name there too", async () => {
  const server = createTcpServer((socket) => socket.on("error", () => {}).on("data", () => socket.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const target = targetOf("redis", port, { timeoutMs: 5_000 });
  const answer = await childOf("databases").call({ do: "probe", target }, { deadlineMs: 30_000 });
  expect(answer).toMatchObject({ status: "down", reason: `127.0.0.1:${port} closed the connection` });
});

type Asked = { target: Target; seen: object };
const targetOf = (engine: Engine, port: number, more: Partial<Target>): Target => ({
  key: `${engine}:127.0.0.1:${port}`,
  engine,
  host: "127.0.0.1",
  port,
  user: "fairlead",
  password: secret,
  timeoutMs: 20_000,
  ...more,
});
const encrypted = { attributes: { tls: { used: true } } };

async function postgresql(): Promise<Asked | undefined> {
  if (noPostgres !== undefined) return undefined;
  const server = await startPostgres();
  onTestFinished(() => server.close());
  const { key, certificate, pem, folder: made } = makeCertificate(server.dataDirectory);
  onTestFinished(() => rmSync(made, { recursive: true }));
  await server.sql(`CREATE USER fairlead PASSWORD '${secret}'`);
  await server.sql("GRANT pg_monitor TO fairlead");
  for (const [name, value] of [
    ["ssl_cert_file", certificate],
    ["ssl_key_file", key],
    ["ssl", "on"],
  ]) {
    await server.sql(`ALTER SYSTEM SET ${name} = '${value}'`);
  }
  await server.sql("SELECT pg_reload_conf()");
  const tls = { mode: "verify-full", ca: pem, serverName: "localhost" } as const;
  return { target: targetOf("postgresql", server.port, { database: "postgres", tls }), seen: encrypted };
}

async function mariadb(): Promise<Asked | undefined> {
  if (noMariadb !== undefined) return undefined;
  const { key, certificate, pem } = openCertificate();
  const server = await startMariadb(`--ssl-cert=${certificate}`, `--ssl-key=${key}`);
  onTestFinished(() => server.close());
  await server.sql(
    `CREATE USER fairlead@'127.0.0.1' IDENTIFIED BY '${secret}'`,
    "GRANT PROCESS ON *.* TO fairlead@'127.0.0.1'",
  );
  const tls = { mode: "verify-full", ca: pem, serverName: "localhost" } as const;
  return { target: targetOf("mariadb", server.port, { tls }), seen: encrypted };
}

async function redis(): Promise<Asked | undefined> {
  if (noRedis !== undefined) return undefined;
  const { key, certificate, pem } = openCertificate();
  const port = await freePort();
  const files = [
    "--tls-port",
    String(port),
    "--tls-cert-file",
    certificate,
    "--tls-key-file",
    key,
    "--tls-auth-clients",
    "no",
  ];
  const server = await startRedis({ port: 0, wait: false, args: [...files, "--requirepass", secret] });
  onTestFinished(() => server.close("SIGKILL"));
  const tls = { mode: "verify-full", ca: pem, serverName: "localhost" } as const;
  const target = targetOf("redis", port, { tls });
  delete target.user;
  return { target, seen: encrypted };
}

async function mongodb(): Promise<Asked> {
  const answers: Record<string, object> = {
    hello: { isWritablePrimary: true, minWireVersion: 0, maxWireVersion: 21, maxBsonObjectSize: 16_777_216, ok: 1 },
    buildInfo: { version: "7.0.14", ok: 1 },
    serverStatus: { version: "7.0.14", uptime: 86_400, connections: { current: 12, available: 800 }, ok: 1 },
  };
  const unknown = { ok: 0, code: 59, codeName: "CommandNotFound", errmsg: "no such command" };
  const server = await startMongoServer((name) => ({ ...(answers[name === "ismaster" ? "hello" : name] ?? unknown) }), {
    user: "fairlead",
    password: secret,
  });
  onTestFinished(() => server.kill());
  return { target: targetOf("mongodb", server.port, {}), seen: { values: { connections: 12 } } };
}

async function minioServer(): Promise<Asked> {
  const server = createServer(({ url, headers }, response) => {
    response.setHeader("server", "MinIO");
    const isKnown = headers.authorization === `Bearer ${secret}`;
    if (url === "/minio/health/live" || url === "/minio/health/cluster") response.end();
    else if (!isKnown) response.writeHead(403).end(minio.denied);
    else response.end(url?.endsWith("/cluster") ? minio.oneDrive : minio.buckets);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const target = targetOf("minio", (server.address() as AddressInfo).port, {});
  delete target.user;
  return { target, seen: { values: { size_bytes: 900_000 } } };
}

/** A certificate whose key any account may read. */
function openCertificate() {
  const made = makeCertificate("/");
  onTestFinished(() => rmSync(made.folder, { recursive: true }));
  chmodSync(made.key, 0o644);
  return made;
}

test("it enrols, reports, and takes a command", async () => {
  const ca = createCa();
  onTestFinished(() => ca.remove());
  const server = await startServer(ca);
  onTestFinished(() => server.stop());
  const stateDir = join(folder, "enrolled");
  const env = { FAIRLEAD_AGENT_STATE_DIR: stateDir, FAIRLEAD_TOKEN: "good" };
  const config = `server: ${server.address}\ncaSha256: ${ca.pin}\ndisabledCollectors: [inventory, databases, docker]\n`;
  expect(await agent(["enroll"], config, env)).toMatchObject({ code: 0, err: "" });
  const { child, ended } = start(["run"], config, env);
  onTestFinished(() => void child.kill("SIGKILL"));
  await server.until(() => server.received.some(({ values }) => "host:host" in values), 30_000);
  const id = "3f2c9f5e-0d4e-4c3a-9d31-000000000001";
  server.sessions[0]?.send({ command: { id, deadlineUnixMs: Date.now() + 60_000, agentPing: {} } });
  const result = await server.until(
    () => server.sessions[0]?.frames.flatMap(({ commandResult: one }) => (one?.id === id ? [one] : []))[0],
    30_000,
  );
  expect(result.reason).toBe("");
  expect(await agent(["status"], config, env)).toMatchObject({ code: 0, err: "" });
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
});

describe.skipIf(noDockerd !== undefined)(`its containers (${noDockerd ?? "dockerd"})`, { timeout: 120_000 }, () => {
  let engine: Dockerd;
  let registry: Registry;
  const { make, inside, state } = containersOf(() => engine);

  beforeAll(async () => {
    [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
    await engine.image("app:1", [forever]);
    await engine.image("made:x", [forever, "ENV RELEASE=2"]);
    await push(engine.docker, "made:x", `${registry.address}/app:2`);
  });

  afterAll(async () => {
    await Promise.all([engine?.close(), registry?.close()]);
  });

  const containers = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    start(["containers", ...args], `composeFiles: edit\ndocker: {socket: ${engine.socket}}\n`, {
      FAIRLEAD_AGENT_STATE_DIR: join(folder, "containers"),
      ...env,
    });

  test("a backup is packed and unpacked by children", async () => {
    await make("kept", { HostConfig: { Binds: ["kept:/data"] } });
    await inside("kept", "echo precious > /data/note");
    const made = await containers(["backup", "kept", "--consistency", "pause", "--json"]).ended;
    expect(made).toMatchObject({ code: 0, err: "" });
    const [id = ""] = readdirSync(join(folder, "containers/backups"));
    expect(await containers(["verify", id]).ended).toMatchObject({ code: 0, err: "" });
    await inside("kept", "echo spoilt > /data/note");
    expect(await containers(["restore", id, "--yes"]).ended).toMatchObject({ code: 0, err: "" });
    expect(await inside("kept", "$B cat /data/note")).toBe("precious");
  });

  test("a line of a compose file is edited with the update", async () => {
    const file = join(folder, "compose.yaml");
    writeFileSync(file, "services:\n  web: {image: app:1}\n  other: {image: app:1}\n");
    await make("web", {
      Labels: {
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": "web",
        "com.docker.compose.project.config_files": file,
      },
    });
    const image = `${registry.address}/app:2`;
    const done = await containers(["update", "web", image, "--yes", "--stable", "1s"]).ended;
    expect(done).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(file, "utf8")).toBe(`services:\n  web: {image: ${image}}\n  other: {image: app:1}\n`);
  });

  test("the guard lets a container go on whose agent was killed", async () => {
    // Reads for ever.
    const tools = join(folder, "tools");
    mkdirSync(tools);
    const script = '#!/bin/sh\ncase "$*" in *--help*) exec /bin/tar --help ;; esac\nexec tail -f /dev/null\n';
    writeFileSync(join(tools, "tar"), script, { mode: 0o755 });
    await make("held", { HostConfig: { Binds: ["held:/data"] } });
    const { child, ended } = containers(["backup", "held", "volumes", "--consistency", "pause"], {
      PATH: `${tools}:${process.env.PATH}`,
    });
    await expect.poll(() => state("held"), patient).toBe("paused");
    child.kill("SIGKILL");
    await ended;
    await expect.poll(() => state("held"), patient).toBe("running");
  });
});

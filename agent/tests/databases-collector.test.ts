import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { catalogue } from "@fairlead/shared/catalogue";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Reading } from "../src/collectors/collector.ts";
import { databases } from "../src/collectors/databases.ts";
import { parseConfig } from "../src/config.ts";
import { databaseSettings } from "../src/databases/settings.ts";
import { createDatabaseWatch, type DatabaseWatch } from "../src/databases/watch.ts";
import { createHost, type Host } from "../src/host/host.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";
import { freePort } from "./processes.ts";
import { noRedis, type Redis, type RedisOptions, redisProgram, startRedis } from "./redis.ts";

const patiently = <T>(look: () => T) => expect.poll(look, { interval: 100 });
const signal = () => AbortSignal.timeout(20_000);
const program = [join(import.meta.dirname, "../src/main.ts")];

function hostWith(yaml: string, more: Partial<Host> = {}): Host {
  return {
    ...createHost(),
    dockerSocket: "/nowhere/docker.sock",
    databases: databaseSettings(parseConfig(yaml)),
    ...more,
  };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fairlead-databases-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function watching(host: Host, options = {}): DatabaseWatch {
  const watch = createDatabaseWatch(host, options);
  onTestFinished(() => watch.stop());
  return watch;
}

async function started(options?: RedisOptions): Promise<Redis> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.close("SIGKILL"));
  return redis;
}

const keyOf = ({ port }: { port: number }) => `redis:127.0.0.1:${port}`;
const value = (reading: Reading | undefined, name: string) =>
  reading?.values[catalogue.database.metrics.findIndex((metric) => metric.name === name)];

async function read(watch: DatabaseWatch, key: string): Promise<Reading | undefined> {
  return (await watch.collect(Date.now(), signal())).find((reading) => reading.key === key);
}

describe.skipIf(noRedis !== undefined)(`databases of this host (${noRedis ?? "private redis-server"})`, () => {
  test("one on an odd port is found and asked in a process of its own; it goes down, and comes back", async () => {
    const redis = await started();
    const watch = watching(hostWith(""), { program });
    const up = await read(watch, keyOf(redis));
    expect(up).toMatchObject({
      kind: "database",
      state: "up",
      labels: { engine: "redis", host: "127.0.0.1", port: String(redis.port), role: "standalone", version: "7" },
      attributes: {
        source: "discovered",
        credentials: "none_needed",
        process: "redis-server",
        pid: redis.pid,
        dataDirectory: redis.folder,
        error: null,
        grants: [],
      },
    });
    expect(value(up, "up")).toBe(1);
    expect(value(up, "queries_per_second")).toBeNaN();
    expect(value(up, "disk_used_ratio")).toBeGreaterThan(0);
    const second = await read(watch, keyOf(redis));
    expect(value(second, "queries_per_second")).toBeGreaterThan(0);
    // What changes with every probe is not sent each time.
    expect(second?.attributes).toBe(up?.attributes);
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
    expect(children.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"))).toContainEqual(
      expect.stringContaining("internal-child\0databases"),
    );
    mkdirSync(join(redis.folder, "kept"));
    const { port, folder: data } = redis;
    process.kill(redis.pid, "SIGKILL");
    const why = "no process redis-server serves it any more";
    await patiently(async () => (await read(watch, keyOf(redis)))?.reason).toBe(why);
    const down = await read(watch, keyOf(redis));
    expect(down).toMatchObject({
      state: "down",
      reason: why,
      labels: { role: "standalone", version: "7" },
      attributes: { version: "7.0.15", pid: null },
    });
    expect(value(down, "up")).toBe(0);
    const again = await started({ port, args: ["--dir", data] });
    await patiently(async () => {
      await watch.list(Date.now(), signal(), { anew: true });
      return (await read(watch, keyOf(again)))?.state;
    }).toBe("up");
  });

  test("a renamed program on a usual port is asked what it speaks", async () => {
    const busy = await isTaken(6379);
    if (busy) return;
    const copy = join(folder(), "kvstore");
    copyFileSync(redisProgram ?? "", copy);
    chmodSync(dirname(copy), 0o755);
    chmodSync(copy, 0o755);
    await started({ program: copy, port: 6379 });
    const reading = await read(watching(hostWith("")), "redis:127.0.0.1:6379");
    expect(reading).toMatchObject({ state: "up", attributes: { process: "kvstore" } });
  });

  test("a password: statements to paste, then by the configuration; a wrong one is tried rarely", async () => {
    const redis = await started({ args: ["--requirepass", "right-word"], password: "right-word" });
    const bare = await read(watching(hostWith("")), keyOf(redis));
    expect(bare).toMatchObject({ state: "needs_credentials", attributes: { credentials: "missing" } });
    expect(bare?.attributes?.grants).toContainEqual(expect.stringContaining("ACL SETUSER fairlead"));
    expect(value(bare, "up")).toBeNaN();
    const entry = (password: string) =>
      `databases: [{name: cache, engine: redis, port: ${redis.port}, password: ${password}}]`;
    const right = await read(watching(hostWith(entry("right-word"))), keyOf(redis));
    expect(right).toMatchObject({
      state: "up",
      attributes: { name: "cache", source: "configuration", credentials: "configured" },
    });
    const watch = watching(hostWith(entry("wrong-word")));
    for (let i = 0; i < 3; i++) {
      expect(await read(watch, keyOf(redis))).toMatchObject({
        state: "needs_credentials",
        attributes: { credentials: "refused" },
      });
    }
    const failures = /total_error_replies:(\d+)/.exec(await redis.send("INFO", "stats"))?.[1];
    expect(Number(failures)).toBeLessThanOrEqual(4);
    expect(JSON.stringify([bare, right])).not.toContain("right-word");
  });

  test("one that hangs delays no other, and its next probe does not overlap", async () => {
    const redis = await started();
    let connections = 0;
    const deaf = createServer((socket) => {
      connections++;
      socket.on("error", () => undefined);
      onTestFinished(() => void socket.destroy());
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void deaf.close());
    await patiently(() => deaf.listening).toBe(true);
    const { port } = deaf.address() as { port: number };
    const yaml = `databases: [{engine: redis, port: ${port}, timeoutSeconds: 1}]\ndatabaseProbes: {timeoutSeconds: 2}`;
    const watch = watching(hostWith(yaml));
    const all = await watch.collect(Date.now(), signal());
    expect(all.find(({ key }) => key === keyOf({ port }))).toMatchObject({
      state: "timed_out",
      reason: `no answer from 127.0.0.1:${port} within 1000 ms`,
    });
    expect(all.find(({ key }) => key === keyOf(redis))?.state).toBe("up");
    // Of the driver, and to see whether it says anything.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test("a child that is killed is a state; the next turn goes on with a new one", async () => {
    const redis = await started();
    const watch = watching(hostWith(""), { program });
    expect(await read(watch, keyOf(redis))).toMatchObject({ state: "up" });
    process.kill(redis.pid, "SIGSTOP");
    const reading = read(watch, keyOf(redis));
    const child = databasesChild();
    process.kill(child, "SIGKILL");
    expect(await reading).toMatchObject({
      state: "error",
      reason: "the agent's process for databases failed: databases: ended with SIGKILL",
    });
    process.kill(redis.pid, "SIGCONT");
    expect(await read(watch, keyOf(redis))).toMatchObject({ state: "up" });
  });

  test("no password is in an argument, an environment, a reading or a file that others can read", async () => {
    const secret = "never-to-be-seen-7f3a";
    const redis = await started({ args: ["--requirepass", "another"], password: "another" });
    const state = folder();
    const yaml = `databases: [{engine: redis, port: ${redis.port}, password: ${secret}}]`;
    const watch = watching(hostWith(yaml, { stateDir: state }), { program });
    const reading = await read(watch, keyOf(redis));
    expect(reading?.state).toBe("needs_credentials");
    expect(JSON.stringify(reading)).not.toContain(secret);
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    for (const pid of pids) {
      for (const file of ["cmdline", "environ"]) {
        expect(readQuietly(`/proc/${pid}/${file}`), `${file} of ${pid}`).not.toContain(secret);
      }
    }
    for (const name of readdirSync(state)) expect(readFileSync(join(state, name), "utf8")).not.toContain(secret);
  });
});

test("a host without databases says so", async () => {
  const host = { ...hostWith(""), readDir: () => [], readHead: () => "" };
  const collector = databases.create(host);
  expect(await collector.collect(Date.now(), signal())).toEqual([]);
  await expect(async () => await collector.collect(Date.now(), signal())).rejects.toThrow("no database on this host");
});

const noEngine = noDockerd ?? noRedis;
describe.skipIf(noEngine !== undefined)(`databases in containers (${noEngine ?? "private dockerd"})`, () => {
  let engine: Dockerd;

  beforeAll(async () => {
    engine = await startDockerd();
    await imageWithRedis(engine, "cache-image:1");
  });
  afterAll(() => engine?.close());

  async function run(name: string, options: object, args: string[] = []): Promise<void> {
    const Cmd = ["/usr/bin/redis-server", "--save", "", "--dir", "/data", ...args];
    const made = await engine.docker.createContainer({ name, Image: "cache-image:1", Cmd, ...options });
    await made.start();
  }

  test("found once, by its published port, its bridge address or its socket; stable over re-creation", async () => {
    await engine.docker.createNetwork({ Name: "lan" });
    const published = await freePort();
    const open = ["--protected-mode", "no"];
    const ExposedPorts = { "6379/tcp": {} };
    const PortBindings = { "6379/tcp": [{ HostIp: "127.0.0.1", HostPort: String(published) }] };
    await run("cache", { ExposedPorts, HostConfig: { NetworkMode: "lan", PortBindings } }, open);
    await run("inner", { HostConfig: { NetworkMode: "lan" } }, open);
    await run("shut", { HostConfig: { NetworkMode: "none" } }, [
      "--bind",
      "127.0.0.1",
      "--unixsocket",
      "/data/redis.sock",
    ]);
    const watch = watching(hostWith("", { dockerSocket: engine.socket }));
    const state = (key: string) => async () => (await read(watch, key))?.state;
    const ours = /^redis:container\/(cache|inner|shut):6379$/;
    await patiently(async () => {
      const listed = await watch.list(Date.now(), signal(), { anew: true });
      return listed.map(({ target }) => target.key).filter((key) => ours.test(key)).length;
    }).toBe(3);
    const readings = await watch.collect(Date.now(), signal());
    const cache = readings.find(({ key }) => key === "redis:container/cache:6379");
    expect(cache).toMatchObject({
      state: "up",
      labels: { container: "cache", host: "127.0.0.1", port: String(published) },
      attributes: { container: "cache", containerId: expect.stringMatching(/^[0-9a-f]{64}$/), dataDirectory: "/data" },
    });
    expect(value(cache, "disk_used_ratio")).toBeGreaterThan(0);
    expect(readings.find(({ key }) => key === "redis:container/inner:6379")).toMatchObject({
      state: "up",
      labels: { host: expect.stringMatching(/^10\./) },
    });
    expect(readings.find(({ key }) => key === "redis:container/shut:6379")).toMatchObject({
      state: "up",
      attributes: { socket: expect.stringMatching(/^\/proc\/\d+\/root\/data\/redis\.sock$/) },
    });
    expect(readings.filter(({ labels }) => labels?.port === String(published))).toHaveLength(1);

    await engine.docker.getContainer("cache").stop({ t: 2 });
    await patiently(state("redis:container/cache:6379")).toBe("down");
    expect((await read(watch, "redis:container/cache:6379"))?.reason).toMatch(/^container cache is exited/);
    await engine.docker.getContainer("cache").remove({ force: true });
    await run("cache", { ExposedPorts, HostConfig: { NetworkMode: "lan", PortBindings } }, open);
    await patiently(async () => {
      await watch.list(Date.now(), signal(), { anew: true });
      return await state("redis:container/cache:6379")();
    }).toBe("up");
  });
});

/** An image of busybox, redis-server and the libraries that it needs. */
async function imageWithRedis(engine: Dockerd, name: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "fairlead-image-"));
  try {
    for (const made of ["usr/bin", "usr/lib", "data", "tmp", "etc", "proc", "dev", "sys"])
      mkdirSync(join(root, made), { recursive: true });
    copyFileSync(redisProgram ?? "", join(root, "usr/bin/redis-server"));
    for (const library of execFileSync("ldd", [redisProgram ?? ""], { encoding: "utf8" }).matchAll(/(\/\S+)/g)) {
      const path = library[1] ?? "";
      mkdirSync(join(root, dirname(path)), { recursive: true });
      if (!existsSync(join(root, path))) copyFileSync(path, join(root, path));
      if (!existsSync(join(root, "usr/lib", basename(path)))) symlinkSync(path, join(root, "usr/lib", basename(path)));
    }
    const tar = `${root}.tar`;
    execFileSync("tar", ["-C", root, "-cf", tar, "."]);
    const [repo, tag] = name.split(":");
    const stream = await engine.docker.importImage(tar, { repo, tag } as object);
    for await (const _ of stream) void _;
    rmSync(tar);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function databasesChild(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  const child = children.find((pid) => readQuietly(`/proc/${pid}/cmdline`).includes("internal-child\0databases"));
  if (child === undefined) throw new Error("no child");
  return child;
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once("error", () => resolve(true));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(false)));
  });
}

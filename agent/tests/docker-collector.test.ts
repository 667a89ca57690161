import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { metricIndex } from "@fairlead/shared/catalogue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NotHere, type Reading, type StateEvent } from "../src/collectors/collector.ts";
import { docker as collectorOfDocker } from "../src/collectors/docker.ts";
import { createHost } from "../src/host/host.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";

const patiently = <T>(look: () => T) => expect.poll(look, { interval: 100 });
const signal = () => AbortSignal.timeout(20_000);
const collectorAt = (dockerSocket: string) => collectorOfDocker.create({ ...createHost("/"), dockerSocket });
const value = (reading: Reading | undefined, metric: string) => reading?.values[metricIndex("container", metric)];

describe("without an engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-docker-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("a missing socket is no error", async () => {
    await expect(collectorAt(join(folder, "none")).collect(0, signal())).rejects.toThrow(NotHere);
  });

  test("a socket that nobody serves is one, with what to do", async () => {
    const socket = join(folder, "deaf");
    // Left behind by a program that was killed.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const { execFileSync } = await import("node:child_process");
    execFileSync("ln", [socket, join(folder, "left")]);
    await new Promise((resolve) => server.close(resolve));
    const failure = collectorAt(join(folder, "left")).collect(0, signal());
    await expect(failure).rejects.toThrow(/left does not answer \(ECONNREFUSED\): is dockerd running\?/);
    await expect(failure).rejects.not.toThrow(NotHere);
  });
});

describe.skipIf(noDockerd !== undefined)(`containers of a real engine (${noDockerd ?? "private dockerd"})`, () => {
  let engine: Dockerd;
  let imageId: string;
  const watching = new AbortController();

  beforeAll(async () => {
    engine = await startDockerd();
    imageId = await engine.image("box:7", ['CMD ["/bin/busybox", "sleep", "1000"]']);
  });

  afterAll(async () => {
    watching.abort();
    await engine?.close();
  });

  async function run(name: string, script: string, more: object = {}) {
    const Cmd = ["/bin/busybox", "sh", "-c", script];
    const made = await engine.docker.createContainer({ name, Image: "box:7", Cmd, ...more });
    await made.start();
    return made;
  }

  test("what a container is and uses, read from the kernel", async () => {
    await engine.docker.createNetwork({ Name: "lan" });
    const busy = await run("busy", "while :; do :; done", {
      Labels: { "com.docker.compose.project": "shop", "com.docker.compose.service": "api", "fairlead.tier": "1" },
      HostConfig: { NetworkMode: "lan", Memory: 64 << 20, Binds: ["keep:/data"], RestartPolicy: { Name: "always" } },
    });
    const off = await engine.docker.createContainer({ name: "off", Image: "box:7" });
    const collector = collectorAt(engine.socket);
    const first = await collector.collect(Date.now(), signal());
    expect(value(first[0], "cpu_cores")).toBeNaN();
    await patiently(async () => value(await busyIn(collector), "cpu_cores")).toBeGreaterThan(0.2);
    const readings = await collector.collect(Date.now(), signal());
    const reading = readings.find(({ key }) => key === "busy");
    expect(reading).toMatchObject({
      kind: "container",
      state: "running",
      labels: { image: "box:7", compose_project: "shop", compose_service: "api", "fairlead.tier": "1" },
      attributes: {
        id: busy.id,
        name: "busy",
        image: "box:7",
        imageId,
        tag: "7",
        mounts: ["keep:/data"],
        mountSources: [
          { source: expect.stringMatching(/^\//), destination: "/" },
          { source: expect.stringMatching(/^\/.*\/volumes\/keep\/_data$/), destination: "/data" },
        ],
        networks: ["lan"],
        restartPolicy: "always",
        composeProject: "shop",
        exitCode: null,
      },
    });
    expect(value(reading, "memory_used_bytes")).toBeGreaterThan(50_000);
    expect(value(reading, "memory_used_bytes")).toBeLessThan(64 << 20);
    expect(value(reading, "memory_limit_bytes")).toBe(64 << 20);
    expect(value(reading, "pids")).toBe(1);
    expect(value(reading, "running")).toBe(1);
    expect(value(reading, "healthy")).toBeNaN();
    expect(value(reading, "receive_bytes_per_second")).toBeGreaterThanOrEqual(0);
    expect(value(reading, "write_bytes_per_second")).toBeGreaterThanOrEqual(0);
    expect(value(reading, "uptime_seconds")).toBeGreaterThan(0);
    const stopped = readings.find(({ key }) => key === "off");
    expect(stopped).toMatchObject({ state: "created", attributes: { startedAt: null } });
    expect(value(stopped, "running")).toBe(0);
    expect(value(stopped, "cpu_cores")).toBeNaN();
    // Where the kernel's files can't be seen, the engine is asked.
    const host = createHost("/");
    const readText = (path: string) => (path.includes("cgroup") ? undefined : host.readText(path));
    const blind = collectorOfDocker.create({ ...host, readText, dockerSocket: engine.socket });
    await blind.collect(Date.now(), signal());
    await patiently(async () => value(await busyIn(blind), "cpu_cores")).toBeGreaterThan(0.2);
    expect(value(await busyIn(blind), "memory_used_bytes")).toBeGreaterThan(50_000);
    await Promise.all([busy.remove({ force: true }), off.remove({ force: true })]);
  });

  async function failureOf(collector: ReturnType<typeof collectorAt>): Promise<string> {
    try {
      await collector.collect(Date.now(), signal());
      return "";
    } catch (error) {
      return String(error);
    }
  }

  async function busyIn(collector: ReturnType<typeof collectorAt>) {
    return (await collector.collect(Date.now(), signal())).find(({ key }) => key === "busy");
  }

  test("tells of changes at once, asks the engine nothing in between, survives its restart", async () => {
    const collector = collectorAt(engine.socket);
    const seen: StateEvent[] = [];
    const told = (key: string) => seen.filter((e) => e.key === key).map(({ from, to, reason }) => [from, to, reason]);
    collector.watch?.((event) => seen.push(event), watching.signal);
    const state = async (key: string) =>
      (await collector.collect(Date.now(), signal())).find((r) => r.key === key)?.state;
    await run("first", "exec /bin/busybox sleep 1000");
    await patiently(() => state("first")).toBe("running");

    await run("short", "exit 3");
    await patiently(() => told("short").at(-1)).toEqual(["running", "exited", "exit code 3"]);
    await run("greedy", "exec /bin/busybox tail /dev/zero", { HostConfig: { Memory: 16 << 20, MemorySwap: 16 << 20 } });
    await patiently(() => told("greedy").at(-1)).toEqual(["running", "exited", "exit code 137, out of memory"]);
    const check = { Test: ["CMD", "/bin/busybox", "test", "-e", "/none"], Interval: 2e8, Retries: 1, Timeout: 2e9 };
    const sick = await run("sick", "exec /bin/busybox sleep 1000", { Healthcheck: check });
    await patiently(() => told("sick").at(-1)).toEqual(["running", "running", "unhealthy"]);
    const reading = (await collector.collect(Date.now(), signal())).find(({ key }) => key === "sick");
    expect([value(reading, "healthy"), reading?.labels?.health]).toEqual([0, "unhealthy"]);
    await sick.pause();
    await patiently(() => told("sick").at(-1)?.slice(0, 2)).toEqual(["running", "paused"]);
    await sick.unpause();
    await patiently(() => told("sick").at(-1)?.slice(0, 2)).toEqual(["paused", "running"]);
    await sick.rename({ name: "ill" });
    await patiently(() => told("sick").at(-1)).toEqual(["running", "gone", "renamed to ill"]);
    await sick.remove({ force: true });
    await patiently(() => told("ill").at(-1)?.[1]).toBe("gone");

    // A stopped engine would let any question hang.
    const pid = Number(readFileSync(join(dirname(engine.socket), "pid"), "utf8"));
    process.kill(pid, "SIGSTOP");
    try {
      expect(await collector.collect(Date.now(), AbortSignal.timeout(2_000))).toHaveLength(3);
    } finally {
      process.kill(pid, "SIGCONT");
    }

    await engine.halt("SIGKILL");
    await patiently(() => failureOf(collector)).toMatch(/docker\.sock/);
    await engine.start();
    await patiently(() => state("first").catch(() => "")).toBe("exited");
    await engine.docker.getContainer("first").start();
    await patiently(() => told("first").at(-1)?.slice(1)).toEqual(["running", "started"]);
  });
});

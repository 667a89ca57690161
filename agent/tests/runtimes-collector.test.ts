import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricIndex } from "@fairlead/shared/catalogue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docker as containersCollector } from "../src/collectors/docker.ts";
import { createRunner } from "../src/collectors/runner.ts";
import { createRuntimesCollector, runtimes as factory } from "../src/collectors/runtimes.ts";
import { createHost } from "../src/host/host.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";
import { noPodman, type Podman, startPodman } from "./podman.ts";

const missing = noDockerd ?? noPodman;
const patiently = <T>(look: () => T) => expect.poll(look, { interval: 100 });

test("without an engine there is nothing to tell", async () => {
  const root = mkdtempSync(join(tmpdir(), "fairlead-none-"));
  const runner = createRunner({ host: { ...createHost(), root }, factories: [factory] });
  try {
    expect(await runner.pass({ all: true })).toMatchObject({ health: [{ name: "runtimes", state: "absent" }] });
  } finally {
    runner.stop();
    rmSync(root, { recursive: true });
  }
});

describe.skipIf(missing !== undefined)(`what engines hold (${missing ?? "private engines"})`, () => {
  const root = mkdtempSync(join(tmpdir(), "fairlead-holdings-"));
  const host = { ...createHost(), root };
  const quick = { firstSizesMs: 0, sizesEveryMs: 500, soonMs: 200 };
  const runner = createRunner({
    host,
    factories: [containersCollector, { ...factory, create: (on) => createRuntimesCollector(on, quick) }],
  });
  let docker: Dockerd;
  let podman: Podman;
  let imageId = "";

  beforeAll(async () => {
    for (const name of ["run/podman", "var/run"]) mkdirSync(join(root, name), { recursive: true });
    const socket = join(root, "run/podman/podman.sock");
    [docker, podman] = await Promise.all([startDockerd(), startPodman({ socket })]);
    symlinkSync(docker.socket, join(root, "var/run/docker.sock"));
    imageId = await docker.image("box:1", ["VOLUME /anon"]);
    await docker.image("box:old", ["ENV A=1"]);
    await docker.image("box:lost", ["ENV A=2"]);
    await docker.docker.getImage("box:lost").tag({ repo: "box", tag: "moved" });
    await podman.image("box:1", []);
    await docker.docker.createNetwork({
      Name: "lan",
      IPAM: { Config: [{ Subnet: "10.251.9.0/24" }] },
      Labels: { "com.docker.compose.project": "shop" },
    });
    await docker.docker.createVolume({ Name: "idle", Labels: { "com.docker.compose.project": "shop" } });
    const web = await docker.docker.createContainer({
      name: "web",
      Image: "box:1",
      Cmd: ["/bin/busybox", "sh", "-c", "echo data >/data/x; exec /bin/busybox sleep 1000"],
      HostConfig: { NetworkMode: "lan", Binds: ["keep:/data"] },
    });
    await web.start();
    const theirs = await podman.docker.createContainer({
      name: "web",
      Image: "localhost/box:1",
      Cmd: ["/bin/busybox", "true"],
      HostConfig: { NetworkMode: "none", Binds: ["keep:/data"] },
    });
    expect(theirs.id).toMatch(/^[0-9a-f]{64}$/);
  }, 60_000);

  afterAll(async () => {
    runner.stop();
    await Promise.all([docker?.close(), podman?.close()]);
    rmSync(root, { recursive: true, force: true });
  });

  async function readings() {
    const { readings: all } = await runner.pass({ all: true });
    const of = (kind: string, key: string) => all.find((one) => one.kind === kind && one.key === key);
    const value = (kind: string, key: string, metric: string) => of(kind, key)?.values[metricIndex(kind, metric)];
    return { all, of, value };
  }

  test("images, volumes and networks of both, what is used, and how large it is", async () => {
    const { of, value, all } = await readings();
    expect(of("runtime", "docker")).toMatchObject({
      state: "up",
      labels: { runtime: "docker", type: "docker" },
      attributes: {
        api: "1.41",
        os: "linux",
        rootless: false,
        swarm: false,
        socket: join(root, "var/run/docker.sock"),
      },
    });
    expect(of("runtime", "podman")).toMatchObject({ state: "up", attributes: { type: "podman", engine: "4.3.1" } });
    expect([value("runtime", "docker", "containers"), value("runtime", "docker", "containers_running")]).toEqual([
      1, 1,
    ]);
    expect([value("runtime", "podman", "containers"), value("runtime", "podman", "containers_running")]).toEqual([
      1, 0,
    ]);
    expect(of("image", imageId)).toMatchObject({
      state: "used",
      labels: { runtime: "docker", tags: "box:1" },
      attributes: { tags: ["box:1"], containers: ["web"] },
    });
    expect(value("image", imageId, "size_bytes")).toBeGreaterThan(100_000);
    const images = all.filter(({ kind }) => kind === "image");
    expect(images.filter(({ key }) => key.startsWith("podman/sha256:")).map(({ state }) => state)).toEqual(["used"]);
    expect(images.find(({ labels }) => labels?.tags === "box:old")?.state).toBe("unused");
    expect(of("volume", "keep")).toMatchObject({
      state: "used",
      labels: { runtime: "docker", driver: "local" },
      attributes: { containers: ["web"], anonymous: false, mountpoint: expect.stringMatching(/^\/.*keep/) },
    });
    expect(of("volume", "podman/keep")).toMatchObject({ state: "used", labels: { runtime: "podman" } });
    expect(of("volume", "idle")).toMatchObject({ state: "unused", labels: { project: "shop" } });
    expect(all.filter(({ kind, attributes }) => kind === "volume" && attributes?.anonymous === true)).toHaveLength(1);
    expect(of("network", "lan")).toMatchObject({
      state: "used",
      labels: { driver: "bridge", project: "shop", runtime: "docker" },
      attributes: { subnets: ["10.251.9.0/24"], internal: false, builtin: false, containers: ["web"] },
    });
    expect(value("network", "lan", "containers")).toBe(1);
    expect(of("network", "host")).toMatchObject({ state: "used", attributes: { builtin: true } });
    // Sizes are measured beside the runs.
    await patiently(async () => (await readings()).value("volume", "keep", "size_bytes")).toBeGreaterThan(0);
    await patiently(async () => (await readings()).value("runtime", "podman", "images_bytes")).toBeGreaterThan(100_000);
    const sized = await readings();
    expect(sized.value("runtime", "docker", "images_bytes")).toBeGreaterThan(100_000);
    expect(sized.value("runtime", "docker", "images_unused_bytes")).toBeGreaterThanOrEqual(0);
    expect(sized.value("runtime", "docker", "volumes_unused_bytes")).toBe(0);
    expect(sized.value("runtime", "podman", "build_cache_bytes")).toBeNaN();
  });

  test("a new image is looked for soon; a runtime that goes is down, and what it held stays", async () => {
    runner.watch(() => {});
    await patiently(async () => (await runner.pass()).health.map(({ state }) => state)).toEqual(["ok", "ok"]);
    await podman.halt("SIGKILL");
    let changes: string[] = [];
    await patiently(async () => {
      const pass = await runner.pass({ all: true });
      changes = [...changes, ...pass.changes.map(({ kind, key, to }) => `${kind} ${key} ${to}`)];
      return changes;
    }).toContain("runtime podman down");
    expect(changes.filter((change) => change.endsWith(" gone"))).toEqual([]);
    expect((await readings()).of("runtime", "podman")?.reason).toMatch(/does not answer/);
    await podman.start();
    await patiently(async () => (await readings()).of("runtime", "podman")?.state).toBe("up");
    const removed = await docker.docker.getImage("box:old").inspect();
    await docker.docker.getImage("box:old").remove();
    await patiently(async () => {
      const pass = await runner.pass({ all: true });
      return pass.changes.map(({ kind, key, to }) => `${kind} ${key} ${to}`);
    }).toContain(`image ${removed.Id} gone`);
  });

  test("an event of an image has it looked at before its time", async () => {
    await patiently(async () => (await runner.pass()).health.map(({ state }) => state)).toEqual(["ok", "ok"]);
    await docker.image("box:new", ["ENV A=3"]);
    await patiently(async () => {
      const { readings: found } = await runner.pass();
      return found.filter(({ kind }) => kind === "image").map(({ labels }) => labels?.tags);
    }).toContain("box:new");
  });
});

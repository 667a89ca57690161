import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricIndex } from "@fairlead/shared/catalogue";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NotHere, Partly, type Reading, type StateEvent } from "../src/collectors/collector.ts";
import { docker as collectorOfContainers } from "../src/collectors/docker.ts";
import { createHost } from "../src/host/host.ts";
import { createRuntimes } from "../src/runtimes/index.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";
import { noPodman, type Podman, startPodman } from "./podman.ts";

const missing = noDockerd ?? noPodman;
const signal = () => AbortSignal.timeout(20_000);
const patiently = <T>(look: () => T) => expect.poll(look, { interval: 100 });
const folder = mkdtempSync(join(tmpdir(), "fairlead-runtimes-"));
const servers: Server[] = [];
let counter = 0;

/** The root of a host of its own, with these folders. */
function root(...folders: string[]): string {
  const made = join(folder, `root-${counter++}`);
  for (const name of ["run/podman", "var/run", ...folders]) mkdirSync(join(made, name), { recursive: true });
  return made;
}

type Fake = Record<string, unknown>;

/** What answers like an engine, with anything. */
async function fake(socket: string, answers: Record<string, unknown>): Promise<void> {
  const version: Fake = { Version: "4.3.1", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] };
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(/^\/v[\d.]+/, "").replace(/\?.*$/, "");
    const answer = path === "/version" ? version : answers[path];
    if (typeof answer === "function") (answer as (to: typeof response) => void)(response);
    else if (answer === undefined) response.writeHead(404).end("{}");
    else response.end(JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
}

const container = (id: string, name: string, more: Fake = {}): Fake => ({
  Id: id,
  Name: `/${name}`,
  Image: "sha256:x",
  State: { Status: "running", Running: true, Pid: 1 },
  Config: { Image: "app:1" },
  HostConfig: {},
  ...more,
});
const entry = (id: string, name: string): Fake => ({ Id: id, Names: [`/${name}`], State: "running", Status: "Up" });
const id = (digit: string) => digit.repeat(64);

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what is found", () => {
  const names = async (options: Parameters<typeof createRuntimes>[0]) =>
    (await createRuntimes({ env: {}, ...options }).candidates()).map(({ name, foreign }) =>
      foreign ? `(${name})` : name,
    );

  test("the system's sockets, Docker's first", async () => {
    const at = root();
    expect(await names({ root: at })).toEqual([]);
    await fake(join(at, "run/podman/podman.sock"), {});
    expect(await names({ root: at })).toEqual(["podman"]);
    await fake(join(at, "var/run/docker.sock"), {});
    expect(await names({ root: at })).toEqual(["docker", "podman"]);
  });

  test("a link from Docker's socket to Podman's is one runtime", async () => {
    const at = root();
    await fake(join(at, "run/podman/podman.sock"), {});
    symlinkSync(join(at, "run/podman/podman.sock"), join(at, "var/run/docker.sock"));
    expect(await names({ root: at })).toEqual(["podman"]);
  });

  test("DOCKER_HOST, and one that can't be used", async () => {
    const at = root();
    const socket = join(at, "other.sock");
    await fake(socket, {});
    expect(await names({ root: at, env: { DOCKER_HOST: `unix://${socket}` } })).toEqual(["docker"]);
    const runtimes = createRuntimes({ root: at, env: { DOCKER_HOST: "tcp://127.0.0.1:2375" } });
    await expect(runtimes.get("docker")).rejects.toThrow("only unix sockets");
    expect(runtimes.prefix("podman")).toBe("podman/");
  });

  test("what the configuration names, and nothing else", async () => {
    const at = root();
    await fake(join(at, "run/podman/podman.sock"), {});
    const configured = [
      { name: "ci", type: "podman" as const, socket: join(at, "run/podman/podman.sock") },
      { name: "gone", type: "docker" as const, socket: join(at, "gone.sock") },
    ];
    const runtimes = createRuntimes({ root: at, configured });
    expect((await runtimes.candidates()).map(({ name }) => name)).toEqual(["ci", "gone"]);
    expect((await runtimes.get("")).type).toBe("podman");
    await expect(runtimes.get("gone")).rejects.toThrow("does not exist");
    await expect(runtimes.get("docker")).rejects.toThrow(
      'no container runtime "docker" that the agent can reach: name one of ci, gone',
    );
  });

  test("the first stays the first, also after a restart", async () => {
    const at = root("state");
    const stateDir = join(at, "state");
    await fake(join(at, "run/podman/podman.sock"), {});
    expect(await names({ root: at, stateDir })).toEqual(["podman"]);
    await fake(join(at, "var/run/docker.sock"), {});
    const again = createRuntimes({ root: at, stateDir, env: {} });
    expect((await again.candidates()).map(({ name }) => name)).toEqual(["podman", "docker"]);
    expect([again.prefix("podman"), again.prefix("docker")]).toEqual(["", "docker/"]);
  });
});

describe.skipIf(process.getuid?.() !== 0)("sockets of users (needs root to give files away)", () => {
  const uid = 12_345;

  async function userSocket(at: string, answers: Record<string, unknown> = {}): Promise<string> {
    const socket = join(at, `run/user/${uid}/podman/podman.sock`);
    mkdirSync(join(at, `run/user/${uid}/podman`), { recursive: true });
    await fake(socket, answers);
    chownSync(join(at, `run/user/${uid}`), uid, uid);
    chownSync(socket, uid, uid);
    chmodSync(folder, 0o755);
    return socket;
  }

  test("are found where they are the user's own, and are never the first", async () => {
    const at = root();
    await userSocket(at);
    const runtimes = createRuntimes({ root: at, env: {} });
    expect(await runtimes.candidates()).toMatchObject([{ name: `podman-${uid}`, foreign: true }]);
    expect(await runtimes.all()).toEqual([]);
    await expect(runtimes.get("")).rejects.toThrow(`name one of podman-${uid}`);
    const theirs = await runtimes.get(`podman-${uid}`);
    expect(theirs).toMatchObject({ name: `podman-${uid}`, type: "podman" });
    // With it the paths that it tells would be read and written as the host's own.
    expect(theirs.socket).toBeUndefined();
    expect(await createRuntimes({ root: at, env: {}, uid: 999 }).candidates()).toEqual([]);
    expect(await createRuntimes({ root: at, env: {}, uid }).candidates()).toMatchObject([{ foreign: false }]);
  });

  test("of another owner, and links, are left out", async () => {
    const at = root();
    const socket = await userSocket(at);
    chownSync(socket, 0, 0);
    expect(await createRuntimes({ root: at, env: {} }).candidates()).toEqual([]);
    const other = root(`run/user/${uid}/podman`);
    symlinkSync(socket, join(other, `run/user/${uid}/podman/podman.sock`));
    expect(await createRuntimes({ root: other, env: {} }).candidates()).toEqual([]);
  });

  test("a link put in its place after the look leads nowhere else", async () => {
    const at = root();
    const socket = await userSocket(at, { "/containers/json": [entry(id("a"), "mine")] });
    await fake(join(at, "run/podman/podman.sock"), { "/containers/json": [entry(id("b"), "system")] });
    const runtimes = createRuntimes({ root: at, env: {} });
    const candidate = (await runtimes.candidates()).find(({ foreign }) => foreign);
    rmSync(socket);
    symlinkSync(join(at, "run/podman/podman.sock"), socket);
    const runtime = candidate && (await runtimes.open(candidate));
    const list = await runtime?.list(signal());
    expect(list?.map(({ name }) => name)).toEqual(["mine"]);
  });

  test("can't take a command or a key that is meant for others", async () => {
    const at = root();
    await fake(join(at, "run/podman/podman.sock"), {
      "/containers/json": [entry(id("b"), "db")],
      "/containers/db/json": container(id("b"), "db"),
      "/images/sha256:x/json": { Id: id("e"), Os: "linux", Architecture: "amd64" },
    });
    const names = ["web", "docker/web", "../x", ""];
    const answers: Record<string, unknown> = { "/images/sha256:x/json": { Id: id("e") } };
    answers["/containers/json"] = names.map((name, i) => entry(id(String(i)), name));
    for (const [i, name] of names.entries()) {
      const mounts = [{ Type: "bind", Source: "/etc", Destination: "/etc" }];
      answers[`/containers/${id(String(i))}/json`] = container(id(String(i)), name, { Mounts: mounts });
    }
    await userSocket(at, answers);
    const runtimes = createRuntimes({ root: at, env: {} });
    for (const name of ["web", id("0"), id("0").slice(0, 12)]) {
      await expect(runtimes.resolve(name, signal())).rejects.toMatchObject({ code: "not_found" });
    }
    expect(await runtimes.resolve(`podman-${uid}/${id("0")}`, signal())).toMatchObject({ key: `podman-${uid}/web` });
    const collector = collectorOfContainers.create({ ...createHost(), root: at });
    const readings = await collector.collect(Date.now(), signal());
    const theirs = readings.filter(({ labels }) => labels?.runtime === `podman-${uid}`);
    expect(theirs.map(({ key }) => key)).toEqual([`podman-${uid}/web`]);
    expect(theirs[0]?.attributes?.mountSources).toEqual([]);
    expect(theirs[0]?.values[metricIndex("container", "memory_used_bytes")]).toBeNaN();
  });

  test("an answer without end is cut off", async () => {
    const at = root();
    const endless = (response: { write(text: string): boolean; once(name: string, go: () => void): void }) => {
      const go = () => {
        while (response.write("x".repeat(1 << 16)));
        response.once("drain", go);
      };
      go();
    };
    await userSocket(at, { "/containers/x/json": endless, "/info": endless });
    const runtime = await createRuntimes({ root: at, env: {} }).get(`podman-${uid}`);
    await expect(runtime.describe("x", signal())).rejects.toThrow("over 8388608 bytes");
    await expect(runtime.info(signal())).rejects.toThrow("over 8388608 bytes");
  });
});

describe.skipIf(missing !== undefined)(`Docker and Podman side by side (${missing ?? "private engines"})`, () => {
  const at = root();
  const watching = new AbortController();
  const sockets = { docker: join(at, "var/run/docker.sock"), podman: join(at, "run/podman/podman.sock") };
  const host = { ...createHost(), root: at };
  const seen: StateEvent[] = [];
  let docker: Dockerd;
  let podman: Podman;

  beforeAll(async () => {
    [docker, podman] = await Promise.all([startDockerd(), startPodman({ socket: sockets.podman })]);
    await Promise.all([docker.image("box:1", []), podman.image("box:1", [])]);
  }, 60_000);

  afterAll(async () => {
    watching.abort();
    await Promise.all([docker?.close(), podman?.close()]);
  });

  const sleeping = (image: string, name: string) => ({
    name,
    Image: image,
    Cmd: ["/bin/busybox", "sh", "-c", "trap 'exit 4' TERM; while :; do /bin/busybox sleep 0.05; done"],
    HostConfig: { NetworkMode: "none" },
  });

  async function run(engine: Pick<Podman, "docker">, image: string, name: string) {
    const made = await engine.docker.createContainer(sleeping(image, name));
    await made.start();
    return made;
  }

  async function readings(): Promise<{ keys: Record<string, string | undefined>; failure: string; kept: string[] }> {
    let failure: unknown;
    let found: Reading[] = [];
    try {
      found = await collector.collect(Date.now(), signal());
    } catch (error) {
      failure = error;
      if (error instanceof Partly) found = error.readings;
    }
    const keys = Object.fromEntries(found.map(({ key, state }) => [key, state]));
    const keeps = failure instanceof Partly ? failure.keeps : undefined;
    const kept = ["web", "podman/web"].filter((key) => keeps?.("container", key));
    return { keys, failure: failure instanceof Error ? failure.message : "", kept };
  }

  const collector = collectorOfContainers.create(host);

  test("the same name on both, each its own resource; one that dies hides no other", async () => {
    rmSync(sockets.podman, { force: true });
    await podman.halt();
    await expect(collector.collect(Date.now(), signal())).rejects.toThrow(NotHere);
    symlinkSync(docker.socket, sockets.docker);
    collector.watch?.((event) => seen.push(event), watching.signal);
    await run(docker, "box:1", "web");
    await patiently(async () => (await readings()).keys).toEqual({ web: "running" });

    // One that appears while the agent runs.
    await podman.start();
    const other = await run(podman, "localhost/box:1", "web");
    await patiently(async () => (await readings()).keys).toEqual({ web: "running", "podman/web": "running" });
    const found = await collector.collect(Date.now(), signal());
    const theirs = found.find(({ key }) => key === "podman/web");
    expect(theirs).toMatchObject({
      labels: { runtime: "podman", image: "localhost/box:1" },
      attributes: { name: "web", runtime: "podman", id: other.id },
    });
    expect(theirs?.values[metricIndex("container", "pids")]).toBeGreaterThan(0);
    expect(found.find(({ key }) => key === "web")?.labels?.runtime).toBe("docker");

    // Its events are told, in its own keys.
    await patiently(async () => {
      await other.pause();
      await other.unpause();
      return seen.map(({ key }) => key);
    }).toContain("podman/web");
    await other.stop({ t: 5 });
    const told = () => seen.filter(({ key }) => key === "podman/web").map(({ to, reason }) => [to, reason]);
    await patiently(() => told().at(-1)).toEqual(["exited", "exit code 4"]);
    await other.start();
    await patiently(() => told().at(-1)).toEqual(["running", "started"]);
    await other.rename({ name: "api" });
    await patiently(() => told().at(-1)).toEqual(["gone", "renamed to api"]);
    await other.rename({ name: "web" });

    // Killed: Docker's go on, Podman's are kept; then the other way round.
    await podman.halt("SIGKILL");
    await patiently(readings).toMatchObject({ keys: { web: "running" }, kept: ["podman/web"] });
    expect((await readings()).failure).toMatch(/Podman service at .*podman\.sock does not answer/);
    await podman.start();
    await patiently(async () => (await readings()).keys).toEqual({ web: "running", "podman/web": "running" });
    await docker.halt("SIGKILL");
    await patiently(readings).toMatchObject({ keys: { "podman/web": "running" }, kept: ["web"] });
    await docker.start();
    await patiently(async () => (await readings()).keys).toMatchObject({ web: "exited", "podman/web": "running" });
    await docker.docker.getContainer("web").start();
  });

  test("the health of Podman's containers", async () => {
    const check = { Test: ["CMD", "/bin/busybox", "test", "-e", "/none"], Interval: 3_600e9, Retries: 1, Timeout: 2e9 };
    const sick = await podman.docker.createContainer({ ...sleeping("localhost/box:1", "sick"), Healthcheck: check });
    await sick.start();
    const state = async () => {
      const found = await collector.collect(Date.now(), signal());
      return found.find(({ key }) => key === "podman/sick")?.labels?.health;
    };
    await patiently(state).toBe("starting");
    // Its checks are run by systemd, which is not here.
    await patiently(async () => {
      try {
        podman.cli("healthcheck", "run", "sick");
      } catch {
        // It fails, as it should.
      }
      return await state();
    }).toBe("unhealthy");
    await sick.remove({ force: true });
  });

  test("a container is found by name, id, and runtime", async () => {
    const runtimes = createRuntimes({ root: at, env: {} });
    const theirs = await podman.docker.getContainer("web").inspect();
    const only = await podman.docker.createContainer(sleeping("localhost/box:1", "only"));
    expect(await runtimes.resolve("web", signal())).toMatchObject({ runtime: { name: "docker" }, key: "web" });
    expect(await runtimes.resolve("podman/web", signal())).toMatchObject({ id: theirs.Id, key: "podman/web" });
    for (const name of [theirs.Id, theirs.Id.slice(0, 12)]) {
      expect(await runtimes.resolve(name, signal())).toMatchObject({ key: "podman/web", name: "web" });
    }
    await expect(runtimes.resolve("only", signal())).rejects.toThrow("name it podman/only");
    await expect(runtimes.resolve("none", signal())).rejects.toMatchObject({ code: "not_found" });
    await expect(runtimes.resolve(id("f"), signal())).rejects.toMatchObject({ code: "not_found" });
    await expect(runtimes.resolve("nobody/web", signal())).rejects.toMatchObject({ code: "absent" });
    expect((await runtimes.all()).map(({ name }) => name)).toEqual(["docker", "podman"]);
    await only.remove();
  });
});

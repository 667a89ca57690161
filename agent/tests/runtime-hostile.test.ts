import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { Partly, type Reading } from "../src/collectors/collector.ts";
import { docker as containers } from "../src/collectors/docker.ts";
import { createHost } from "../src/host/host.ts";
import { createRuntimes, type Runtimes } from "../src/runtimes/index.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-hostile-"));
const servers: { server: Server; sockets: Set<Socket> }[] = [];
const id = "c".repeat(64);
let counter = 0;

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The root of a host of its own. */
function root(): string {
  const made = join(folder, String(counter++));
  for (const name of ["run/podman", "var/run"]) mkdirSync(join(made, name), { recursive: true });
  return made;
}

async function listen(server: Server, path: string): Promise<void> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

const http = (path: string, answer: RequestListener) => listen(createHttpServer(answer), path);

/** A Podman service with one container. */
async function good(path: string, name = "good"): Promise<void> {
  const one = { Id: id, Names: [`/${name}`], State: "running", Status: "running", Image: "app:1", ImageID: "i" };
  const answers: Record<string, unknown> = {
    "/containers/json": [one],
    [`/containers/${id}/json`]: {
      ...{ Id: id, Name: `/${name}`, Image: "i", State: { Status: "running", Running: true, Pid: 0 } },
      ...{ Config: { Image: "app:1" }, HostConfig: {} },
    },
    "/images/i/json": { Id: "i" },
  };
  await http(path, (request, response) => {
    const asked = (request.url ?? "").replace(/^\/v[\d.]+/, "").replace(/\?.*$/, "");
    const versions = { "Libpod-API-Version": "4.3.1", "Api-Version": "1.41" };
    if (asked === "/_ping") response.writeHead(200, versions).end("OK");
    // A stream of events that stays open.
    else if (asked === "/events") response.writeHead(200).flushHeaders();
    else response.writeHead(asked in answers ? 200 : 404).end(JSON.stringify(answers[asked] ?? { message: "no" }));
  });
}

/** What a pass of the collector finds, and what it says of the rest. */
async function pass(at: string, env: NodeJS.ProcessEnv = {}): Promise<{ keys: string[]; said: string }> {
  const saved = process.env.DOCKER_HOST;
  if (env.DOCKER_HOST !== undefined) process.env.DOCKER_HOST = env.DOCKER_HOST;
  try {
    const collector = containers.create({ ...createHost(), root: at });
    let said = "";
    let readings: Reading[] = [];
    try {
      readings = await collector.collect(Date.now(), AbortSignal.timeout(20_000));
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
      if (error instanceof Partly) readings = error.readings;
    }
    return { keys: readings.filter(({ kind }) => kind === "container").map(({ key }) => key), said };
  } finally {
    if (saved === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = saved;
  }
}

type Docker = (path: string) => void | Promise<void>;

describe("what is wrong at Docker's socket is named, and Podman's containers are told all the same", () => {
  const html: RequestListener = (_, response) => response.writeHead(200).end("<html><h1>It works!</h1></html>");
  const cases: [what: string, docker: Docker, said: RegExp][] = [
    ["a file", (path) => writeFileSync(path, ""), /docker\.sock is no socket: set docker\.socket/],
    ["a folder", (path) => void mkdirSync(path), /docker\.sock is no socket: set docker\.socket/],
    ["HTML", (path) => http(path, html), /ask for its version: the answer is no version: is that a container engine's/],
    [
      "HTML as an error",
      (path) => http(path, (_, to) => to.writeHead(502).end("<html>")),
      /ask for its version: HTTP 502/,
    ],
    [
      "no HTTP",
      (path) =>
        listen(
          createServer((to) => to.end("hello\n")),
          path,
        ),
      /docker\.sock does not answer/,
    ],
    [
      "one that hangs up",
      (path) =>
        listen(
          createServer((to) => to.destroy()),
          path,
        ),
      /docker\.sock does not answer/,
    ],
    [
      "an engine of another age",
      (path) => http(path, (_, to) => to.end(JSON.stringify({ Version: "1", ApiVersion: "1.10" }))),
      /speaks API \? to 1\.10, this agent 1\.24 to/,
    ],
    [
      "versions that are none",
      (path) => http(path, (_, to) => to.end(JSON.stringify({ Version: { a: 1 }, ApiVersion: ["x"] }))),
      /the answer is no version/,
    ],
  ];

  test.for(cases)("%s", async ([, docker, said]) => {
    const at = root();
    await good(join(at, "run/podman/podman.sock"));
    await docker(join(at, "var/run/docker.sock"));
    const found = await pass(at);
    expect(found.said).toMatch(said);
    expect(found.said).not.toContain("\n");
    expect(found.keys).toEqual(["podman/good"]);
  });

  test("a socket that a dead engine left behind", async () => {
    const at = root();
    await good(join(at, "run/podman/podman.sock"));
    const path = join(at, "var/run/docker.sock");
    // A server that is closed removes its file; one that was killed leaves it: an address in use by nobody.
    const { execFileSync } = await import("node:child_process");
    const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
    expect(() => execFileSync(process.execPath, ["-e", script], { stdio: "ignore" })).toThrow();
    expect(await pass(at)).toEqual({
      keys: ["podman/good"],
      said: expect.stringMatching(/docker\.sock does not answer \(ECONNREFUSED\): is dockerd running\?$/),
    });
  });

  test.for(["tcp://127.0.0.1:2375", "ssh://root@host", "npipe:////./pipe/docker_engine", "fd://", "docker.sock"])(
    "DOCKER_HOST=%s",
    async (asked) => {
      const at = root();
      await good(join(at, "run/podman/podman.sock"));
      const { keys, said } = await pass(at, { DOCKER_HOST: asked });
      expect(said).toBe(`DOCKER_HOST is ${JSON.stringify(asked)}: only unix sockets are supported`);
      // What can't be used is not the first.
      expect(keys).toEqual(["good"]);
      expect(createRuntimes({ root: at, env: { DOCKER_HOST: asked } }).places).toBe(
        `${asked}, /run/podman/podman.sock`,
      );
    },
  );
});

test("one that takes connections and never answers is waited for once, then doubted", { timeout: 60_000 }, async () => {
  const at = root();
  await good(join(at, "run/podman/podman.sock"));
  let asked = 0;
  await listen(
    createServer(() => asked++),
    join(at, "var/run/docker.sock"),
  );
  const runtimes = createRuntimes({ root: at, env: {} });
  const [docker, podman] = await runtimes.candidates();
  if (docker === undefined || podman === undefined) throw new Error("both are there");
  const silent = runtimes.open(docker).then(
    () => "answers",
    (error: Error) => error.message,
  );
  // Meanwhile the other one is opened and asked.
  expect((await runtimes.get("podman")).name).toBe("podman");
  expect(await silent).toMatch(/docker\.sock did not answer in time: ask for its version/);
  const before = asked;
  await expect(runtimes.open(docker)).rejects.toThrow("did not answer in time");
  expect((await runtimes.all()).map(({ name }) => name)).toEqual(["podman"]);
  expect(asked).toBe(before);
});

describe.skipIf(process.getuid?.() !== 0)("many users (needs root to give files away)", () => {
  async function user(at: string, uid: number): Promise<void> {
    const own = join(at, `run/user/${uid}`);
    mkdirSync(join(own, "podman"), { recursive: true });
    await good(join(own, "podman/podman.sock"), `of-${uid}`);
    for (const path of [own, join(own, "podman/podman.sock")]) chownSync(path, uid, uid);
    chmodSync(folder, 0o755);
  }
  const names = async (runtimes: Runtimes) => (await runtimes.candidates()).map(({ name }) => name);

  test("a hundred that have none hide nobody, a hundred that have one cost no more than fifty", async () => {
    const at = root();
    for (let uid = 2_000; uid < 2_100; uid++) mkdirSync(join(at, `run/user/${uid}`), { recursive: true });
    await user(at, 3_000);
    await good(join(at, "run/podman/podman.sock"));
    expect(await names(createRuntimes({ root: at, env: {} }))).toEqual(["podman", "podman-3000"]);
    for (let uid = 2_000; uid < 2_100; uid++) await user(at, uid);
    const found = await names(createRuntimes({ root: at, env: {} }));
    expect(found).toHaveLength(51);
    expect(found.slice(0, 2)).toEqual(["podman", "podman-2000"]);
    const { keys, said } = await pass(at);
    expect([keys.length, said]).toEqual([51, ""]);
    expect(keys).toContain("podman-2049/of-2049");
  });
});

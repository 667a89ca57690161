import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";

const main = join(import.meta.dirname, "../src/main.ts");
const loop = "while :; do /bin/busybox sleep 0.05; done";
const forever = `CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; echo begins; ${loop}"]`;
const soon = { interval: 50, timeout: 30_000 };

describe.skipIf(noDockerd !== undefined)(
  `an engine that goes while a terminal waits (${noDockerd ?? "dockerd"})`,
  () => {
    const stateDir = mkdtempSync(join(tmpdir(), "fairlead-cli-engine-"));
    const started = new Set<ReturnType<typeof spawn>>();
    let engine: Dockerd;
    let registry: Registry;
    let app = "";

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      app = `${registry.address}/app`;
      for (const tag of ["1", "2"]) {
        await engine.image("made:x", [forever, `ENV RELEASE=${tag}`]);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      for await (const _ of await engine.docker.pull(`${app}:1`));
    }, 60_000);

    afterEach(async () => {
      for (const child of started) child.kill("SIGKILL");
      await engine.docker.ping().catch(() => engine.start());
    });

    afterAll(async () => {
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(stateDir, { recursive: true, force: true });
    });

    async function make(name: string) {
      const made = await engine.docker.createContainer({
        name,
        Image: `${app}:1`,
        HostConfig: { NetworkMode: "none" },
      });
      await made.start();
    }

    function cli(...args: string[]) {
      const env = {
        PATH: process.env.PATH,
        FAIRLEAD_AGENT_CONFIG: "/dev/null",
        FAIRLEAD_AGENT_DOCKER_SOCKET: engine.socket,
        FAIRLEAD_AGENT_STATE_DIR: stateDir,
      };
      const child = spawn(process.execPath, [main, "containers", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
      started.add(child);
      const said = { out: "", err: "" };
      child.stdout.on("data", (chunk) => {
        said.out += chunk;
      });
      child.stderr.on("data", (chunk) => {
        said.err += chunk;
      });
      const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
        child.once("close", (code) => resolve({ code, err: said.err }));
      });
      return { child, said, ended };
    }

    const one =
      /^fairlead-agent: (the Docker engine at \S+ does not answer \(\w+\): is dockerd running\?|the container runtime docker of this host is away, none of \S+, \S+ is there: start it)(; nothing was changed)?\n$/;

    test.for(["SIGTERM", "SIGKILL"] as const)("logs -f: one line and exit code 1 (%s)", async (signal) => {
      const name = `log-${signal.toLowerCase()}`;
      await make(name);
      const { said, ended } = cli("logs", "-f", name);
      await expect.poll(() => said.out, soon).toContain("begins");
      await engine.halt(signal);
      const { code, err } = await ended;
      expect([code, err]).toEqual([1, expect.stringMatching(one)]);
    });

    test("update: it waits for the engine, then finishes or undoes what it began", async () => {
      await make("shop");
      const { child, said, ended } = cli("update", "shop", `${app}:2`, "--yes", "--stable", "20s");
      await expect.poll(() => said.out + said.err, soon).toMatch(/ gate /);
      await engine.halt("SIGKILL");
      await engine.start();
      const { code, err } = await ended;
      expect([code, child.signalCode]).toEqual([1, null]);
      expect(err).toMatch(/^fairlead-agent: [^\n]+\n$/);
      const all = await engine.docker.listContainers({ all: true });
      const mine = all.filter(({ Names }) => Names.some((name) => name.startsWith("/shop")));
      expect(mine.map(({ Names, State }) => `${Names[0]} ${State}`)).toEqual(["/shop running"]);
    });

    test("update: an engine that is away before it begins is one line", async () => {
      await make("away");
      await engine.halt();
      const { code, err } = await cli("update", "away", `${app}:2`, "--yes").ended;
      expect([code, err]).toEqual([1, expect.stringMatching(one)]);
    });
  },
);

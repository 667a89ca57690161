import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownContainerId } from "../src/runtimes/own-container.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { type Ended, endedOf, left, pulled, stage, waits } from "./update-stage.ts";

const id = "3b3a1e5a0a9b4c6c8c5b2a5d0f6e7d8c9b0a1f2e3d4c5b6a79880f1e2d3c4b5a";

test.for([
  ["cgroup v1", "4:memory:/docker/ID\n", "", id],
  ["systemd's driver", "0::/system.slice/docker-ID.scope\n", "", id],
  [
    "a cgroup namespace",
    "0::/\n",
    "9 8 254:0 /var/lib/docker/containers/ID/hostname /etc/hostname rw - ext4 /dev/x rw\n",
    id,
  ],
  [
    "podman",
    "0::/\n",
    "9 8 0:30 /containers/overlay-containers/ID/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw\n",
    id,
  ],
  [
    "a host with containers",
    "0::/system.slice/x.service\n",
    "9 8 0:7 / /var/lib/docker/containers/ID/mounts/shm rw - tmpfs shm rw\n",
    undefined,
  ],
  ["no container", "0::/\n", "9 8 254:0 / / rw - ext4 /dev/x rw\n", undefined],
] as const)("own container in %s", ([, cgroup, mountinfo, expected]) => {
  const read = (path: string) => (path.endsWith("cgroup") ? cgroup : mountinfo).replaceAll("ID", id);
  expect(ownContainerId(read)).toBe(expected);
});

const libraries = ["/usr", "/lib", "/lib64"].filter((path) => existsSync(path));
const repository = resolve(import.meta.dirname, "../..");

describe.skipIf(noDockerd !== undefined)(
  `an agent that replaces its own container${noDockerd ? `: ${noDockerd}` : ""}`,
  { timeout: 120_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-own-"));
    let engine: Dockerd;
    let registry: Registry;
    let app = "";

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      app = `${registry.address}/agent`;
      for (const tag of ["1", "2", "deaf", "bad"]) {
        const broken = tag === "bad" ? ["ENV NODE_OPTIONS=--no-such-option"] : [];
        await engine.image("made:x", [`ENV RELEASE=${tag}`, ...broken]);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      await pulled(engine, `${app}:1`);
    }, 60_000);

    afterAll(async () => {
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    const main = join(import.meta.dirname, "own-agent.ts");

    async function agent(name: string) {
      const stateDir = join(folder, name);
      mkdirSync(stateDir);
      const program = [...new Set([repository, dirname(process.execPath)])].filter((path) => !path.startsWith("/usr/"));
      const Binds = [...libraries, ...program].map((path) => `${path}:${path}:ro`);
      Binds.push(`${stateDir}:${stateDir}`, `${dirname(engine.socket)}:${dirname(engine.socket)}`);
      const made = await engine.docker.createContainer({
        name,
        Image: `${app}:1`,
        Cmd: [process.execPath, main, stateDir, engine.socket],
        HostConfig: { NetworkMode: "none", Binds, RestartPolicy: { Name: "always" } },
      });
      await made.start();
      return { stateDir, id: made.id };
    }

    async function update(name: string, stateDir: string, tag: string, more: object = {}): Promise<Ended> {
      const command = randomUUID();
      const containerUpdate = { container: name, image: `${app}:${tag}`, stableSeconds: 1, ...more };
      writeFileSync(join(stateDir, "wanted.json"), JSON.stringify({ id: command, deadlineUnixMs: 0, containerUpdate }));
      const results = () => {
        const text = existsSync(join(stateDir, "results")) ? readFileSync(join(stateDir, "results"), "utf8") : "";
        return text.split("\n").filter((line) => line.includes(command));
      };
      await expect.poll(results, { timeout: 100_000, interval: 200 }).toHaveLength(1);
      return endedOf(JSON.parse(results()[0] ?? "{}"));
    }

    const inspect = (name: string) => engine.docker.getContainer(name).inspect();

    test("a helper swaps it, and the new agent tells of it", async () => {
      const { stateDir, id } = await agent("self");
      const plan = await update("self", stateDir, "2", { dryRun: true });
      expect(plan.output.plan).toMatchObject({ ownContainer: "swapped by a helper container" });
      const ended = await update("self", stateDir, "2");
      expect(ended).toMatchObject({ status: "SUCCEEDED", reason: "", output: { oldId: id, changed: true } });
      await expect.poll(() => left(engine, "self")).toEqual(["self running"]);
      const made = await inspect("self");
      expect(made.Id).toBe(ended.output.newId);
      expect(made.Config.Env).toContain("RELEASE=2");
      expect(made.HostConfig.RestartPolicy?.Name).toBe("always");
      expect(existsSync(join(stateDir, "swaps", `${ended.id}.json`))).toBe(false);
      await engine.docker.getContainer("self").remove({ force: true });
    });

    test("a helper that is killed in its middle is started again and finishes or undoes it", async () => {
      const { stateDir } = await agent("mauled");
      writeFileSync(join(stateDir, "helper-dies"), "1200");
      const ended = await update("mauled", stateDir, "2");
      expect(ended.status).toMatch(/^(SUCCEEDED|ROLLED_BACK)$/);
      expect(existsSync(join(stateDir, "helper-dies"))).toBe(false);
      await expect.poll(() => left(engine, "mauled")).toEqual(["mauled running"]);
      expect((await inspect("mauled")).Config.Env).toContain(`RELEASE=${ended.status === "SUCCEEDED" ? 2 : 1}`);
      await engine.docker.getContainer("mauled").remove({ force: true });
    });

    test.for(["stop", "gate"])("the engine dies in the helper's step %s and comes back", async (step) => {
      const name = `engine-${step}`;
      const { stateDir } = await agent(name);
      const swaps = join(stateDir, "swaps");
      const reached = () =>
        existsSync(swaps) &&
        readdirSync(swaps).some((file) => {
          return file.endsWith(".json") && readFileSync(join(swaps, file), "utf8").includes(`"step":"${step}"`);
        });
      const ended = update(name, stateDir, "2");
      await expect.poll(reached, { timeout: 60_000, interval: 20 }).toBe(true);
      await engine.halt("SIGKILL");
      await engine.start();
      const { status } = await ended;
      expect(status).toMatch(/^(SUCCEEDED|ROLLED_BACK)$/);
      await expect.poll(() => left(engine, name)).toEqual([`${name} running`]);
      expect((await inspect(name)).Config.Env).toContain(`RELEASE=${status === "SUCCEEDED" ? 2 : 1}`);
      expect((await inspect(name)).HostConfig.RestartPolicy?.Name).toBe("always");
      await engine.docker.getContainer(name).remove({ force: true });
    });

    test("an image whose agent does not start: the old one's helper puts everything back", async () => {
      const { stateDir, id } = await agent("broken");
      const ended = await update("broken", stateDir, "bad");
      expect(ended).toMatchObject({ status: "ROLLED_BACK", reason: expect.stringMatching(/new container/) });
      await expect.poll(() => left(engine, "broken")).toEqual(["broken running"]);
      expect((await inspect("broken")).Id).toBe(id);
      await engine.docker.getContainer("broken").remove({ force: true });
    });

    test("an agent that runs but does not take over is none: everything is put back", async () => {
      const { stateDir, id } = await agent("deaf");
      const ended = await update("deaf", stateDir, "deaf", { healthTimeoutSeconds: 3 });
      expect(ended).toMatchObject({
        status: "ROLLED_BACK",
        reason: "the agent in the new container did not come up within 3 s",
      });
      await expect.poll(() => left(engine, "deaf")).toEqual(["deaf running"]);
      expect((await inspect("deaf")).Id).toBe(id);
    });

    test("refused where the new agent would know nothing, or nobody could swap", async () => {
      const sockets = dirname(engine.socket);
      const stateDir = mkdtempSync(join(folder, "state-"));
      for (const [name, Binds, reason] of [
        ["forgets", [`${sockets}:${sockets}`], /its state folder .* is in no volume/],
        ["distant", [`${stateDir}:${stateDir}`], /the engine's socket .* is not mounted from the host/],
      ] as const) {
        const settings = { name, Image: `${app}:1`, HostConfig: { NetworkMode: "none", Binds: [...Binds] } };
        const made = await engine.docker.createContainer({ ...settings, Cmd: waits });
        const { run, executor } = await stage(engine, stateDir, made.id);
        const containerUpdate = { container: name, image: `${app}:2`, forceReason: "please" };
        const ended = await run({ containerUpdate });
        expect(ended).toMatchObject({
          status: "FAILED",
          output: { guards: [{ code: "own_container", forcible: false }] },
        });
        expect(ended.reason).toMatch(reason);
        await executor.stop();
      }
    });
  },
);

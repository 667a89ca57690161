import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStatus } from "../../../agent/src/control.ts";
import { type Dockerd, noDockerd, type Registry, startDockerd, startRegistry } from "../../../agent/tests/dockerd.ts";
import { left, pulled } from "../../../agent/tests/update-stage.ts";
import { buildAgent } from "../../../scripts/build-agent.ts";
import { agentLayer, brokenLayer, putImage } from "./agent-image.ts";
import { compareChanges, compareSamples, reportTimes } from "./compare.ts";
import { settle } from "./settle.ts";
import { until } from "./until.ts";
import { Witness } from "./witness.ts";
import { World } from "./world.ts";

const name = "fairlead-agent";
const ended = ["succeeded", "failed", "rolled_back", "cancelled", "expired"];

describe.skipIf(noDockerd !== undefined)(
  `the built agent in a container (${noDockerd ?? "dockerd, registry, server"})`,
  { timeout: 120_000 },
  () => {
    let engine: Dockerd;
    let registry: Registry;
    let world: World;
    let witness: Witness;
    let app = "";
    let stateDir = "";
    let serverId = "";

    beforeAll(async () => {
      const arch = process.arch === "arm64" ? "arm64" : "x64";
      const { [arch]: executable = "" } = await buildAgent([arch]);
      [engine, registry, world] = await Promise.all([startDockerd(), startRegistry(), World.start()]);
      const agent = agentLayer(executable, world.folder);
      const broken = [agent, brokenLayer(world.folder)];
      for (const [tag, layers] of [
        ["1", [agent]],
        ["2", [agent]],
        ["bad", broken],
      ] as const) {
        await putImage(registry.address, "agent", tag, layers, { Labels: { version: tag } });
      }
      app = `${registry.address}/agent`;
      await pulled(engine, `${app}:1`);
      stateDir = join(world.folder, "agent");
      mkdirSync(stateDir, { mode: 0o700 });
      serverId = await enrol();
      witness = new Witness(stateDir);
      await world.api("PATCH", `infrastructure/servers/${serverId}`, { intervalSeconds: 1 });
      await start();
    }, 240_000);

    afterAll(async () => {
      witness?.close();
      await Promise.all([engine?.close(), registry?.close()]);
      await world?.close();
    }, 60_000);

    /** Those of docs/agent-container.md, with a folder in place of the volume; what names the host is not mounted. */
    const settings = (more: object, Env: string[] = []) => ({
      Image: `${app}:1`,
      Env,
      ...more,
      HostConfig: {
        NetworkMode: "host",
        PidMode: "host",
        Binds: [`${stateDir}:/var/lib/fairlead-agent`, `${engine.socket}:/var/run/docker.sock`],
        RestartPolicy: { Name: "unless-stopped" },
      },
    });

    let target: string[] = [];
    async function enrol(): Promise<string> {
      const { token, installCommand } = await world.api("POST", "infrastructure/enrolment-tokens", {
        name: "boxed",
        maxUses: 1,
        expiresInHours: 1,
        labels: {},
        group: "",
      });
      const pin = /--ca-sha256 ([0-9a-f]{64})/.exec(installCommand)?.[1];
      target = [`FAIRLEAD_AGENT_SERVER=127.0.0.1:${world.grpcPort}`, `FAIRLEAD_AGENT_CA_SHA256=${pin}`];
      const once = settings({ Cmd: ["enroll", "--json"] }, [...target, `FAIRLEAD_TOKEN=${token}`]);
      const made = await engine.docker.createContainer({
        ...once,
        HostConfig: { ...once.HostConfig, RestartPolicy: { Name: "no" } },
      });
      await made.start();
      const { StatusCode } = await made.wait();
      const said = String(await made.logs({ stdout: true, stderr: true }));
      await made.remove();
      const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(said)?.[0];
      if (StatusCode !== 0 || id === undefined) throw new Error(`the agent can't enrol: ${said}`);
      return id;
    }

    async function start(): Promise<void> {
      const made = await engine.docker.createContainer({ name, ...settings({}, target) });
      await made.start();
      await until("the agent is connected", connected, { explain: () => world.server.tail() });
    }

    const inspect = () => engine.docker.getContainer(name).inspect();
    const connected = async () => (await world.api("GET", `infrastructure/servers/${serverId}`)).connected === true;
    const reports = async () => reportTimes(await witness.records()).length;

    async function update(tag: string) {
      const args = { container: name, image: `${app}:${tag}`, stableSeconds: 1 };
      const { id } = await world.api("POST", "commands", { serverId, type: "container.update", args });
      return await until(
        `the update to ${tag} has ended`,
        async () => {
          const command = await world.api("GET", `commands/${id}`);
          return ended.includes(command.status) ? command : undefined;
        },
        { patienceMs: 100_000 },
      );
    }

    /** The program of the agent, in its container. */
    async function cli(...args: readonly string[]) {
      const Cmd = ["/usr/bin/fairlead-agent", ...args];
      const made = await engine.docker.getContainer(name).exec({ Cmd, AttachStdout: true, Tty: true });
      let stdout = "";
      for await (const chunk of await made.start({ Tty: true })) stdout += chunk;
      return { code: (await made.inspect()).ExitCode ?? -1, stdout, stderr: "" };
    }

    test("a helper swaps it, the new one tells of it under the same identity", async () => {
      const before = await inspect();
      const first = await readStatus(stateDir);
      const count = await reports();
      const done = await update("2");
      expect(done).toMatchObject({ status: "succeeded", reason: "", output: { oldId: before.Id, changed: true } });
      const after = await inspect();
      expect(after.Id).toBe(done.output.newId);
      expect(after.Config.Labels.version).toBe("2");
      expect(after.HostConfig).toMatchObject({ NetworkMode: "host", PidMode: "host" });
      await until("the new one is connected", connected);
      const second = await readStatus(stateDir);
      expect(second).toMatchObject({ serverId, spool: { id: first?.spool.id, dropped: 0 } });
      expect(second?.instanceId).not.toBe(first?.instanceId);
      await until("it reports again", async () => (await reports()) > count + 2);
      await until("nothing is left over", async () => `${await left(engine, "")}` === `${name} running`);
    });

    test("an image whose agent ends at once: the old one is put back, and the API tells so", async () => {
      const before = await inspect();
      const done = await update("bad");
      expect(done).toMatchObject({ status: "rolled_back", reason: expect.stringContaining("new container") });
      const after = await inspect();
      expect({ id: after.Id, version: after.Config.Labels.version }).toEqual({ id: before.Id, version: "2" });
      expect(after.HostConfig.RestartPolicy?.Name).toBe("unless-stopped");
      await until("the old one is connected", connected);
      await until("nothing is left over", async () => `${await left(engine, "")}` === `${name} running`);
      expect((await world.api("GET", "infrastructure/servers")).items).toHaveLength(1);
    });

    test("all that it ever spooled is stored, once", async () => {
      await settle(world, [
        {
          name,
          serverId,
          status: () => readStatus(stateDir),
          cli,
          process: { tail: () => "" },
        },
      ]);
      const records = await witness.records();
      const samples = await compareSamples(world.pool, serverId, records);
      const { stored, ...difference } = samples;
      expect(difference).toEqual({ missing: [], unexpected: [], wrong: [] });
      expect(stored).toBeGreaterThan(20);
      const changes = await compareChanges(world.pool, serverId, records);
      expect(changes.wrong).toEqual([]);
      expect(changes.stored).toBeGreaterThan(0);
    });
  },
);

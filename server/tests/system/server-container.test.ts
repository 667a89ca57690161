import { createWriteStream, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Dockerd,
  noDockerd,
  push,
  type Registry,
  startDockerd,
  startRegistry,
} from "../../../agent/tests/dockerd.ts";
import { left, pulled } from "../../../agent/tests/update-stage.ts";
import { compareChanges, compareSamples, reportTimes } from "./compare.ts";
import { settle } from "./settle.ts";
import { type Command, Supervised } from "./supervised.ts";
import { until } from "./until.ts";
import { Witness } from "./witness.ts";
import { type Agent, top, World } from "./world.ts";

const name = "fairlead";
const ended = ["succeeded", "failed", "rolled_back", "cancelled", "expired"];
/** What a server needs of this machine; the image holds nothing. */
const machine = [
  ...["/usr", "/lib", "/lib64", "/bin", "/etc/passwd"].filter((path) => existsSync(path)),
  ...[top, dirname(process.execPath)].filter((path) => !path.startsWith("/usr/")),
].map((path) => `${path}:${path}:ro`);

/** The server as a container of an engine instead of a process. */
class Contained extends Supervised {
  readonly #create: () => Promise<void>;
  readonly #log: string;

  constructor(command: Command, engine: Dockerd, image: string) {
    super(command);
    const { cwd = "", env = {} } = command;
    this.#create = async () => {
      const made = await engine.docker.createContainer({
        name,
        Image: image,
        Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
        HostConfig: {
          NetworkMode: "host",
          Binds: [...machine, `${cwd}:${cwd}`],
          RestartPolicy: { Name: "unless-stopped" },
        },
      });
      await made.start();
      const said = await made.logs({ follow: true, stdout: true, stderr: true });
      said.pipe(createWriteStream(command.log)).on("error", () => {});
    };
    this.#log = command.log;
  }

  override start(): void {
    this.#create().catch((error) => writeFileSync(this.#log, String(error)));
  }

  /** Goes with its engine. */
  override async stop(): Promise<undefined> {}
}

describe.skipIf(noDockerd !== undefined)(
  `the server's own container, updated by the agent that reports to it (${noDockerd ?? "dockerd, registry"})`,
  { timeout: 120_000 },
  () => {
    let engine: Dockerd;
    let registry: Registry;
    let world: World;
    let agent: Agent;
    let witness: Witness;
    let app = "";

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      app = `${registry.address}/server`;
      const runs = `CMD ${JSON.stringify([process.execPath, join(top, "server/src/main.ts")])}`;
      for (const [tag, command] of [
        ["1", runs],
        ["2", runs],
        ["bad", 'CMD ["/bin/false"]'],
      ] as const) {
        await engine.image("made:x", [command, `LABEL version=${tag}`]);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      await pulled(engine, `${app}:1`);
      world = await World.start((command) => new Contained(command, engine, `${app}:1`));
      agent = await world.addAgent({ name: "outside", dockerSocket: engine.socket });
      witness = new Witness(agent.stateDir);
    }, 120_000);

    afterAll(async () => {
      witness?.close();
      await agent?.process.stop();
      await Promise.all([engine?.close(), registry?.close()]);
      await world?.close();
    }, 60_000);

    const inspect = () => engine.docker.getContainer(name).inspect();
    const reports = async () => reportTimes(await witness.records()).length;

    async function update(tag: string) {
      const args = {
        container: name,
        image: `${app}:${tag}`,
        stableSeconds: 1,
        gates: [{ http: { port: world.httpPort, path: "/readyz" } }],
      };
      const { id } = await world.api("POST", "commands", {
        serverId: agent.serverId,
        type: "container.update",
        args,
      });
      return await until(
        `the server tells how its update to ${tag} ended`,
        async () => {
          const command = await world.api("GET", `commands/${id}`);
          return ended.includes(command.status) ? command : undefined;
        },
        { patienceMs: 100_000, explain: () => agent.process.tail() },
      );
    }

    test("the new server is told how it came to be", async () => {
      const before = await inspect();
      const count = await reports();
      const done = await update("2");
      expect(done).toMatchObject({ status: "succeeded", reason: "", output: { oldId: before.Id, changed: true } });
      expect((await inspect()).Config.Labels.version).toBe("2");
      expect(done.events.map(({ phase }: { phase: string }) => phase)).toContain("create");
      await until("reports go on", async () => (await reports()) > count + 2);
      await until("nothing is left over", async () => `${await left(engine, "")}` === `${name} running`);
    });

    test("one that ends at once: the old server is back, and told why", async () => {
      const before = await inspect();
      const done = await update("bad");
      expect(done).toMatchObject({ status: "rolled_back", reason: expect.stringContaining("exit code 1") });
      expect((await inspect()).Id).toBe(before.Id);
      await until("nothing is left over", async () => `${await left(engine, "")}` === `${name} running`);
    });

    test("what the agent reported meanwhile is stored, once", async () => {
      await settle(world);
      const records = await witness.records();
      const { stored, ...difference } = await compareSamples(world.pool, agent.serverId, records);
      expect(difference).toEqual({ missing: [], unexpected: [], wrong: [] });
      expect(stored).toBeGreaterThan(20);
      expect((await compareChanges(world.pool, agent.serverId, records)).wrong).toEqual([]);
    });
  },
);

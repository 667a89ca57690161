import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { createExecutor } from "../src/executor/create-executor.ts";
import { createLog } from "../src/log.ts";
import { createRuntimes } from "../src/runtimes/index.ts";
import { noDockerd, push, startRegistry } from "./dockerd.ts";
import { noPodman, startPodman } from "./podman.ts";

/** Why containers of Podman can't be replaced for real here, or undefined. */
export const noPodmanStage: string | undefined = noPodman ?? noDockerd;

/** CMD of a container that runs until it is asked to stop. */
export const forever =
  'CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; while :; do /bin/busybox sleep 0.05; done"]';

const { COMMAND_STATUS_FAILED, COMMAND_STATUS_ROLLED_BACK, COMMAND_STATUS_SUCCEEDED } = pb.CommandStatus;
export const succeeded = COMMAND_STATUS_SUCCEEDED;
export const failed = COMMAND_STATUS_FAILED;
export const rolledBack = COMMAND_STATUS_ROLLED_BACK;

/** A private Podman at its usual place under a root of its own, a registry with the images, an executor that acts on it. */
export type PodmanStage = Awaited<ReturnType<typeof startPodmanStage>>;

/** Starts it; `images`: Dockerfile lines by tag of the one image `app`. */
export async function startPodmanStage(images: Record<string, string[]>) {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-podman-stage-"));
  const waiting = new Map<string, (result: pb.CommandResult.$Properties) => void>();
  const root = join(folder, "root");
  mkdirSync(join(root, "run/podman"), { recursive: true });
  const socket = join(root, "run/podman/podman.sock");
  const [engine, registry] = await Promise.all([startPodman({ socket }), startRegistry()]);
  const app = `${registry.address}/app`;
  for (const [tag, changes] of Object.entries(images)) {
    await engine.image("made:x", changes);
    await push(engine.docker, "localhost/made:x", `${app}:${tag}`);
  }
  for await (const _ of await engine.docker.pull(`${app}:1`));
  const runtimes = createRuntimes({ root, env: {} });
  const executor = createExecutor({
    stateDir: join(folder, "state"),
    config: {
      allow: ["container.update", "container.rollback", "container.backup", "container.restore"],
      readOnly: false,
    },
    runtime: () => runtimes.get(""),
    runtimes,
    refresh: async () => ({}),
    events: { progress: () => {}, result: (result) => waiting.get(result.id ?? "")?.(result) },
    log: createLog("error"),
    now: Date.now,
  });
  await executor.recover();

  async function run(action: object) {
    const id = randomUUID();
    const result = await new Promise<pb.CommandResult.$Properties>((resolve) => {
      waiting.set(id, resolve);
      executor.handle({ id, deadlineUnixMs: Date.now() + 60_000, ...action } as never);
    });
    const { status, reason, outputJson } = result;
    return { status, reason: reason ?? "", output: outputJson ? JSON.parse(outputJson) : {} };
  }

  const inspect = (name: string) => engine.docker.getContainer(name).inspect();

  return {
    ...{ folder, engine, app, run, inspect },
    update: (container: string, tag: string, more: object = {}) =>
      run({ containerUpdate: { container, image: `${app}:${tag}`, stableSeconds: 1, ...more } }),
    /** A running container of tag 1 through the API; its volumes have a file of its name. */
    async make(name: string, more: object = {}, host: object = {}): Promise<string> {
      const HostConfig = { NetworkMode: "none", Binds: ["named:/named"], ...host };
      const made = await engine.docker.createContainer({ name, Image: `${app}:1`, ...more, HostConfig });
      await made.start();
      for (const { Source } of (await made.inspect()).Mounts) writeFileSync(join(Source, name), name);
      return made.id;
    },
    /** What its volumes hold of what `make` wrote, by where they are mounted. */
    async data(name: string): Promise<string[]> {
      const { Mounts } = await inspect(name);
      const texts = Mounts.map(
        ({ Source, Destination }) => `${Destination} ${readFileSync(join(Source, name), "utf8")}`,
      );
      return texts.sort();
    },
    /** Containers whose names begin like that, with their states. */
    async named(name: string): Promise<string[]> {
      const all = await engine.docker.listContainers({ all: true });
      const mine = all.filter(({ Names }) => Names.some((one) => one.startsWith(`/${name}`)));
      return mine.map(({ Names, State }) => `${Names[0]?.slice(1)} ${State}`).sort();
    },
    remove: async (...names: string[]) => {
      for (const name of names) await engine.docker.getContainer(name).remove({ force: true });
    },
    async close() {
      await executor.stop();
      await Promise.all([engine.close(), registry.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

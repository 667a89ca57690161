import { randomUUID } from "node:crypto";
import type { pb } from "@fairlead/proto";
import { createExecutor } from "../src/executor/create-executor.ts";
import type { Executor } from "../src/executor/executor.ts";
import { createHost } from "../src/host/host.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import type { Dockerd } from "./dockerd.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes
export type Output = Record<string, any>;
export type Result = {
  id: string;
  status: pb.CommandStatus;
  reason: string;
  output: Output;
};

/**
 * An executor on that engine with everything it keeps in a folder of its own. `own`: the container that it believes to run
 * in; it sees no paths of the host then.
 */
export async function startExecutor(engine: Dockerd, stateDir: string, more: object = {}, own?: string) {
  const waiting = new Map<string, (result: pb.CommandResult.$Properties) => void>();
  const results = new Map<string, pb.CommandResult.$Properties>();
  const progress: pb.CommandProgress.$Properties[] = [];
  const executor: Executor = createExecutor({
    stateDir,
    config: {
      allow: ["container.backup", "container.restore", "container.update", "backup.verify", "backup.delete"],
      readOnly: false,
    },
    runtime: () => openDocker({ socket: engine.socket, ownContainerId: own }, AbortSignal.timeout(5_000)),
    refresh: async () => ({}),
    host: { ...createHost(), ...more },
    events: {
      progress: (one) => void progress.push(one),
      result: (result) => {
        results.set(result.id ?? "", result);
        waiting.get(result.id ?? "")?.(result);
      },
    },
    log: createLog("error"),
    now: Date.now,
  });
  await executor.recover();
  return {
    executor,
    progress,
    results,
    async run(action: object, id: string = randomUUID()): Promise<Result> {
      const result = await new Promise<pb.CommandResult.$Properties>((resolve) => {
        waiting.set(id, resolve);
        executor.handle({ id, deadlineUnixMs: Date.now() + 60_000, ...action } as never);
      });
      const { status, reason, outputJson } = result;
      return { id, status: status as never, reason: reason ?? "", output: outputJson ? JSON.parse(outputJson) : {} };
    },
  };
}

/** An image's command that runs until it is told to stop. */
export const forever =
  'CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; while :; do /bin/busybox sleep 0.1; done"]';

/** What tests do with containers of `image` on that engine. */
export function containersOf(engine: () => Dockerd, image = "app:1") {
  const of = (name: string) => engine().docker.getContainer(name);
  const run = async (name: string, Cmd: string[]) => {
    const made = await of(name).exec({ Cmd, AttachStdout: true, AttachStderr: true });
    const parts: Buffer[] = [];
    for await (const chunk of await made.start({})) parts.push((chunk as Buffer).subarray(8));
    return Buffer.concat(parts).toString().trim();
  };
  return {
    /** Makes and starts one; answers its id. */
    async make(name: string, options: object = {}): Promise<string> {
      const made = await engine().docker.createContainer({
        name,
        Image: image,
        ...options,
        HostConfig: { NetworkMode: "none", ...(options as { HostConfig?: object }).HostConfig },
      });
      await made.start();
      return made.id;
    },
    /** Runs a script of busybox in it: what it said. */
    inside: (name: string, script: string) =>
      run(name, ["/bin/busybox", "sh", "-c", `export PATH=/bin; B=/bin/busybox; ${script}`]),
    /** Runs a line of the host's sh in one that has the host's programs mounted. */
    sh: (name: string, line: string) => run(name, ["/usr/bin/sh", "-c", line]),
    state: async (name: string) => (await of(name).inspect()).State.Status,
    mountpoint: async (volume: string): Promise<string> =>
      (await engine().docker.getVolume(volume).inspect()).Mountpoint,
    volumeAt: async (container: string, path: string): Promise<string> =>
      (await of(container).inspect()).Mounts.find(({ Destination }) => Destination === path)?.Name ?? "",
  };
}

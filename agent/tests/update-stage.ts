// What tests of updates share: an executor on a private engine whose calls can be tampered with, and a look at what is left.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { pb } from "@fairlead/proto";
import { createExecutor } from "../src/executor/create-executor.ts";
import type { Host } from "../src/host/host.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import type { ContainerRuntime } from "../src/runtimes/runtime.ts";
import type { Dockerd } from "./dockerd.ts";

/** A program that takes no processor time and heeds SIGTERM at once. */
export const waits = ["/bin/busybox", "sh", "-c", "trap 'exit 0' TERM; /bin/busybox sleep 9999 & wait"];
export const forever = `CMD ${JSON.stringify(waits)}`;

/** What a command came to; `status` without its prefix. */
export type Ended = { id: string; status: string; reason: string; output: Record<string, unknown> };

export type Stage = {
  executor: ReturnType<typeof createExecutor>;
  phases: string[];
  /** All that was told beside the phases. */
  messages: string[];
  /** Called as a phase is told, before its first step. */
  onPhase(act: (phase: string, id: string) => void): void;
  /** Awaited before the engine gets that call ("create", "stop", ...). */
  before(call: string, act: (...args: unknown[]) => Promise<void> | void): void;
  run(action: object, id?: string): Promise<Ended>;
  /** Cancels the command that was given last. */
  cancel(): void;
};

/** An executor on that engine with that folder; it has recovered what was left open. */
export async function stage(
  engine: Pick<Dockerd, "socket">,
  stateDir: string,
  ownContainerId?: string,
  host?: Host,
): Promise<Stage> {
  let phaseAct: (phase: string, id: string) => void = () => {};
  const hooks = new Map<string, (...args: unknown[]) => Promise<void> | void>();
  const waiting = new Map<string, (result: pb.CommandResult.$Properties) => void>();
  const phases: string[] = [];
  const messages: string[] = [];
  let last = "";
  const executor = createExecutor({
    stateDir,
    config: {
      allow: ["container.update", "project.update", "container.rollback", "container.restart"],
      readOnly: false,
    },
    runtime: async () =>
      tampered(await openDocker({ socket: engine.socket, ownContainerId }, AbortSignal.timeout(5_000)), hooks),
    refresh: async () => ({}),
    // As many as one file's tests begin at once.
    mostUpdates: 5,
    ...(host === undefined ? {} : { host }),
    events: {
      progress: ({ id, phase, message }) => {
        if (message) messages.push(message);
        if (!phase || phases.at(-1) === phase) return;
        phases.push(phase);
        phaseAct(phase, id ?? "");
      },
      result: (result) => waiting.get(result.id ?? "")?.(result),
    },
    log: createLog("error", { write: () => {} }),
    now: Date.now,
  });
  await executor.recover();
  return {
    executor,
    phases,
    messages,
    onPhase: (act) => {
      phaseAct = act;
    },
    before: (call, act) => void hooks.set(call, act),
    cancel: () => executor.cancel(last),
    async run(action, id = randomUUID()) {
      last = id;
      const result = await new Promise<pb.CommandResult.$Properties>((resolve) => {
        waiting.set(id, resolve);
        executor.handle({ id, deadlineUnixMs: Date.now() + 120_000, ...action } as never);
      });
      return endedOf(result);
    },
  };
}

export function endedOf({ id, status, reason, outputJson }: pb.CommandResult.$Properties): Ended {
  return {
    id: id ?? "",
    status: (pb.CommandStatus[status ?? 0] ?? "").replace("COMMAND_STATUS_", ""),
    reason: reason ?? "",
    output: outputJson ? JSON.parse(outputJson) : {},
  };
}

function tampered(
  docker: ContainerRuntime,
  hooks: Map<string, (...args: unknown[]) => Promise<void> | void>,
): ContainerRuntime {
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(from, name) {
        const value = Reflect.get(from, name) as unknown;
        const hook = hooks.get(String(name));
        if (typeof value !== "function" || hook === undefined) return value;
        return async (...args: unknown[]) => {
          hooks.delete(String(name));
          await hook(...args);
          return value.apply(from, args);
        };
      },
    });
  const { recreation } = docker;
  return wrap(recreation ? { ...docker, recreation: wrap(recreation) } : docker);
}

/** "NAME STATE" of all containers whose names begin so, sorted. */
export async function left({ docker }: Dockerd, prefix: string): Promise<string[]> {
  const all = await docker.listContainers({ all: true });
  return all
    .filter(({ Names }) => Names.some((name) => name.startsWith(`/${prefix}`)))
    .map(({ Names, State }) => `${Names.find((n) => n.startsWith(`/${prefix}`))?.slice(1)} ${State}`)
    .sort();
}

/** Runs a shell line in a container and answers what it wrote. */
export async function shell({ docker }: Dockerd, container: string, line: string): Promise<string> {
  const exec = await docker
    .getContainer(container)
    .exec({ Cmd: ["/bin/busybox", "sh", "-c", line], AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  let text = "";
  for await (const chunk of stream) text += chunk.toString();
  return text.trim();
}

/** Pulls and waits for the end. */
export async function pulled({ docker }: Dockerd, image: string): Promise<void> {
  for await (const _ of await docker.pull(image));
}

/** A proxy before a registry that can stall or cut what it hands on. */
export type RegistryProxy = { address: string; mode: (path: string) => "pass" | "stall" | "cut"; close(): void };

export async function registryProxy(registry: string): Promise<RegistryProxy> {
  const [host = "", port = ""] = registry.split(":");
  const proxy: RegistryProxy = { address: "", mode: () => "pass", close: () => {} };
  const server: Server = createServer((from, to) => {
    const { method, url: path = "", headers } = from;
    const mode = proxy.mode(path);
    if (mode === "cut") return void to.destroy();
    const onward = request({ host, port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      if (mode === "stall") return void to.flushHeaders();
      answer.pipe(to);
    });
    onward.on("error", () => to.destroy());
    from.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  proxy.address = `127.0.0.1:${typeof bound === "object" && bound ? bound.port : 0}`;
  proxy.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return proxy;
}

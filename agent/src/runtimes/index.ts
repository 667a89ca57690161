import { openDocker } from "./docker.ts";
import { ownContainerId } from "./own-container.ts";
import { type ContainerRuntime, RuntimeFailure } from "./runtime.ts";

/** `dockerSocket`: path or unix:// URL of the engine's socket; absent: DOCKER_HOST, else the default. */
export type RuntimeOptions = { dockerSocket?: string | undefined };

/** A container as a command names it: "NAME" or an id, or "RUNTIME/NAME". `key` is that of its resource. */
export type Found = { runtime: ContainerRuntime; id: string; name: string; key: string };

/** The container runtimes of this host, each opened on first use and again after it failed. */
export type RuntimeSet = {
  /** Those that answer now; the first is the one whose containers are named without it. */
  all(): Promise<ContainerRuntime[]>;
  /** Throws RuntimeFailure "absent" where there is none of that name, or none at all. Empty: the first. */
  get(name: string): Promise<ContainerRuntime>;
  /** Throws RuntimeFailure "not_found". */
  resolve(container: string, signal: AbortSignal): Promise<Found>;
};

/** The set that consists of what `open` gives. */
export function singleRuntime(open: () => Promise<ContainerRuntime | undefined>): RuntimeSet {
  async function get(name: string): Promise<ContainerRuntime> {
    const found = await open();
    if (found === undefined || (name !== "" && found.name !== name)) {
      const what = name === "" ? "no container runtime" : `no container runtime ${JSON.stringify(name)}`;
      throw new RuntimeFailure("absent", `this host has ${what} that the agent can reach`);
    }
    return found;
  }
  return {
    get,
    async all() {
      const found = await open();
      return found === undefined ? [] : [found];
    },
    async resolve(container, signal) {
      const at = container.indexOf("/");
      const runtime = await get(container.slice(0, Math.max(0, at)));
      const { id, name } = await runtime.describe(container.slice(at + 1), signal);
      return { runtime, id, name, key: name };
    },
  };
}

/**
 * Answers the runtime of this host, opened on first use and again after it failed; undefined where there is none.
 * The runtimes there are: Docker.
 */
export function runtimeProvider(options: RuntimeOptions): () => Promise<ContainerRuntime | undefined> {
  return async () => {
    try {
      return await openDocker(
        { socket: options.dockerSocket, ownContainerId: ownContainerId() },
        AbortSignal.timeout(10_000),
      );
    } catch (error) {
      if (error instanceof RuntimeFailure && error.code === "absent") return undefined;
      throw error;
    }
  };
}

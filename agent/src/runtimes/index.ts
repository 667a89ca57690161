import { openDocker } from "./docker.ts";
import { ownContainerId } from "./own-container.ts";
import { type ContainerRuntime, RuntimeFailure } from "./runtime.ts";

/** `dockerSocket`: path or unix:// URL of the engine's socket; absent: DOCKER_HOST, else the default. */
export type RuntimeOptions = { dockerSocket?: string | undefined };

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

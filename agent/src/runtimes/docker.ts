import { archiveOperations } from "./docker/archives.ts";
import { connect, type DockerOptions } from "./docker/connection.ts";
import { stateOperations } from "./docker/engine-state.ts";
import { eventOperations } from "./docker/events.ts";
import { execOperations } from "./docker/exec.ts";
import { imageOperations } from "./docker/image-store.ts";
import { createInspector } from "./docker/inspector.ts";
import { lifecycleOperations } from "./docker/lifecycle.ts";
import { logOperations } from "./docker/logs.ts";
import { pruneOperations } from "./docker/prune.ts";
import { readingOperations } from "./docker/reading.ts";
import { dockerRecreation } from "./docker/recreation.ts";
import { volumeOperations } from "./docker/volume-store.ts";
import type { ContainerRuntime } from "./runtime.ts";

/**
 * Connects to a Docker engine, or a Podman service that speaks like one. Throws RuntimeFailure: "absent" (no socket),
 * "forbidden", "unreachable" (nobody answers), "refused" (what answers is none that it knows).
 */
export async function openDocker(options: DockerOptions, signal: AbortSignal): Promise<ContainerRuntime> {
  const connection = await connect(options, signal);
  const { kind, path, version } = connection;
  const inspect = createInspector(connection);
  const images = imageOperations(connection, inspect);
  return {
    name: options.name ?? kind,
    type: kind,
    ownContainerId: options.ownContainerId,
    // Who knows it takes the engine's paths for the host's own where the processes behind it are here.
    ...(options.foreign ? {} : { socket: path }),
    version,
    ...readingOperations(connection, inspect),
    ...eventOperations(connection, inspect.forget),
    ...lifecycleOperations(connection),
    ...logOperations(connection),
    ...execOperations(connection),
    ...archiveOperations(connection),
    ...images,
    ...volumeOperations(connection),
    ...stateOperations(connection),
    ...pruneOperations(connection),
    recreation: dockerRecreation(connection, inspect, images.pullImage),
  };
}

import { type ContainerRuntime, RuntimeFailure } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { atLeast } from "./create-body.ts";
import { limited, withSignal } from "./deadline.ts";
import { unlessGone } from "./failure.ts";
import { filtered, request } from "./library.ts";
import { toVolumes } from "./listings.ts";

type Pruned = { removed: number; freedBytes: number };

/** Removal of what is unused. */
export function pruneOperations(connection: Connection): Pick<ContainerRuntime, "prune"> {
  const { docker, version, podman, write } = connection;
  return {
    async prune(scope, signal) {
      const patience = limited(600_000, signal);
      const ask = async (call: () => Promise<unknown>) =>
        counted(await write(`prune ${scope}`, () => withSignal(call(), patience)));
      switch (scope) {
        case "containers":
          return await ask(() => docker.pruneContainers());
        case "dangling-images":
          return await ask(() => docker.pruneImages(filtered({ dangling: ["true"] })));
        case "unused-images":
          // Podman takes its own word for it only.
          return await ask(() =>
            podman
              ? request(docker, {
                  method: "POST",
                  path: "/libpod/images/prune?",
                  query: { all: true },
                  body: {},
                  signal: patience,
                })
              : docker.pruneImages(filtered({ dangling: ["false"] })),
          );
        case "volumes":
          // Older engines would remove the named ones too.
          return atLeast(version.api, "1.42") && !podman
            ? await ask(() => docker.pruneVolumes())
            : await pruneAnonymous(connection, patience);
        case "networks":
          return await ask(() => docker.pruneNetworks());
        case "build-cache":
          if (podman)
            throw new RuntimeFailure("refused", "Podman keeps no build cache of its own: prune images instead");
          return await ask(() => docker.pruneBuilder());
        default:
          return scope satisfies never;
      }
    },
  };
}

async function pruneAnonymous({ docker, read, write }: Connection, signal: AbortSignal): Promise<Pruned> {
  const list = () => withSignal(docker.listVolumes(filtered({ dangling: ["true"] })), signal);
  const unused = toVolumes(await read("list volumes", list));
  let removed = 0;
  for (const { name } of unused.filter(({ anonymous }) => anonymous)) {
    await write(`remove volume ${name}`, () => withSignal(docker.getVolume(name).remove(), signal)).catch(unlessGone);
    removed++;
  }
  return { removed, freedBytes: Number.NaN };
}

// Docker answers lists by what was removed, Podman's own API one list of {Id, Size}.
function counted(answer: unknown): Pruned {
  if (Array.isArray(answer)) {
    const removed = (answer as { Size?: number; Err?: unknown }[]).filter(({ Err }) => !Err);
    return { removed: removed.length, freedBytes: removed.reduce((sum, { Size }) => sum + (Size ?? 0), 0) };
  }
  const lists = Object.values(answer ?? {}).filter(Array.isArray);
  return {
    removed: lists.reduce((sum, list) => sum + list.length, 0),
    freedBytes: Number((answer as { SpaceReclaimed?: number } | null)?.SpaceReclaimed ?? 0),
  };
}

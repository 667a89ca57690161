import { imageLikeDocker, likeDocker } from "../podman/normalise.ts";
import type { Connection } from "./connection.ts";
import { limited } from "./deadline.ts";
import type { EngineContainer, EngineImage } from "./engine-types.ts";
import { unlessGone } from "./failure.ts";
import { inspectImage } from "./library.ts";
import { inspected } from "./listed.ts";

/** The engine's inspects, in Docker's words. */
export type Inspector = {
  container(idOrName: string, signal: AbortSignal): Promise<EngineContainer>;
  image(idOrReference: string, signal: AbortSignal): Promise<EngineImage>;
  /** Digests of an image, kept for a short time; empty for one that is gone. */
  digests(imageId: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Images may have changed. */
  forget(): void;
};

const patienceMs = 10_000;
const digestsKeptMs = 2_000;
const mostDigests = 256;

/** Makes the inspects of a connection. */
export function createInspector({ docker, podman, container, named, read }: Connection): Inspector {
  // A list of containers asks for the same few images again and again.
  const known = new Map<string, { found: Promise<readonly string[]>; at: number }>();

  function image(id: string, signal: AbortSignal): Promise<EngineImage> {
    return read(`inspect image ${id}`, async () => {
      const raw = await inspectImage(docker, named(id), limited(patienceMs, signal));
      return podman ? imageLikeDocker(raw) : raw;
    });
  }

  return {
    image,
    container: (id, signal) =>
      read(`inspect ${id}`, async () => {
        const raw = inspected(await container(id).inspect({ abortSignal: limited(patienceMs, signal) }));
        return podman ? likeDocker(raw) : raw;
      }),
    digests(id, signal) {
      const kept = known.get(id);
      if (kept && performance.now() - kept.at < digestsKeptMs) return kept.found;
      if (known.size >= mostDigests) known.clear();
      const found = image(id, signal).then(
        ({ RepoDigests }) => RepoDigests ?? [],
        (error) => unlessGone(error) ?? [],
      );
      known.set(id, { found, at: performance.now() });
      found.catch(() => known.delete(id));
      return found;
    },
    forget: () => known.clear(),
  };
}

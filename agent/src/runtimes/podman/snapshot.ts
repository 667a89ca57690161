import type { Connection } from "../docker/connection.ts";
import { limited } from "../docker/deadline.ts";
import type { EngineContainer, EngineImage } from "../docker/engine-types.ts";
import { request } from "../docker/library.ts";
import { forRecreation, lostOptions, type PodmanExtra } from "./normalise.ts";

/** A container of Podman as its user asked for it, with what its API can't make again named. */
export async function podmanSnapshot(
  { docker, read }: Connection,
  raw: EngineContainer,
  image: EngineImage,
  signal: AbortSignal,
): Promise<EngineContainer> {
  const path = `/libpod/containers/${encodeURIComponent(raw.Id)}/json`;
  const ask = () => request(docker, { method: "GET", path, signal: limited(10_000, signal) });
  const extra = (await read(`inspect ${raw.Id}`, ask)) as PodmanExtra;
  const pod = extra.Pod ? { Pod: extra.Pod } : {};
  return { ...forRecreation(raw, image, extra), ...pod, LostOptions: lostOptions(extra) };
}

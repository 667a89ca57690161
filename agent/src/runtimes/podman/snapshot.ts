import * as z from "zod/mini";
import type { Connection } from "../docker/connection.ts";
import { limited } from "../docker/deadline.ts";
import type { EngineContainer, EngineImage } from "../docker/engine-types.ts";
import { unlessGone } from "../docker/failure.ts";
import { request } from "../docker/library.ts";
import { forRecreation, lostOptions, type PodmanExtra } from "./normalise.ts";

const pod = z.object({ Name: z.string() });

/** A container of Podman as its user asked for it, with what its API can't make again named. */
export async function podmanSnapshot(
  connection: Connection,
  raw: EngineContainer,
  image: EngineImage,
  signal: AbortSignal,
): Promise<EngineContainer> {
  const extra = await extraOf(connection, raw.Id, signal);
  const ties = await tiesOf(connection, extra, signal);
  return { ...forRecreation(raw, image, extra), ...ties, LostOptions: lostOptions(extra, raw.HostConfig) };
}

/** The same container with what Docker's API does not tell of it: its pod and what it requires. */
export async function withPodmanTies(
  connection: Connection,
  raw: EngineContainer,
  signal: AbortSignal,
): Promise<EngineContainer> {
  return { ...raw, ...(await tiesOf(connection, await extraOf(connection, raw.Id, signal), signal)) };
}

async function tiesOf(
  connection: Connection,
  { Pod, Dependencies }: PodmanExtra,
  signal: AbortSignal,
): Promise<Pick<EngineContainer, "Pod" | "Requires">> {
  const requires = Dependencies?.length ? { Requires: Dependencies } : {};
  return Pod ? { ...requires, Pod: await podName(connection, Pod, signal) } : requires;
}

async function podName({ docker, read }: Connection, id: string, signal: AbortSignal): Promise<string> {
  const path = `/libpod/pods/${encodeURIComponent(id)}/json`;
  const ask = () => request(docker, { method: "GET", path, signal: limited(10_000, signal) });
  const { data } = z.safeParse(pod, await read(`inspect pod ${id}`, ask).catch(unlessGone));
  return data?.Name ?? id.slice(0, 12);
}

async function extraOf({ docker, read }: Connection, id: string, signal: AbortSignal): Promise<PodmanExtra> {
  const path = `/libpod/containers/${encodeURIComponent(id)}/json`;
  const ask = () => request(docker, { method: "GET", path, signal: limited(10_000, signal) });
  return (await read(`inspect ${id}`, ask)) as PodmanExtra;
}

import * as z from "zod/mini";
import { type CreatePlan, RuntimeFailure, type Snapshot } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { createBody, type DaemonDefaults } from "./create-body.ts";
import { limited, withSignal } from "./deadline.ts";
import type { EngineContainer, EngineImage } from "./engine-types.ts";
import { unlessGone } from "./failure.ts";
import type { Inspector } from "./inspector.ts";

const settings = z.object({
  DefaultRuntime: z.catch(z.string(), "runc"),
  LoggingDriver: z.catch(z.string(), "json-file"),
});

/** What is to be made again, of which image: `reference` names it, `imageId` is what it resolved to. */
export type Wanted = { snapshot: Snapshot; reference: string; imageId: string };

/** The settings of the new container. Throws RuntimeFailure "refused" where the engine's API can't carry them over. */
export async function planRecreation(
  connection: Connection,
  inspect: Inspector,
  { snapshot, reference, imageId }: Wanted,
  signal: AbortSignal,
): Promise<CreatePlan> {
  const old = snapshot.inspect as EngineContainer;
  const image = snapshot.imageInspect as EngineImage;
  const lost = old.LostOptions ?? [];
  if (lost.length > 0) {
    throw new RuntimeFailure(
      "refused",
      `${snapshot.name} was made with ${lost.join(", ")}, which Podman's API can't carry over: make it again with podman itself`,
    );
  }
  const daemon = await daemonDefaults(connection, signal);
  const provided = await providedVolumes(old, inspect, signal);
  return createBody(old, image, reference, imageId, { ...daemon, provided });
}

async function daemonDefaults(
  { docker, podman, version, read }: Connection,
  signal: AbortSignal,
): Promise<DaemonDefaults> {
  // Podman's own settings stand in no snapshot, and its answer takes it a second.
  const told = podman
    ? {}
    : await read("ask for its settings", () => withSignal(docker.info(), limited(10_000, signal)));
  const { DefaultRuntime, LoggingDriver } = z.parse(settings, told);
  return { apiVersion: version.api, runtime: DefaultRuntime, logDriver: LoggingDriver };
}

async function providedVolumes(old: EngineContainer, inspect: Inspector, signal: AbortSignal): Promise<Set<string>> {
  const provided = new Set<string>();
  for (const from of old.HostConfig.VolumesFrom ?? []) {
    const provider = await inspect.container(from.split(":")[0] ?? "", signal).catch(unlessGone);
    for (const { Name, Destination } of provider?.Mounts ?? []) if (Name) provided.add(`${Name}:${Destination}`);
  }
  return provided;
}

import { Refusal } from "../executor/run-context.ts";
import type { EngineContainer, EngineImage } from "../runtimes/docker/engine-types.ts";
import { dumpEngineOf } from "./dump.ts";
import type { Manifest } from "./manifest.ts";
import type { Part } from "./parts.ts";
import type { SaveOptions } from "./work.ts";

/** How those parts of a container are read. Throws Refusal for a way that would lose something. */
export function consistencyOf(
  { snapshot, request, stopped, engine }: Pick<SaveOptions, "snapshot" | "request" | "stopped" | "engine">,
  parts: readonly Part[],
): Manifest["consistency"] {
  const raw = snapshot.inspect as EngineContainer;
  if (stopped !== undefined || !snapshot.running) return "stopped" as const;
  if (request.dump && raw.State.Paused && dumpEngineOf(raw, snapshot.imageInspect as EngineImage)) {
    throw new Refusal(`${snapshot.name} is paused: its database can't be dumped so`);
  }
  if (raw.State.Paused) return "pause" as const;
  const asked = request.consistency === "default" ? "pause" : request.consistency;
  const wanted = parts.length === 0 ? "live" : asked;
  if (wanted !== "live" && snapshot.id === engine.runtime.ownContainerId) {
    throw new Refusal(`${snapshot.name} is the container that this agent runs in: its data can only be saved live`);
  }
  if (wanted === "stop" && raw.HostConfig.AutoRemove) {
    throw new Refusal(`${snapshot.name} was started with --rm and is gone when it stops: choose pause or live`);
  }
  const inMemory = parts.find(({ volume }) => volume?.options.type === "tmpfs");
  if (wanted === "stop" && inMemory !== undefined) {
    throw new Refusal(
      `the volume ${inMemory.source} lies in memory and is lost when ${snapshot.name} stops: choose pause`,
    );
  }
  return wanted;
}

import type { BackupRequest } from "../executor/container-command.ts";
import { Refusal } from "../executor/run-context.ts";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { ContainerRuntime, RuntimeVolume } from "../runtimes/runtime.ts";
import { hostPathsOf } from "./host-paths.ts";

/** A volume or host folder that is to be saved, and where it is read. */
export type Part = {
  what: "volume" | "bind";
  /** Name of the volume, path on the host. */
  source: string;
  destination: string;
  /** The folder and the name in it by which this process sees it; absent: only the engine does. */
  host?: { folder: string; name: string };
  /** Undefined for what is no volume. */
  volume?: RuntimeVolume;
};

/** What of a container's mounts a request asks for. Throws Refusal for a host folder that it does not mount. */
export async function partsOf(
  container: EngineContainer,
  request: Pick<BackupRequest, "volumes" | "binds">,
  runtime: ContainerRuntime,
  signal: AbortSignal,
): Promise<Part[]> {
  const mounts = container.Mounts ?? [];
  const paths = await hostPathsOf(runtime, signal);
  const parts: Part[] = [];
  for (const { Type, Name, Destination } of request.volumes ? mounts : []) {
    if (Type !== "volume" || !Name || parts.some(({ source }) => source === Name)) continue;
    const volume = await runtime.findVolume(Name, signal);
    if (volume === undefined) throw new Refusal(`the volume ${Name} is gone`);
    const plain = volume.driver === "local" && Object.keys(volume.options).length === 0;
    const host = plain ? paths.place(volume.mountpoint) : undefined;
    parts.push({ what: "volume", source: Name, destination: Destination, volume, ...(host ? { host } : {}) });
  }
  for (const path of request.binds) {
    const wanted = path.length > 1 ? path.replace(/\/+$/, "") : path;
    const mount = mounts.find(({ Type, Destination }) => Type === "bind" && Destination === wanted);
    if (mount === undefined) {
      const there = mounts.filter(({ Type }) => Type === "bind").map(({ Destination }) => Destination);
      const remedy = there.length === 0 ? "it has none" : `it has ${there.join(", ")}`;
      throw new Refusal(`binds: ${JSON.stringify(path)} is no host folder in the container: ${remedy}`);
    }
    const source = mount.Source ?? "";
    const host = paths.place(source);
    if (source === "/" || host?.name === "") throw new Refusal(`binds: ${path} is the whole host: name folders of it`);
    parts.push({ what: "bind", source, destination: wanted, ...(host ? { host } : {}) });
  }
  return parts;
}

import { podmanInfo } from "../podman/info.ts";
import type { ContainerRuntime, EngineInfo } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited, withSignal } from "./deadline.ts";
import { toDiskUsage, toInfo, toNetworks } from "./listings.ts";

/** What the engine tells of itself as a whole. */
export function stateOperations(connection: Connection): Pick<ContainerRuntime, "info" | "networks" | "diskUsage"> {
  const { docker, podman, read } = connection;

  async function info(signal: AbortSignal): Promise<EngineInfo> {
    return toInfo(await read("ask for its settings", () => withSignal(docker.info(), limited(30_000, signal))));
  }

  return {
    info: (signal) => (podman ? podmanInfo(connection, info, limited(30_000, signal)) : info(signal)),
    async networks(signal) {
      return toNetworks(await read("list networks", () => withSignal(docker.listNetworks(), limited(30_000, signal))));
    },
    async diskUsage(signal) {
      return toDiskUsage(await read("measure its disk usage", () => withSignal(docker.df(), limited(300_000, signal))));
    },
  };
}

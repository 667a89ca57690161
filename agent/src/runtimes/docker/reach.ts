import type { Reach } from "../runtime.ts";
import type { EngineContainer, EngineEndpoint } from "./engine-types.ts";

type Endpoint = EngineEndpoint & { IPAddress?: string; GlobalIPv6Address?: string };

/** The ways to the ports of the container whose network `raw` is; `id` is the one that asks. */
export function reachOf(id: string, raw: EngineContainer): Reach {
  const networks = Object.values(raw.NetworkSettings?.Networks ?? {}) as (Endpoint | null)[];
  const own = networks.flatMap((endpoint) => [endpoint?.IPAddress ?? "", endpoint?.GlobalIPv6Address ?? ""]);
  const addresses = raw.HostConfig.NetworkMode === "host" ? ["127.0.0.1"] : own.filter((address) => address !== "");
  const published = Object.entries(raw.NetworkSettings?.Ports ?? {}).flatMap(([port, bindings]) => {
    if (!port.endsWith("/tcp")) return [];
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      containerPort: Number.parseInt(port, 10),
      hostIp: HostIp ?? "",
      hostPort: Number(HostPort),
    }));
  });
  return { id, addresses, published: published.filter(({ hostPort }) => hostPort > 0) };
}

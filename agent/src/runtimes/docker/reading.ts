import type { ContainerRuntime, ContainerSummary } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { atLeast } from "./create-body.ts";
import { limited } from "./deadline.ts";
import { describeContainer } from "./describe.ts";
import type { Inspector } from "./inspector.ts";
import { requestStream, statsOf } from "./library.ts";
import { type ListedContainer, listed, readBounded } from "./listed.ts";
import { countersFromStats } from "./stats.ts";

/** The engine's list of all containers, stopped ones too. */
export function listContainers({ docker, mostBytes, read }: Connection, signal: AbortSignal) {
  return read("list containers", async () => {
    const asked = { method: "GET", path: "/containers/json?", query: { all: true } } as const;
    const stream = await requestStream(docker, { ...asked, signal: limited(10_000, signal) });
    return listed(JSON.parse(await readBounded(stream, mostBytes)));
  });
}

/** What containers there are and how they fare. */
export function readingOperations(
  connection: Connection,
  inspect: Inspector,
): Pick<ContainerRuntime, "list" | "describe" | "usage"> {
  const { podman, version, container, read } = connection;
  return {
    async list(signal) {
      return (await listContainers(connection, signal)).map((raw) => summary(raw, podman));
    },
    async describe(idOrName, signal) {
      const raw = await inspect.container(idOrName, signal);
      return describeContainer(raw, await inspect.digests(raw.Image, signal));
    },
    async usage(id, signal) {
      const oneShot = atLeast(version.api, "1.41");
      const asked = () => statsOf(container(id), oneShot, limited(10_000, signal));
      return countersFromStats(await read(`read the usage of ${id}`, asked));
    },
  };
}

// The status text also counts the time ("Up 3 minutes (healthy)"), so only its health is taken. Podman tells the mere state
// there: its health has to be asked for.
function summary(raw: ListedContainer, podman: boolean): ContainerSummary {
  const health = /\((healthy|unhealthy|health: starting)\)/.exec(raw.status)?.[1] ?? "";
  const own = raw.names.find((name) => name.lastIndexOf("/") === 0) ?? raw.names[0] ?? "";
  return {
    id: raw.id,
    name: own.slice(1),
    fingerprint: [raw.state, health, raw.imageId, raw.image, own, raw.networks, raw.ports].join("|"),
    ...(podman ? { healthUnknown: true } : {}),
  };
}

import type { Host } from "../host/host.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { withPort } from "./found.ts";
import { lowestAddress, parseLocalAddresses } from "./listening.ts";
import type { Namespace, ServerProcess } from "./processes.ts";
import { clientPort, defaultPorts } from "./recognise.ts";

/** Where a client of this host reaches it. */
export type Place = { host: string; port: number };

/** Port that clients use, in the process's own network namespace. */
export function insidePort(process: ServerProcess, namespace: Namespace): number | undefined {
  const { engine, args, visible, tcp } = process;
  if (visible)
    return clientPort(
      engine,
      tcp.map(({ port }) => port),
      args,
    );
  // Its sockets can't be seen: what its arguments say, else the usual one, if somebody listens there.
  const told = Number(
    /:(\d{1,5})$/.exec(args[1] ?? "")?.[1] ??
      clientPort(
        engine,
        namespace.tcp.map((l) => l.port).filter((p) => p === defaultPorts[engine]),
        args,
      ),
  );
  return namespace.tcp.some(({ port }) => port === told) ? told : undefined;
}

/** Addresses on which it listens at that port. */
export function addressesAt(process: ServerProcess, namespace: Namespace, port: number | undefined): string[] {
  const listeners = process.visible ? process.tcp : namespace.tcp;
  return listeners.filter((listener) => listener.port === port).map(({ address }) => address);
}

/** The lowest of the addresses of this network namespace; undefined without one, or without a port. */
export function here(listens: readonly string[], port: number | undefined): Place | undefined {
  const host = lowestAddress(listens);
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** In another network namespace: by the port that the engine publishes, else by an address of that namespace. */
export function there(
  host: Host,
  pid: number,
  info: ContainerInfo | undefined,
  listens: readonly string[],
  port: number | undefined,
): Place | undefined {
  if (port === undefined) return undefined;
  const published = publishedAt(info?.ports ?? [], port);
  if (published !== undefined) return published;
  const outward = listens.filter((address) => !address.startsWith("127.") && address !== "::1");
  const everywhere = outward.find((address) => address === "0.0.0.0" || address === "::");
  const own = everywhere === undefined ? outward[0] : localAddresses(host, pid)[0];
  return own === undefined ? undefined : { host: own, port };
}

/** Where a port of a container is published on this host: out of "127.0.0.1:8080->80/tcp", "8080->80/tcp". */
export function publishedAt(ports: readonly string[], inside: number): Place | undefined {
  const places = ports.flatMap((text) => {
    const match = /^(?:(\[[^\]]+\]|[^:>]+):)?(\d+)->(\d+)\/tcp$/.exec(text);
    if (match === null || Number(match[3]) !== inside) return [];
    return [{ host: match[1]?.replace(/^\[|\]$/g, "") ?? "127.0.0.1", port: Number(match[2]) }];
  });
  const lowest = lowestAddress(places.map(({ host }) => host));
  return places.find(({ host }) => host === lowest) ?? places[0];
}

function localAddresses(host: Host, pid: number): string[] {
  try {
    return parseLocalAddresses(host.readHead(`/proc/${pid}/net/fib_trie`, 64 * 1024) ?? "");
  } catch {
    return [];
  }
}

/** "127.0.0.1:5432" for one that listens everywhere, and its other addresses. */
export function matching(listens: readonly string[], port: number, isHere: boolean): string[] {
  if (!isHere) return [];
  return listens.map((address) => withPort(lowestAddress([address]) ?? address, port));
}

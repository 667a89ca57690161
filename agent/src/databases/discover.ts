import type { Host } from "../host/host.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { databaseKey, type Found, withPort } from "./found.ts";
import { fromProcess } from "./from-process.ts";
import { publishedAt } from "./places.ts";
import { createProcessFinder, nameOf, namespaceOf } from "./processes.ts";
import { defaultPorts, engineOfImage } from "./recognise.ts";
import { checkUnknown } from "./unknown-programs.ts";

/** Answers all databases of this host, with nothing configured. `containers`: absent where there is no engine. */
export type Discover = (containers: readonly ContainerInfo[]) => Promise<Found[]>;

/**
 * Makes a search that remembers what it looked at, so that the next one is cheap. `remembered`: name of a container that the
 * engine does not tell of now.
 */
export function createDiscover(
  host: Host,
  remembered: (containerId: string) => string | undefined = () => undefined,
): Discover {
  const findProcesses = createProcessFinder(host);
  /** By socket inode: what an unknown program turned out to speak. */
  let checked = new Map<string, Found | undefined>();

  return async (containers) => {
    const own = namespaceOf(host, "self");
    const processes = await findProcesses();
    const found = processes.flatMap((process) => fromProcess(host, process, own, containers, remembered) ?? []);
    const taken = new Set(processes.flatMap(({ tcp }) => tcp.map(({ inode }) => inode)));
    checked = await checkUnknown(host, own, taken, checked, containers);
    for (const one of checked.values()) if (one !== undefined) found.push(one);
    for (const info of containers) {
      const seen = found.some(({ container }) => container?.id === info.id);
      // Where its processes can be seen they have told already.
      if (info.state !== "running" || seen || nameOf(host, info.pid) !== undefined) continue;
      const one = fromImage(info);
      if (one !== undefined) found.push(one);
    }
    return unique(found);
  };
}

/** A container whose processes can't be seen from here, by its image. */
function fromImage(info: ContainerInfo): Found | undefined {
  const engine = engineOfImage(info.image);
  if (engine === undefined) return undefined;
  const inside = defaultPorts[engine];
  const place = info.networkMode === "host" ? { host: "127.0.0.1", port: inside } : publishedAt(info.ports, inside);
  return {
    engine,
    key: databaseKey(engine, { container: info.name, port: inside }),
    ...place,
    addresses: place === undefined ? [] : [withPort(place.host, place.port)],
    sockets: [],
    container: { name: info.name, id: info.id },
    ...(place === undefined
      ? { problem: `publish port ${inside} of the container, or run the agent as root on the host` }
      : {}),
  };
}

// Of two with one key (several sockets of one program) the first; one that can't be reached stands back.
function unique(found: readonly Found[]): Found[] {
  const byKey = new Map<string, Found>();
  for (const one of found.toSorted((a, b) => Number(a.problem !== undefined) - Number(b.problem !== undefined))) {
    const other = byKey.get(one.key);
    if (other === undefined) byKey.set(one.key, one);
    else byKey.set(one.key, { ...other, addresses: [...new Set([...other.addresses, ...one.addresses])] });
  }
  return [...byKey.values()];
}

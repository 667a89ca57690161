import type { Host } from "../host/host.ts";
import type { ContainerTable } from "../runtimes/container-table.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { lowestAddress, parseLocalAddresses } from "./listening.ts";
import type { Engine } from "./probe.ts";
import {
  argumentsOf,
  containerIdOf,
  createProcessFinder,
  type Namespace,
  nameOf,
  namespaceOf,
  ownersOf,
  type ServerProcess,
} from "./processes.ts";
import { hintPorts, speaks } from "./protocol-check.ts";
import { clientPort, defaultPorts, engineOfImage, type Recognised, toldDataDirectory } from "./recognise.ts";
import type { Containers } from "./seen.ts";

/** A database that was found on this host. `problem`: why it can't be asked, in one line with the remedy. */
export type Found = Recognised & {
  key: string;
  host?: string;
  port?: number;
  /** Path as the agent sees it. */
  socket?: string;
  /** Every address that leads to it: "127.0.0.1:5432", to match what the configuration says. */
  addresses: readonly string[];
  /** Its unix sockets, as the agent sees them. */
  sockets: readonly string[];
  container?: { name: string; id: string };
  process?: { pid: number; name: string; exe: string | undefined };
  /** As the agent sees it: in a container below /proc/PID/root. `shown`: as the database knows it. */
  dataDirectory?: { path: string; shown: string };
  problem?: string;
};

/** Answers all databases of this host, with nothing configured. `containers`: absent where there is no engine. */
export type Discover = (containers: readonly ContainerInfo[]) => Promise<Found[]>;

/** Programs that pass on what another serves. */
const passesOn =
  /^(docker-proxy|rootlessport|slirp4netns|pasta|conmon|haproxy|pgbouncer|odyssey|pgcat|proxysql|mysqlrouter|maxscale|envoy|nginx|stunnel4?|sshd?|ssh|socat|kubectl|kube-proxy|cloud_sql_proxy|cloud-sql-prox|twemproxy|nutcracker|redis-sentinel|predixy)$/;

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

/** An engine that hangs must not hold up the databases. */
const engineMs = 3_000;

/** The table's containers, brought up to date as far as the engine answers; none where there is no engine. */
export async function containersNow(
  table: Pick<ContainerTable, "refresh" | "visible">,
  now: number,
  signal: AbortSignal,
): Promise<Containers> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), engineMs);
  });
  const fresh = table.refresh(now, signal).then(
    () => true,
    // While it restarts, what was known before still helps.
    () => false,
  );
  const known = await Promise.race([fresh, late]).finally(() => clearTimeout(timer));
  return { known, list: [...table.visible()].map(([name, info]) => ({ ...info, name })) };
}

/** Key of a database: "redis:container/cache:6379", "redis:127.0.0.1:6379", "redis:[::1]:6379", "redis:/run/redis.sock". */
export function databaseKey(
  engine: Engine,
  at: {
    container?: string | undefined;
    host?: string | undefined;
    port?: number | undefined;
    socket?: string | undefined;
  },
): string {
  const { container, host = "127.0.0.1", port, socket } = at;
  if (container !== undefined) return `${engine}:container/${container}:${port ?? defaultPorts[engine]}`;
  if (port === undefined && socket !== undefined) return `${engine}:${socket}`;
  return `${engine}:${withPort(host, port ?? defaultPorts[engine])}`;
}

/** "127.0.0.1:5432", "[::1]:5432". */
export function withPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function fromProcess(
  host: Host,
  process: ServerProcess,
  own: Namespace,
  containers: readonly ContainerInfo[],
  remembered: (containerId: string) => string | undefined,
): Found | undefined {
  const { engine, role, pid, name, exe, containerId } = process;
  const isHere = process.namespace.id === own.id || (process.namespace.id === "" && containerId === undefined);
  const inside = insidePort(process, isHere ? own : process.namespace);
  const path = socketOf(process);
  if (inside === undefined && path === undefined) return undefined;
  const info = containers.find((one) => one.id === containerId);
  const container =
    containerId === undefined
      ? undefined
      : { name: info?.name ?? remembered(containerId) ?? podName(host, process), id: containerId };
  const listens = addressesAt(process, isHere ? own : process.namespace, inside);
  const place = isHere ? here(listens, inside) : there(host, pid, info, listens, inside);
  const socket = path === undefined ? undefined : socketSeen(host, process, path);
  return {
    engine,
    ...(role === undefined ? {} : { role }),
    key: databaseKey(engine, container ? { container: container.name, port: inside } : (place ?? { socket: path })),
    ...place,
    // MySQL knows its own host's users best by the socket.
    ...(socket !== undefined && (place === undefined || (isHere && isMysql(engine))) ? { socket } : {}),
    addresses:
      place === undefined
        ? []
        : [...new Set([withPort(place.host, place.port), ...matching(listens, place.port, isHere)])],
    sockets: process.unix.map((one) => socketSeen(host, process, one.path) ?? one.path),
    ...(container === undefined ? {} : { container }),
    process: { pid, name, exe },
    ...dataDirectoryOf(host, process),
    ...(place === undefined && socket === undefined ? { problem: unreachable(process, inside) } : {}),
  };
}

type Place = { host: string; port: number };

/** Port that clients use, in the process's own network namespace. */
function insidePort(process: ServerProcess, namespace: Namespace): number | undefined {
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

function addressesAt(process: ServerProcess, namespace: Namespace, port: number | undefined): string[] {
  const listeners = process.visible ? process.tcp : namespace.tcp;
  return listeners.filter((listener) => listener.port === port).map(({ address }) => address);
}

function here(listens: readonly string[], port: number | undefined): Place | undefined {
  const host = lowestAddress(listens);
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** In another network namespace: by the port that the engine publishes, else by an address of that namespace. */
function there(
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

// "127.0.0.1:5432" for one that listens everywhere, and its other addresses.
function matching(listens: readonly string[], port: number, isHere: boolean): string[] {
  if (!isHere) return [];
  return listens.map((address) => withPort(lowestAddress([address]) ?? address, port));
}

function socketOf({ engine, unix }: ServerProcess): string | undefined {
  const paths = unix.map(({ path }) => path).filter((path) => path.startsWith("/") && !/mysqlx[^/]*$/.test(path));
  const fitting = engine === "postgresql" ? paths.filter((path) => path.includes("/.s.PGSQL.")) : paths;
  return fitting.sort((a, b) => Number(a.startsWith("/tmp/")) - Number(b.startsWith("/tmp/")) || (a < b ? -1 : 1))[0];
}

/** The path of its socket from here: as it is, or below its own root (a container, a service with a /tmp of its own). */
function socketSeen(host: Host, { pid, containerId }: ServerProcess, path: string): string | undefined {
  const below = `/proc/${pid}/root${path}`;
  const paths = containerId === undefined ? [path, below] : [below];
  // A longer path is none for the kernel.
  return paths.find((one) => Buffer.byteLength(one) <= 107 && exists(host, one));
}

function exists(host: Host, path: string): boolean {
  try {
    return host.linkCount(path) !== undefined;
  } catch {
    return false;
  }
}

function dataDirectoryOf(
  host: Host,
  { engine, args, cwd, pid, containerId }: ServerProcess,
): Pick<Found, "dataDirectory"> {
  const shown = toldDataDirectory(engine, args) ?? (engine === "minio" || engine === "mongodb" ? undefined : cwd);
  if (shown === undefined) return {};
  // An agent in a container sees the host's folders below the process's root alone.
  const isHere = containerId === undefined && exists(host, shown);
  return { dataDirectory: { shown, path: isHere ? shown : `/proc/${pid}/root${shown}` } };
}

// Kubernetes gives a pod its name as host name; others give the short id.
function podName(host: Host, { pid, containerId = "" }: ServerProcess): string {
  try {
    const name = host.readText(`/proc/${pid}/root/etc/hostname`)?.trim();
    if (name && /^[\w.-]{1,128}$/.test(name)) return name;
  } catch {
    // Not ours to see.
  }
  return containerId.slice(0, 12);
}

function unreachable({ engine, containerId }: ServerProcess, port: number | undefined): string {
  const number = port ?? defaultPorts[engine];
  return containerId === undefined
    ? `it listens only in a network namespace of its own: let it listen on port ${number} of the host too`
    : `it listens only inside its container: publish port ${number}, or let it listen on all addresses there`;
}

/** Listeners at a database's usual port whose program has another name: asked once each what they speak. */
async function checkUnknown(
  host: Host,
  own: Namespace,
  taken: ReadonlySet<string>,
  before: ReadonlyMap<string, Found | undefined>,
  containers: readonly ContainerInfo[],
): Promise<Map<string, Found | undefined>> {
  const next = new Map<string, Found | undefined>();
  const unknown = own.tcp.filter(({ port, inode }) => hintPorts.includes(port) && !taken.has(inode));
  const fresh = unknown.filter(({ inode }) => !before.has(inode));
  for (const { inode } of unknown) if (before.has(inode)) next.set(inode, before.get(inode));
  if (fresh.length === 0) return next;
  const owners = await ownersOf(host, new Set(fresh.map(({ inode }) => inode)));
  for (const { port, inode, address } of fresh) {
    const pid = owners.get(inode);
    const name = pid === undefined ? undefined : nameOf(host, pid);
    next.set(inode, undefined);
    if (pid === undefined || name === undefined || passesOn.test(name)) continue;
    const place = here([address], port);
    if (place === undefined) continue;
    const engine = await speaks(place.host, place.port);
    if (engine === undefined) continue;
    const id = containerIdOf(host.readText(`/proc/${pid}/cgroup`) ?? "");
    const info = containers.find((one) => one.id === id);
    const container = id === undefined ? undefined : { id, name: info?.name ?? id.slice(0, 12) };
    const at = container ? { container: container.name, port } : place;
    next.set(inode, {
      engine,
      key: databaseKey(engine, at),
      ...place,
      addresses: [withPort(place.host, place.port)],
      sockets: [],
      ...(container === undefined ? {} : { container }),
      process: { pid, name, exe: undefined },
      ...knownDirectory(toldDataDirectory(engine, argumentsOf(host, pid))),
    });
  }
  return next;
}

function knownDirectory(path: string | undefined): Pick<Found, "dataDirectory"> {
  return path === undefined ? {} : { dataDirectory: { path, shown: path } };
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

function isMysql(engine: Engine): boolean {
  return engine === "mysql" || engine === "mariadb";
}

// Of two with one key (several sockets of one program) the first.
function unique(found: readonly Found[]): Found[] {
  const byKey = new Map<string, Found>();
  for (const one of found) {
    const other = byKey.get(one.key);
    if (other === undefined) byKey.set(one.key, one);
    else byKey.set(one.key, { ...other, addresses: [...new Set([...other.addresses, ...one.addresses])] });
  }
  return [...byKey.values()];
}

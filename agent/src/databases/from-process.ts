import type { Host } from "../host/host.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { databaseKey, type Found, withPort } from "./found.ts";
import { addressesAt, here, insidePort, matching, there } from "./places.ts";
import type { Engine } from "./probe.ts";
import type { Namespace, ServerProcess } from "./processes.ts";
import { defaultPorts, toldDataDirectory } from "./recognise.ts";

/** What a server process serves and how to reach it; undefined where it listens nowhere. `own`: the agent's network namespace. */
export function fromProcess(
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
    key: databaseKey(
      engine,
      container
        ? { container: container.name, port: inside }
        : (place ?? { port: path === undefined ? inside : undefined, socket: path }),
    ),
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

function isMysql(engine: Engine): boolean {
  return engine === "mysql" || engine === "mariadb";
}

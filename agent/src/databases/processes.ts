import { setImmediate as turn } from "node:timers/promises";
import type { Host } from "../host/host.ts";
import { parseTcpListeners, parseUnixListeners, type TcpListener, type UnixListener } from "./listening.ts";
import { maybeDatabase, type Recognised, recognise } from "./recognise.ts";

/** A process that serves a database, and where it listens. */
export type ServerProcess = Recognised & {
  pid: number;
  /** Kernel ticks since boot: with the pid it names this run. */
  startedAt: string;
  name: string;
  exe: string | undefined;
  args: readonly string[];
  cwd: string | undefined;
  /** 64 hex digits, where its cgroup names a container. */
  containerId: string | undefined;
  tcp: readonly TcpListener[];
  unix: readonly UnixListener[];
  /** False where its sockets could not be seen: not root. `tcp` and `unix` are then empty. */
  visible: boolean;
  /** Of its network namespace: other processes' too. */
  namespace: Namespace;
};

/** Listening sockets of one network namespace. `text` changes when they do. */
export type Namespace = { id: string; tcp: readonly TcpListener[]; unix: readonly UnixListener[] };

type Stat = { comm: string; parent: number; startedAt: string };
type Known = { startedAt: string; sockets: string; inodes: Set<string> | undefined };

const pidsAtOnce = 200;
const mostSocketText = 512 * 1024;

/**
 * Finds the processes that serve databases. Costs a read of /proc/PID/comm for each process; sockets of a process are looked
 * up anew only when those of its namespace changed.
 */
export function createProcessFinder(host: Host) {
  let known = new Map<number, Known>();

  return async function find(): Promise<ServerProcess[]> {
    const candidates = await pidsByName(host);
    const stats = new Map<number, Stat>();
    for (const pid of candidates) {
      const stat = statOf(host, pid);
      if (stat !== undefined) stats.set(pid, stat);
    }
    const namespaces = new Map<string, Namespace>();
    const next = new Map<number, Known>();
    const found: ServerProcess[] = [];
    for (const [pid, stat] of stats) {
      // Backends, background savers: children of the one that listens.
      if (stats.get(stat.parent)?.comm === stat.comm) continue;
      const exe = attempt(() => host.readLink(`/proc/${pid}/exe`));
      const args = argumentsOf(host, pid);
      const recognised = recognise(stat.comm, exe, args);
      if (recognised === undefined) continue;
      const namespace = namespaceOf(host, pid, namespaces);
      const sockets = socketsText(namespace);
      const before = known.get(pid);
      const same = before?.startedAt === stat.startedAt && before.sockets === sockets;
      const inodes = same && before.inodes?.size ? before.inodes : socketInodes(host, pid);
      next.set(pid, { startedAt: stat.startedAt, sockets, inodes });
      const own = <T extends { inode: string }>(all: readonly T[]) => all.filter(({ inode }) => inodes?.has(inode));
      found.push({
        ...recognised,
        pid,
        startedAt: stat.startedAt,
        name: stat.comm,
        exe,
        args,
        cwd: attempt(() => host.readLink(`/proc/${pid}/cwd`)),
        containerId: containerIdOf(attempt(() => host.readText(`/proc/${pid}/cgroup`)) ?? ""),
        tcp: own(namespace.tcp),
        unix: own(namespace.unix),
        visible: inodes !== undefined,
        namespace,
      });
    }
    known = next;
    return found;
  };
}

/** The process that holds each of these sockets, by inode: looks at every process, so only ask when the sockets are new. */
export async function ownersOf(host: Host, inodes: ReadonlySet<string>): Promise<Map<string, number>> {
  const owners = new Map<string, number>();
  for (const [i, pid] of pidsOf(host).entries()) {
    if (owners.size === inodes.size) break;
    if (i % 20 === 19) await turn();
    for (const inode of socketInodes(host, pid) ?? []) if (inodes.has(inode)) owners.set(inode, pid);
  }
  return owners;
}

/** Listening sockets in the namespace of that process. */
export function namespaceOf(host: Host, pid: number | "self", seen = new Map<string, Namespace>()): Namespace {
  const id = attempt(() => host.readLink(`/proc/${pid}/ns/net`)) ?? "";
  const known = id === "" ? undefined : seen.get(id);
  if (known !== undefined) return known;
  // Those that listen come first, before thousands of connections.
  const read = (name: string) => attempt(() => host.readHead(`/proc/${pid}/net/${name}`, mostSocketText)) ?? "";
  const made = {
    id,
    tcp: [...parseTcpListeners(read("tcp")), ...parseTcpListeners(read("tcp6"))],
    unix: parseUnixListeners(read("unix")),
  };
  if (id !== "") seen.set(id, made);
  return made;
}

/** True while that process of that name lives. */
export function isAlive(host: Host, pid: number, name: string): boolean {
  return statOf(host, pid)?.comm === name;
}

/** Name of a process, or undefined once it is gone. */
export function nameOf(host: Host, pid: number): string | undefined {
  return attempt(() => host.readText(`/proc/${pid}/comm`))?.trim();
}

/** The container that a process runs in, by /proc/PID/cgroup: Docker's, Podman's and Kubernetes' ids are 64 hex digits. */
export function containerIdOf(text: string): string | undefined {
  return /(?:^|[/:-])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/m.exec(text)?.[1];
}

/** Arguments of a process. */
export function argumentsOf(host: Host, pid: number): string[] {
  const text = attempt(() => host.readText(`/proc/${pid}/cmdline`)) ?? "";
  const parts = text.replace(/\0+$/, "").split("\0");
  // Those that write their own title leave one string with spaces.
  return parts.length === 1 ? (parts[0] ?? "").split(" ").filter((part) => part !== "") : parts;
}

async function pidsByName(host: Host): Promise<number[]> {
  const found: number[] = [];
  for (const [i, pid] of pidsOf(host).entries()) {
    if (i % pidsAtOnce === pidsAtOnce - 1) await turn();
    const comm = nameOf(host, pid);
    if (comm !== undefined && maybeDatabase(comm)) found.push(pid);
  }
  return found;
}

function pidsOf(host: Host): number[] {
  return (host.readDir("/proc") ?? []).filter((name) => /^\d+$/.test(name)).map(Number);
}

function statOf(host: Host, pid: number): Stat | undefined {
  const text = attempt(() => host.readText(`/proc/${pid}/stat`)) ?? "";
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  // A zombie serves nobody.
  if (end < 0 || fields.length < 20 || fields[0] === "Z" || fields[0] === "X") return undefined;
  return { comm: text.slice(text.indexOf("(") + 1, end), parent: Number(fields[1]), startedAt: fields[19] ?? "" };
}

function socketInodes(host: Host, pid: number): Set<string> | undefined {
  const names = attempt(() => host.readDir(`/proc/${pid}/fd`));
  if (names === undefined) return undefined;
  const found = new Set<string>();
  for (const name of names) {
    const inode = /^socket:\[(\d+)\]$/.exec(attempt(() => host.readLink(`/proc/${pid}/fd/${name}`)) ?? "")?.[1];
    if (inode !== undefined) found.add(inode);
  }
  return found;
}

function socketsText({ tcp, unix }: Namespace): string {
  return [...tcp, ...unix].map(({ inode }) => inode).join(" ");
}

// Not ours to see, or gone meanwhile.
function attempt<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

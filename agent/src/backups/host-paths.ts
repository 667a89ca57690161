import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { parseUnixListeners } from "../databases/listening.ts";
import { realPath } from "../host/real-path.ts";
import type { ContainerRuntime } from "../runtimes/runtime.ts";

/** What of an engine's paths is the same here. */
export type HostPaths = {
  /** True where that path leads the engine and us to the very same file or folder. */
  same(path: string): boolean;
  /** A folder or plain file that is the same here, by its real path; undefined: it is read through the engine. */
  place(path: string): { folder: string; name: string } | undefined;
};

const none: HostPaths = { same: () => false, place: () => undefined };
const known = new WeakMap<object, Promise<HostPaths>>();

/**
 * Compares the engine's paths with ours. None is the same where the agent runs in a container, where the engine maps users,
 * and where the processes behind its socket can't be seen. An engine in another root (a snap, a chroot, another container)
 * tells paths that may well exist here, too, as something else: device and inode decide.
 */
export function hostPathsOf(runtime: ContainerRuntime, signal: AbortSignal): Promise<HostPaths> {
  const before = known.get(runtime);
  if (before !== undefined) return before;
  const found = look(runtime, signal);
  known.set(runtime, found);
  found.catch(() => known.delete(runtime));
  return found;
}

async function look(runtime: ContainerRuntime, signal: AbortSignal): Promise<HostPaths> {
  if (runtime.ownContainerId !== undefined || runtime.socket === undefined) return none;
  const { rootDir, rootless } = await runtime.info(signal);
  // With userns-remap the engine's folder is named for the first mapped user and group.
  if (rootless || /\/\d+\.\d+$/.test(rootDir)) return none;
  const pids = await servers(runtime.socket);
  if (pids.length === 0) return none;
  const same = (path: string) => {
    const ours = attempt(() => statSync(path));
    return ours !== undefined && pids.every((pid) => isFile(ours, seenBy(pid, path)));
  };
  return { same, place: (path) => (same(path) ? placeOf(path) : undefined) };
}

function isFile(one: Stats, other: Stats | undefined): boolean {
  return other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** What a path is for a process, whose root may be another one. */
function seenBy(pid: number, path: string): Stats | undefined {
  const root = `/proc/${pid}/root`;
  // Followed link by link: an absolute one would lead out of that root.
  const real = realPath({ readLink: (link) => readlinkSync(root + link) }, path);
  return attempt(() => lstatSync(root + real));
}

/** The processes that hold the listening socket of that path; systemd is one where it opened the socket. */
async function servers(socket: string): Promise<number[]> {
  const wanted = realOf(socket);
  const text = attempt(() => readFileSync("/proc/self/net/unix", "utf8")) ?? "";
  const listeners = parseUnixListeners(text).filter(({ path }) => path === socket || realOf(path) === wanted);
  const targets = new Set(listeners.map(({ inode }) => `socket:[${inode}]`));
  const found: number[] = [];
  if (targets.size === 0) return found;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const [i, pid] of pids.entries()) {
    if (i % 20 === 19) await turn();
    const folder = `/proc/${pid}/fd`;
    const holds = (attempt(() => readdirSync(folder)) ?? []).some((fd) =>
      targets.has(attempt(() => readlinkSync(join(folder, fd))) ?? ""),
    );
    if (holds) found.push(Number(pid));
  }
  return found;
}

function realOf(path: string): string {
  return attempt(() => realpathSync(path)) ?? path;
}

function placeOf(path: string): { folder: string; name: string } | undefined {
  const real = attempt(() => realpathSync(path));
  const seen = real === undefined ? undefined : attempt(() => lstatSync(real));
  if (real === undefined || seen === undefined || !(seen.isDirectory() || seen.isFile())) return undefined;
  return { folder: dirname(real), name: basename(real) };
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A TCP port of 127.0.0.1 that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

/** Waits until a service that was started answers. Throws with the end of its log when it ended, or after `limitMs`. */
export async function untilServes(
  child: ChildProcess,
  { asks, log, limitMs = 30_000 }: { asks: () => Promise<unknown>; log: string; limitMs?: number },
): Promise<void> {
  const until = Date.now() + limitMs;
  for (;;) {
    try {
      await asks();
      return;
    } catch (cause) {
      if (hasEnded(child) || Date.now() > until) {
        throw new Error(`${child.spawnfile}: ${readFileSync(log, "utf8").slice(-2_000)}`, { cause });
      }
      await delay(50);
    }
  }
}

/** Ends it by the signal, by SIGKILL when that does not do. Resolves when it is gone. */
export async function end(child: ChildProcess | undefined, signal: NodeJS.Signals, patienceMs = 10_000) {
  if (child === undefined || hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await ended;
  clearTimeout(late);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Process ids whose command line `matches` accepts, but not the tests' own. */
export function processesWith(matches: (commandLine: string) => boolean): number[] {
  const ids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return ids.filter((pid) => {
    if (pid === process.pid) return false;
    const line = textOf(`/proc/${pid}/cmdline`);
    return matches(line) && !line.includes("vitest");
  });
}

/** Ids of the processes that it started. */
export function childrenOf(pid: number): number[] {
  return textOf(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
}

/** SIGKILL; one that is gone is no error. */
export function killNow(...pids: number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Detaches all that is mounted below the folder, the innermost first. */
export function unmountUnder(folder: string): void {
  const points = textOf("/proc/mounts")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  for (const point of points.filter((one) => one.startsWith(`${folder}/`)).reverse()) {
    try {
      execFileSync("umount", ["-l", point], { stdio: "ignore" });
    } catch {
      // Gone with the one that it was mounted in.
    }
  }
}

/** Packs a tar of a root with nothing but busybox; its path is answered. */
export function packBusybox(busybox: string, folder: string): string {
  const root = join(folder, "image");
  for (const made of ["bin", "tmp", "data", "proc", "dev", "sys", "etc"])
    mkdirSync(join(root, made), { recursive: true });
  copyFileSync(busybox, join(root, "bin/busybox"));
  chmodSync(join(root, "bin/busybox"), 0o755);
  const tar = join(folder, "image.tar");
  execFileSync("tar", ["-C", root, "-cf", tar, "."]);
  return tar;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

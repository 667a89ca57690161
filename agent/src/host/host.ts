import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import type { BackupSettings } from "../backups/settings.ts";
import type { DatabaseSettings } from "../databases/settings.ts";
import type { ComposeFilesSetting } from "../executor/update/compose-files-mode.ts";
import type { RuntimeSettings } from "../runtimes/discover.ts";
import type { DriveSettings } from "../smart/settings.ts";
import { createGuard } from "./guard.ts";
import { runProgram } from "./subprocess.ts";
import { createTextReader } from "./text-reader.ts";

/** Outcome of a finished subprocess. `code` is null when a signal ended it. */
export type Finished = { code: number | null; signal: string | null; stdout: string; stderr: string };

/**
 * All that collectors may ask of the machine. Paths are absolute as on the host and are looked up under `root`, so that
 * tests and containers can point elsewhere.
 */
export type Host = {
  root: string;
  /** Where the container engine listens, from the configuration: a path or unix:// URL. Absent: the default. */
  dockerSocket?: string | undefined;
  /** The container runtimes that the configuration names. Absent: those that are found. */
  runtimes?: readonly RuntimeSettings[] | undefined;
  /** What the configuration says of databases. Absent: the defaults. */
  databases?: DatabaseSettings | undefined;
  /** What the configuration says of drives. Absent: nothing. */
  drives?: DriveSettings | undefined;
  /** What the configuration says of backups. Absent: the defaults. */
  backups?: BackupSettings | undefined;
  /** What the configuration allows with compose files. Absent: the default. */
  composeFiles?: ComposeFilesSetting | undefined;
  /** False: no line of a container's log leaves this host. */
  containerLogs?: boolean | undefined;
  /** The agent's own folder, for what a collector must know after a restart. Absent: nothing is kept (CLI, tests). */
  stateDir?: string | undefined;
  /** Reads a small text file at once (/proc, /sys); undefined where it does not exist. Throws on other errors. */
  readText(path: string): string | undefined;
  /** The first bytes of a text file that may be large, up to the last whole line; undefined where it does not exist. */
  readHead(path: string, bytes: number): string | undefined;
  /** Reads a file whose driver may take its time (sensors): in the thread pool, guarded as statfs is. */
  readSlowText(path: string, deadlineMs: number): Promise<string | undefined>;
  /** Names in a folder, unsorted; undefined where it does not exist. */
  readDir(path: string): string[] | undefined;
  /** Target of a symbolic link; undefined where there is none. */
  readLink(path: string): string | undefined;
  /** Number of hard links of a file or folder; undefined where it does not exist. */
  linkCount(path: string): number | undefined;
  /** statfs in the thread pool: a hung mount rejects at the deadline, and is not asked again before it has answered. */
  statfs(path: string, deadlineMs: number): Promise<StatFs>;
  /** Runs a program without a shell, LC_ALL=C; kills it at the deadline or the signal. Rejects when it can't start. */
  run(file: string, args: readonly string[], options: RunOptions): Promise<Finished>;
};

/**
 * `maxBytes` of output are read, 1 MB unless told. Of a `flight` ("zpool status tank") one process lives at a time: the
 * next is refused with Hung until the last has really ended, even if it was given up at its deadline.
 */
export type RunOptions = { deadlineMs: number; maxBytes?: number; signal?: AbortSignal; flight?: string };

/** Numbers in bytes and inodes. */
export type StatFs = {
  blockSize: number;
  blocks: number;
  free: number;
  available: number;
  files: number;
  freeFiles: number;
};

/** What a hung call is tried with instead of the real one; only tests set it. */
export type HostParts = { statfs?: (path: string) => Promise<StatFs> };

/** The machine under that root; "/" is this one. */
export function createHost(root = "/", parts: HostParts = {}): Host {
  const prefix = root === "/" ? "" : root.replace(/\/+$/, "");
  const readText = createTextReader(prefix);
  // libuv's pool has four threads: hung calls may hold two of them, never all.
  const guard = createGuard(2);
  const ask = parts.statfs ?? statfsInPool;
  return {
    root,
    readText,
    readHead: (path, bytes) => unlessAbsent(() => readHead(prefix + path, bytes)),
    readSlowText: (path, deadlineMs) =>
      guard(path, deadlineMs, () => absentAsUndefined(readFile(prefix + path, "utf8"))),
    readDir: (path) => unlessAbsent(() => readdirSync(prefix + path)),
    readLink: (path) => unlessAbsent(() => readlinkSync(prefix + path)),
    linkCount: (path) => unlessAbsent(() => statSync(prefix + path).nlink),
    statfs: (path, deadlineMs) =>
      guard(
        path,
        deadlineMs,
        () => ask(prefix + path),
        () => statfsInChild(prefix + path),
      ),
    run: runProgram,
  };
}

/** True for errors that say "there is no such thing": no such file, process or device. */
export function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ESRCH" || code === "ENODEV" || code === "ENXIO";
}

function unlessAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error) || (error as NodeJS.ErrnoException).code === "EINVAL") return undefined;
    throw error;
  }
}

function readHead(path: string, bytes: number): string {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    let length = 0;
    for (;;) {
      // procfs gives a page or less at a time.
      const got = readSync(file, buffer, length, bytes - length, length);
      length += got;
      if (got === 0) return buffer.toString("utf8", 0, length);
      if (length === bytes) return buffer.toString("utf8", 0, buffer.lastIndexOf("\n") + 1);
    }
  } finally {
    closeSync(file);
  }
}

async function absentAsUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function statfsInPool(path: string): Promise<StatFs> {
  const s = await statfs(path);
  return {
    blockSize: s.bsize,
    blocks: s.blocks,
    free: s.bfree,
    available: s.bavail,
    files: s.files,
    freeFiles: s.ffree,
  };
}

/** The same in a process, for the time in which the pool must not lend another thread. It may hang as long as it likes. */
async function statfsInChild(path: string): Promise<StatFs> {
  const done = await runProgram("stat", ["-f", "-c", "%S %b %f %a %c %d", "--", path], { deadlineMs: 86_400_000 });
  const [blockSize, blocks, free, available, files, freeFiles] = done.stdout.trim().split(" ").map(Number);
  if (done.code !== 0 || freeFiles === undefined) throw new Error(`stat -f ${path}: ${done.stderr.trim()}`);
  return { blockSize, blocks, free, available, files, freeFiles } as StatFs;
}

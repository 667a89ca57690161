import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../config.ts";

/** Another process holds the data directory; the message says which. */
export class HeldError extends Error {}

/**
 * Makes the data directory (0755: PostgreSQL's account must pass) and takes it for this process. Throws HeldError, or
 * ConfigError where it can't be written.
 */
export function holdDataDir(dataDir: string): { release(): void } {
  makeFolder(dataDir);
  const path = join(dataDir, "server.lock");
  for (let attempt = 0; ; attempt++) {
    try {
      const fd = openSync(path, "wx", 0o600);
      writeSync(fd, `${process.pid} ${startTime(process.pid)}\n`);
      closeSync(fd);
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(dataDir, error);
      if (attempt > 3) throw error;
    }
    const [pid = 0, started = ""] = readFileSync(path, "utf8")
      .trim()
      .split(" ", 2)
      .map((s, i) => (i === 0 ? Number(s) : s)) as [number, string];
    if (pid > 0 && startTime(pid) === started) {
      throw new HeldError(
        `${dataDir} is held by process ${pid} (${commandLine(pid)}): stop it, or choose another folder with FAIRLEAD_DATA_DIR`,
      );
    }
    rmSync(path, { force: true });
  }
}

/** Clock ticks after boot at which the process started, with the boot's id: tells a reused pid. "" where it is gone. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
  } catch {
    return "";
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim().slice(0, 120);
  } catch {
    return "unknown";
  }
}

/** One folder after the other: Node's own recursion never ends in /proc. */
function makeFolder(path: string): void {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === true) return;
  if (isFolder === false) throw new ConfigError(`${path} is no folder: choose another one with FAIRLEAD_DATA_DIR`);
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): ConfigError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new ConfigError(`${path} can't be written (${code}): choose another folder with FAIRLEAD_DATA_DIR`);
}

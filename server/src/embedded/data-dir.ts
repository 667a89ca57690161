import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Another process holds the data directory; the message says which. */
export class HeldError extends Error {}

/** Makes the data directory (0755: PostgreSQL's account must pass) and takes it for this process. Throws HeldError. */
export function holdDataDir(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const path = join(dataDir, "server.lock");
  for (let attempt = 0; ; attempt++) {
    try {
      const fd = openSync(path, "wx", 0o600);
      writeSync(fd, `${process.pid} ${startTime(process.pid)}\n`);
      closeSync(fd);
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 3) throw error;
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

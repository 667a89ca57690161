import {
  chmodSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { errorText } from "./log.ts";
import { makePrivateFolder, writeFileAtomic } from "./state-file.ts";

/** The state folder can't be used; the message says why and what to do. */
export class StateFolderError extends Error {}

/** Another agent already runs on this state folder. */
export class AlreadyRunning extends Error {}

/** What the agent itself puts there, with what a crash may leave of it; and what a file system of its own holds. */
const ours =
  /^(key\.pem|cert\.pem|ca\.pem|enrolment\.json|server-config\.json|resources\.json|drives\.json|control\.sock|agent\.lock|runtimes\.json|writable|spool|commands|updates|swaps)(\.\d+\.(tmp|old))?$/;
const lockName = "agent.lock";

/**
 * Makes the folder, or makes sure of one that is there: closed to others without shutting anybody out, writable. Throws
 * StateFolderError, so that no token is spent on a folder that can't keep what it buys.
 */
export function claimFolder(path: string): void {
  try {
    makePrivateFolder(path);
    const foreign = readdirSync(path).filter((name) => !ours.test(name) && name !== "lost+found");
    // One that is closed already loses nobody anything.
    if (foreign.length > 0 && (statSync(path).mode & 0o077) !== 0) {
      const some = foreign.slice(0, 3).join(", ");
      throw new StateFolderError(`stateDir: ${path}: holds files of others (${some}): give a folder of its own`);
    }
    chmodSync(path, 0o700);
    writeFileAtomic(join(path, "writable"), "x".repeat(8192));
    unlinkSync(join(path, "writable"));
  } catch (error) {
    if (error instanceof StateFolderError) throw error;
    throw new StateFolderError(
      `stateDir: ${path}: can't be used: ${errorText(error)}: run as root, check disk and mount`,
    );
  }
}

/** Removes what the agent put there, and the folder when nothing else is in it; returns whether it is gone. */
export function removeState(path: string): boolean {
  for (const name of readdirSync(path)) {
    if (ours.test(name)) rmSync(join(path, name), { recursive: true, force: true });
  }
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Removes what writes that a crash cut short left behind. */
export function sweepTemporary(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/\.\d+\.(tmp|old)$/.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Takes the folder for this process and returns what gives it back. The lock is a symbolic link to the name of the process:
 * made whole or not at all, and needs no room on a full disk. One whose process is gone is taken over. Throws
 * AlreadyRunning, or what the file system throws.
 */
export function lockFolder(path: string): () => void {
  makePrivateFolder(path);
  const lock = join(path, lockName);
  const mine = processName("self");
  for (let attempt = 0; ; attempt++) {
    try {
      symlinkSync(mine, lock);
      return () => {
        if (holder(lock) === mine) unlinkSync(lock);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt === 10) throw error;
    }
    const other = holder(lock);
    if (other === undefined) continue;
    const pid = other.split(".", 1)[0] ?? "";
    if (/^\d+$/.test(pid) && processName(pid) === other) {
      throw new AlreadyRunning(`another agent (pid ${pid}) runs on ${path}: stop it first`);
    }
    takeOver(lock, other);
  }
}

// Two may find the same dead holder: who moved away a lock that is not the dead one's puts it back.
function takeOver(lock: string, dead: string): void {
  const aside = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, aside);
    const moved = readlinkSync(aside);
    unlinkSync(aside);
    if (moved !== dead) symlinkSync(moved, lock);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  }
}

function holder(lock: string): string | undefined {
  try {
    return readlinkSync(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Pid, start in ticks since boot, and boot: no two processes share it. Empty when there is none. */
function processName(pid: string): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return fields[0] === "Z" ? "" : `${stat.split(" ", 1)[0]}.${fields[19]}.${boot}`;
  } catch {
    return "";
  }
}

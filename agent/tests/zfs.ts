import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createHost, type Host } from "../src/host/host.ts";
import { runProgram } from "../src/host/subprocess.ts";

/** A ZFS of its own: zfs-fuse with a /run, a /var/lib and mounts that nobody else sees, on files and loop devices. */
export type Zfs = {
  /** The host as an agent beside that zfs-fuse would see it; keeps its state in the folder. */
  host: Host;
  folder: string;
  /** Runs zpool and answers what it printed; throws where it fails. */
  zpool(...args: string[]): string;
  zfs(...args: string[]): string;
  /** Path of a new empty file of that size. */
  file(mebibytes?: number): string;
  /** A new loop device on such a file. */
  loop(mebibytes?: number): { device: string; file: string };
  /** Runs a shell line where the pools' mounts are seen. */
  shell(line: string): string;
  close(): Promise<void>;
};

/** Why there can be no ZFS here, or undefined. */
export const noZfs: string | undefined = missingParts();

const script = `mount --make-rprivate / && mount -t tmpfs none /run && mount -t tmpfs none /var/lib &&
mkdir -p /run/zfs /run/lock && exec zfs-fuse -n --no-kstat-mount -m 32`;

/** Starts it; `close` ends the daemon by its id and detaches the loop devices. */
export async function startZfs(): Promise<Zfs> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-zfs-"));
  const daemon = spawn("unshare", ["-m", "sh", "-c", script], { stdio: "ignore" });
  const loops: string[] = [];
  let files = 0;
  const atExit = () => {
    daemon.kill("SIGKILL");
    for (const device of loops) spawnSync("losetup", ["-d", device]);
  };
  process.once("exit", atExit);
  const inside = ["-t", String(daemon.pid), "-m", "--"];
  const run = (...command: string[]) =>
    execFileSync("nsenter", [...inside, ...command], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 30_000,
    });
  await isUp(daemon, () => run("zpool", "list"));
  const host: Host = {
    ...createHost(`/proc/${daemon.pid}/root`),
    stateDir: folder,
    run: (file, args, options) => runProgram("nsenter", [...inside, file, ...args], options),
  };
  const file = (mebibytes = 72) => {
    const path = join(folder, `disk${files++}`);
    const made = openSync(path, "w");
    ftruncateSync(made, mebibytes << 20);
    closeSync(made);
    return path;
  };
  return {
    host,
    folder,
    file,
    zpool: (...args) => run("zpool", ...args),
    zfs: (...args) => run("zfs", ...args),
    shell: (line) => run("sh", "-c", line),
    loop(mebibytes) {
      const path = file(mebibytes);
      const device = execFileSync("losetup", ["-f", "--show", path], { encoding: "utf8" }).trim();
      loops.push(device);
      return { device, file: path };
    },
    async close() {
      process.off("exit", atExit);
      if (daemon.exitCode === null && daemon.signalCode === null) {
        const ended = once(daemon, "exit");
        daemon.kill("SIGTERM");
        const late = setTimeout(() => daemon.kill("SIGKILL"), 5_000);
        await ended;
        clearTimeout(late);
      }
      for (const device of loops) spawnSync("losetup", ["-d", device]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function isUp(daemon: ChildProcess, answers: () => unknown): Promise<void> {
  const until = Date.now() + 15_000;
  for (;;) {
    try {
      if (readFileSync(`/proc/${daemon.pid}/comm`, "utf8").trim() === "zfs-fuse") {
        answers();
        return;
      }
    } catch (cause) {
      if (Date.now() > until) throw new Error("zfs-fuse does not answer", { cause });
    }
    if (daemon.exitCode !== null) throw new Error("zfs-fuse did not start");
    await delay(30);
  }
}

function missingParts(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  if (!existsSync("/usr/sbin/zfs-fuse")) return "zfs-fuse is not installed";
  if (!existsSync("/dev/fuse")) return "no /dev/fuse";
  if (spawnSync("unshare", ["-m", "true"]).status !== 0) return "no mount namespaces of its own";
  const free = spawnSync("losetup", ["-f"]);
  return free.status === 0 ? undefined : "no loop devices";
}

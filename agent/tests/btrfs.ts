import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A btrfs on loop devices of its own, mounted. */
export type Btrfs = {
  uuid: string;
  mount: string;
  devices: { device: string; file: string }[];
  /** Mounts it again with these options after the device of that place was taken away. */
  lose(place: number): void;
  close(): void;
};

/** Why there can be no btrfs here, or undefined. */
export const noBtrfs: string | undefined = missingParts();

/** Makes one on so many devices, data and metadata of that profile. */
export function makeBtrfs(profile: string, count: number): Btrfs {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-btrfs-"));
  const mount = join(folder, "mnt");
  mkdirSync(mount);
  const devices = Array.from({ length: count }, (_, i) => {
    const file = join(folder, `disk${i}`);
    const made = openSync(file, "w");
    ftruncateSync(made, 200 << 20);
    closeSync(made);
    return { device: run("losetup", "-f", "--show", file).trim(), file };
  });
  const detach = () => {
    spawnSync("btrfs", ["scrub", "cancel", mount]);
    // A scrub that was cancelled holds the mount for a moment more; what else holds it must not hold the devices.
    for (let tries = 0; tries < 50 && spawnSync("umount", [mount]).status !== 0 && isMounted(mount); tries++) pause(50);
    if (isMounted(mount)) spawnSync("umount", ["-l", mount]);
    for (const { device } of devices) spawnSync("losetup", ["-d", device]);
  };
  process.once("exit", detach);
  const names = devices.map(({ device }) => device);
  run("mkfs.btrfs", "-q", "-f", "-d", profile, "-m", profile, ...names);
  run("mount", names[0] ?? "", mount);
  const uuid = run("btrfs", "filesystem", "show", mount).match(/uuid: (\S+)/)?.[1] ?? "";
  return {
    uuid,
    mount,
    devices,
    lose(place) {
      run("umount", mount);
      const [lost] = devices.splice(place, 1);
      run("losetup", "-d", lost?.device ?? "");
      // The kernel remembers what it has scanned.
      spawnSync("btrfs", ["device", "scan", "--forget"]);
      run("mount", "-o", "degraded", devices[0]?.device ?? "", mount);
    },
    close() {
      process.off("exit", detach);
      detach();
      rmSync(`/var/lib/btrfs/scrub.status.${uuid}`, { force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isMounted(path: string): boolean {
  return readFileSync("/proc/self/mounts", "utf8").includes(` ${path} `);
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function run(file: string, ...args: string[]): string {
  return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
}

function missingParts(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  if (!/\bbtrfs$/m.test(readFileSync("/proc/filesystems", "utf8"))) return "the kernel has no btrfs";
  for (const tool of ["mkfs.btrfs", "losetup"]) {
    if (spawnSync(tool, ["--version"]).status !== 0) return `${tool} is not installed`;
  }
  return spawnSync("losetup", ["-f"]).status === 0 ? undefined : "no loop devices";
}

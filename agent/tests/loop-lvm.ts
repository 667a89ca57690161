import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createHost, type Host } from "../src/host/host.ts";
import { runProgram } from "../src/host/subprocess.ts";

/** Why no physical volumes can be made here; empty where they can. */
export const lacksLvm = whyNot();
/** Why no volume can be activated here; empty where one can. */
export const lacksMapper = lacksLvm || (hasMapper() ? "" : "the kernel has no device mapper");

/** LVM that sees nothing but its own loop devices. */
export type LoopLvm = {
  devices: string[];
  folder: string;
  /** Runs an lvm command; throws with its complaint. */
  lvm(...args: string[]): string;
  detach(device: string): void;
  /** A host whose lvm is this one; `files` as of rootedHost. */
  host(files: Record<string, string>): Host;
};

/** That many loop devices of 64 MB; all of it is gone after the test. */
export function loopLvm(count: number): LoopLvm {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-lvm-"));
  const devices: string[] = [];
  const wrapper = join(folder, "lvm");
  onTestFinished(() => {
    if (!lacksMapper) attempt(() => execFileSync(wrapper, ["vgchange", "-an"], { stdio: "ignore" }));
    for (const device of devices) detach(device);
    rmSync(folder, { recursive: true, force: true });
  });
  for (let i = 0; i < count; i++) {
    const image = join(folder, `${i}.img`);
    writeFileSync(image, "");
    truncateSync(image, 64 << 20);
    devices.push(execFileSync("losetup", ["-f", "--show", image], { encoding: "utf8" }).trim());
  }
  const accept = devices.map((device) => `"a|^${device}$|"`).join(",");
  const lines = [
    `devices { use_devicesfile=0 filter=[${accept},"r|.*|"] hints="none" }`,
    `global { locking_dir="${folder}/lock" event_activation=0 }`,
    "activation { udev_sync=0 udev_rules=0 monitoring=0 }",
    "backup { backup=0 archive=0 }",
  ];
  mkdirSync(join(folder, "system"));
  writeFileSync(join(folder, "system/lvm.conf"), `${lines.join("\n")}\n`);
  const driver = lacksMapper ? "--driverloaded n" : "";
  const system = `LVM_SYSTEM_DIR=${folder}/system`;
  // "lvm version" takes no option.
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexport ${system}\n[ "$1" = version ] && exec lvm version\nexec lvm "$@" ${driver}\n`,
    { mode: 0o755 },
  );
  return {
    devices,
    folder,
    lvm: (...args) => execFileSync(wrapper, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    detach(device) {
      detach(device);
      devices.splice(devices.indexOf(device), 1);
    },
    host(files) {
      const root = join(folder, "root");
      for (const [path, text] of Object.entries({ "/usr/sbin/lvm": "", ...files })) {
        mkdirSync(join(root, path, ".."), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      return { ...createHost(root), run: (_file, args, options) => runProgram(wrapper, args, options) };
    },
  };
}

function whyNot(): string {
  if (process.getuid?.() !== 0) return "not root";
  for (const program of ["lvm", "losetup"]) {
    if (!["/usr/sbin", "/sbin", "/usr/bin"].some((folder) => existsSync(join(folder, program)))) return `no ${program}`;
  }
  return existsSync("/dev/loop-control") ? "" : "no loop devices";
}

function hasMapper(): boolean {
  try {
    execFileSync("dmsetup", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function detach(device: string): void {
  attempt(() => execFileSync("losetup", ["-d", device], { stdio: "ignore" }));
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // Gone already.
  }
}

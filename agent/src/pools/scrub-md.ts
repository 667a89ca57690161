import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { complaintOf } from "./complaint.ts";
import { runOutside } from "./outside.ts";
import type { PoolScan, ScanFunction } from "./pool.ts";
import type { ScrubTarget } from "./scrub.ts";
import { share } from "./zpool-scan.ts";

// The kernel's Documentation/admin-guide/md.rst.
const functions: Record<string, ScanFunction> = {
  check: "check",
  repair: "repair",
  resync: "resync",
  recover: "recovery",
  reshape: "reshape",
};

/** The md array of that name ("md0"). Throws where it is not here, has no redundancy or can't be written to. */
export function openMdScrub(host: Host, name: string): ScrubTarget {
  const folder = `/sys/block/${name}/md`;
  const read = (file: string) => text(host, `${folder}/${file}`);
  if (!/^md[\w-]+$/.test(name) || host.readDir(folder) === undefined) {
    const there = (host.readDir("/sys/block") ?? []).filter((one) => /^md[\d_]/.test(one));
    const others =
      there.length === 0 ? "there is no md array" : `there are ${there.map((one) => `md:${one}`).join(", ")}`;
    throw new Error(`pool: md:${name.slice(0, 60)} is not on this host: ${others}`);
  }
  const state = read("array_state");
  if (/^(read-?only|readonly)$/.test(state)) {
    throw new Error(`pool: md:${name} is read-only: mdadm --readwrite /dev/${name} makes it writable`);
  }
  if (state === "inactive" || state === "clear") throw new Error(`pool: md:${name} is not started (${state})`);
  if (read("sync_action") === "") {
    throw new Error(`pool: md:${name} can't be scrubbed: ${read("level") || "its level"} has no redundancy to check`);
  }
  let checked = false;
  return {
    name,
    collector: "md",
    actions: ["start", "stop"],
    unsupported: "md can't pause a check: stop it, a later start begins anew",
    async scan() {
      const action = read("sync_action");
      const named = Object.hasOwn(functions, action) ? functions[action] : undefined;
      // A small array is through before it is asked; md keeps no time of it.
      if (named === undefined && checked && read("last_sync_action") === "check") {
        return { function: "check", state: "finished", progressRatio: 1, endedAt: Date.now() };
      }
      if (named === undefined) return undefined;
      return { function: named, state: "running", ...progressOf(read("sync_completed"), read("sync_speed")) };
    },
    async act(action, _paused, signal) {
      // The system's own scrubs write the same words (mdadm's checkarray, mdcheck).
      const word = action === "start" ? "check" : "idle";
      const file = join(host.root, folder, "sync_action");
      const done = await runOutside(host, "sh", ["-c", 'echo "$0" > "$1"', word, file], signal);
      if (done.code !== 0) throw new Error(`${file}: ${complaintOf(done)}`);
      checked = action === "start";
    },
  };
}

function progressOf(completed: string, speed: string): Partial<PoolScan> {
  const [, done, total] = /^(\d+) \/ (\d+)$/.exec(completed) ?? [];
  const progressRatio = share(Number(done) / Number(total));
  const bytesPerSecond = /^\d+$/.test(speed) ? Number(speed) * 1024 : undefined;
  return {
    ...(progressRatio === undefined ? {} : { progressRatio }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  };
}

function text(host: Host, path: string): string {
  try {
    return host.readText(path)?.trim() ?? "";
  } catch {
    return "";
  }
}

import type { Host } from "../host/host.ts";
import { type BtrfsMount, btrfsMounts, filesystemIds, mountOf } from "./btrfs-sysfs.ts";
import { scrubStatus } from "./btrfs-tool.ts";
import { complaintOf } from "./complaint.ts";
import { runOutside, startOutside } from "./outside.ts";
import { notePaused, pausedScrubs } from "./paused-scrubs.ts";
import type { ScrubTarget } from "./scrub.ts";

/** The btrfs of that UUID. Throws where it is not mounted here or can't be written to. */
export async function openBtrfsScrub(host: Host, id: string, _: number, __: AbortSignal): Promise<ScrubTarget> {
  const key = `btrfs:${id}`;
  const mount = writableMount(host, id);
  return {
    name: mount.path,
    collector: "btrfs",
    actions: ["start", "pause", "stop"],
    async scan(signal) {
      const scan = await scrubStatus(host, mount, signal);
      const paused = scan?.state === "cancelled" && pausedScrubs(host).has(key);
      return paused ? { ...scan, state: "paused" } : scan;
    },
    async act(action, paused, signal) {
      // btrfs knows but cancelling; what was cancelled can go on where it was.
      if (action === "start")
        await startOutside(host, "btrfs", ["scrub", paused ? "resume" : "start"], mount.path, signal);
      else if (!paused) await cancel(host, mount.path, signal);
      notePaused(host, key, action === "pause");
    },
  };
}

function writableMount(host: Host, id: string): BtrfsMount {
  const ids = filesystemIds(host);
  const mount = ids.includes(id) ? mountOf(host, id, btrfsMounts(host)) : undefined;
  if (mount === undefined) {
    const there = ids.slice(0, 20).map((one) => `btrfs:${one}`);
    const others = there.length === 0 ? "no btrfs is mounted" : `mounted are ${there.join(", ")}`;
    throw new Error(`pool: btrfs:${id} is not mounted on this host: ${others}`);
  }
  if (mount.readOnly) throw new Error(`pool: ${mount.path} is mounted read-only: mount it read-write to scrub it`);
  return mount;
}

async function cancel(host: Host, path: string, signal: AbortSignal): Promise<void> {
  const done = await runOutside(host, "btrfs", ["scrub", "cancel", path], signal);
  if (done.code !== 0) throw new Error(`btrfs scrub cancel: ${complaintOf(done)}`);
}

import type { Host } from "../host/host.ts";
import type { PoolScan, ScrubAction } from "./pool.ts";
import { openBtrfsScrub } from "./scrub-btrfs.ts";
import { openMdScrub } from "./scrub-md.ts";
import { openZfsScrub } from "./scrub-zfs.ts";

/** A pool whose scrub can be steered. */
export type ScrubTarget = {
  /** As people know it. */
  name: string;
  /** The collector that reads it. */
  collector: string;
  actions: readonly ScrubAction[];
  /** Why one of the other actions is not among them, with what to do instead. */
  unsupported?: string;
  /** The scan that runs or ran last, asked for anew; undefined: none is known of. Throws where the tool fails. */
  scan(signal: AbortSignal): Promise<PoolScan | undefined>;
  /** Has the tool do it; `paused`: a paused one goes on at `start`. Throws what the tool says, in one line. */
  act(action: ScrubAction, paused: boolean, signal: AbortSignal): Promise<void>;
};

/**
 * The pool of that key. Throws an error for people where it is not on this host, can't be read, can't be written to or
 * is of a type that has no scrub.
 */
export async function openScrub(host: Host, key: string, now: number, signal: AbortSignal): Promise<ScrubTarget> {
  const colon = key.indexOf(":");
  const [type, name] = [key.slice(0, Math.max(0, colon)), key.slice(colon + 1)];
  switch (type) {
    case "zfs":
      return await openZfsScrub(host, name, now, signal);
    case "btrfs":
      return await openBtrfsScrub(host, name, now, signal);
    case "md":
      return openMdScrub(host, name);
    case "lvm":
      throw new Error(`pool: ${key} can't be scrubbed: volumes of LVM are, each with lvchange --syncaction check`);
    case "hwraid":
      throw new Error(`pool: ${key} can't be scrubbed: its controller does so with its own tool (patrol read)`);
    default:
      throw new Error(
        `pool: ${JSON.stringify(key.slice(0, 60))} is no pool: give a key like zfs:tank, md:md0, btrfs:UUID`,
      );
  }
}

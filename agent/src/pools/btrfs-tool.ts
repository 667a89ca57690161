import type { Host } from "../host/host.ts";
import { runInTurn } from "../host/in-turn.ts";
import { errorText } from "../log.ts";
import type { BtrfsMount } from "./btrfs-sysfs.ts";
import { parseScrubStatus } from "./btrfs-text.ts";
import { complaintOf } from "./complaint.ts";
import type { PoolScan } from "./pool.ts";
import { howToGet } from "./tool-packages.ts";

/** btrfs could not be run to its end, or failed. */
export class BtrfsSilent extends Error {}

/** What is told where the tool is missing. */
export function noBtrfsTool(host: Host): string {
  return `btrfs is not installed: devices and scrubs can't be told (${howToGet(host, "btrfs")})`;
}

const deadlineMs = 8_000;

/** What btrfs prints. Throws BtrfsSilent when it ends with another code than these. */
export async function askBtrfs(host: Host, args: readonly string[], signal: AbortSignal, codes = [0]): Promise<string> {
  const what = `btrfs ${args[0]} ${args[1]}`;
  try {
    const done = await runInTurn(host, "btrfs", args, { deadlineMs, signal, flight: `btrfs ${args.join(" ")}` });
    if (!codes.includes(done.code ?? -1)) throw new BtrfsSilent(`${what}: ${complaintOf(done)}`);
    return done.stdout;
  } catch (error) {
    if (error instanceof BtrfsSilent) throw error;
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    throw new BtrfsSilent(
      code === "ENOENT" ? noBtrfsTool(host) : `${what}: ${errorText(error).replace(/^btrfs: /, "")}`,
    );
  }
}

/** The scrub of the filesystem that is mounted there, as the tool tells now. */
export async function scrubStatus(host: Host, mount: BtrfsMount, signal: AbortSignal): Promise<PoolScan | undefined> {
  return parseScrubStatus(await askBtrfs(host, ["scrub", "status", "--raw", mount.path], signal));
}

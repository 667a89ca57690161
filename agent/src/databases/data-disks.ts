import type { Host } from "../host/host.ts";
import type { Found } from "./discover.ts";

const answerMs = 1_000;

/** How full the filesystem of a database's data is, and the disks below it; NaN and none where that can't be seen. */
export async function disksBelow(
  host: Host,
  found: Found | undefined,
): Promise<{ diskUsedRatio: number; disks: string[] }> {
  const path = found?.dataDirectory?.path;
  if (path === undefined) return { diskUsedRatio: Number.NaN, disks: [] };
  return { diskUsedRatio: await usedRatio(host, path), disks: [] };
}

// A folder on a dead mount: the next look is refused until this one has ended.
async function usedRatio(host: Host, path: string): Promise<number> {
  try {
    const { blocks, free, available } = await host.statfs(path, answerMs);
    const used = blocks - free;
    return used + available > 0 ? used / (used + available) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

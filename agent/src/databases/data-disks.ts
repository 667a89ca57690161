import { mountStack, type StackedMount } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import type { Found } from "./found.ts";

/** Where a database's data lie: how full that filesystem is (NaN where it can't be seen), and what is below it. */
export type DataDisks = { diskUsedRatio: number; disks: string[]; pools: string[] };

const answerMs = 1_000;

/** Looks at the filesystem of a database's data; nothing is known of one that is not on this host. */
export async function disksBelow(host: Host, found: Found | undefined): Promise<DataDisks> {
  if (found?.dataDirectory === undefined) return { diskUsedRatio: Number.NaN, disks: [], pools: [] };
  const { path, shown } = found.dataDirectory;
  const mount = mountOf(host, found.process?.pid ?? 1, shown);
  const { disks, pools } = mount === undefined ? { disks: [], pools: [] } : mountStack(host, mount);
  return { diskUsedRatio: await usedRatio(host, path), disks, pools };
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

/** The mount that holds a folder as that process sees it; of a container's own layer the one that the layer lies on. */
export function mountOf(host: Host, pid: number, folder: string): StackedMount | undefined {
  const found = holding(readMounts(host, pid), folder);
  if (found?.type !== "overlay") return found;
  const layer = /(?:^|,)upperdir=([^,]+)/.exec(found.options)?.[1];
  return layer === undefined ? undefined : holding(readMounts(host, 1), layer);
}

function holding(text: string, folder: string): (StackedMount & { options: string }) | undefined {
  let best: (StackedMount & { options: string }) | undefined;
  let longest = -1;
  for (const line of text.split("\n")) {
    const [left = "", right = ""] = line.split(" - ", 2);
    const [, , device, , point] = left.split(" ");
    const [type, source, options = ""] = right.split(" ");
    if (device === undefined || point === undefined || type === undefined || source === undefined) continue;
    const prefix = point === "/" ? "/" : `${point}/`;
    // Of mounts over one another the last counts.
    if (!`${folder}/`.startsWith(prefix) || prefix.length < longest) continue;
    longest = prefix.length;
    best = { device, source, type, options };
  }
  return best;
}

function readMounts(host: Host, pid: number): string {
  try {
    return host.readText(`/proc/${pid}/mountinfo`) ?? "";
  } catch {
    return "";
  }
}

import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";

/** A place at which a filesystem is mounted. */
export type BtrfsMount = { path: string; source: string; readOnly: boolean };

/** Where the kernel shows its btrfs filesystems. */
export const btrfsRoot = "/sys/fs/btrfs";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** UUIDs of mounted filesystems. */
export function filesystemIds(host: Host): string[] {
  return (host.readDir(btrfsRoot) ?? []).filter((name) => uuid.test(name)).sort();
}

/** Every mount of a btrfs, those that can be written to and the shortest paths first. */
export function btrfsMounts(host: Host): BtrfsMount[] {
  const table = host.readText("/proc/1/mountinfo") ?? host.readText("/proc/self/mountinfo") ?? "";
  const mounts = table.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ", 2);
    const [type, source = "", options = ""] = after.split(" ");
    const [, , , , path = "", own = ""] = before.split(" ");
    if (type !== "btrfs" || path === "") return [];
    const readOnly = [...own.split(","), ...options.split(",")].includes("ro");
    return [{ path: plainPath(path), source: plainPath(source), readOnly }];
  });
  return mounts.sort((a, b) => Number(a.readOnly) - Number(b.readOnly) || a.path.length - b.path.length);
}

/** Where the filesystem of that UUID is mounted, best to work with. */
export function mountOf(host: Host, id: string, mounts: readonly BtrfsMount[]): BtrfsMount | undefined {
  const devices = (host.readDir(`${btrfsRoot}/${id}/devices`) ?? []).map((name) => name.replaceAll("!", "/"));
  const found = mounts.find(({ source }) => devices.includes(blockStack(host, source).device));
  // "/dev/root" and the like name no device that there is; of a single filesystem every mount is one.
  return found ?? (filesystemIds(host).length === 1 ? mounts[0] : undefined);
}

// The kernel writes blanks and backslashes of paths as octal numbers.
function plainPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Small filesystems keep data and metadata in the same place. */
export function dataKind(host: Host, folder: string): "data" | "mixed" {
  return host.readDir(`${folder}/allocation/mixed`) === undefined ? "data" : "mixed";
}

/** The profile of which that kind of data has most; empty without any. */
export function profileOf(host: Host, folder: string): string {
  const profiles = (host.readDir(folder) ?? []).filter((name) => /^(single|dup|raid\d+(c\d)?)$/.test(name));
  const sized = profiles.map((name) => ({ name, bytes: number(host, `${folder}/${name}/total_bytes`) }));
  return sized.sort((a, b) => b.bytes - a.bytes)[0]?.name ?? "";
}

/** Number in a file, NaN where there is none. */
export function number(host: Host, path: string): number {
  const value = text(host, path);
  return value === "" ? Number.NaN : Number(value);
}

/** Text of a file without the blanks at its ends, empty where there is none. */
export function text(host: Host, path: string): string {
  try {
    return host.readText(path)?.trim() ?? "";
  } catch {
    return "";
  }
}

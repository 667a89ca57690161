import type { Host } from "./host.ts";
import { realPath } from "./real-path.ts";

/**
 * What a block device stands on. `device`: its kernel name ("sda1", "dm-3", "cciss/c0d0"), `disks`: the whole disks below
 * it, sorted, `pools`: keys of the pools on the way down ("lvm:vg/thin", "lvm:vg", "md:md0"), the uppermost first.
 */
export type BlockStack = { device: string; disks: string[]; pools: string[] };

/** The parts of a mount that tell where its data lies; `device` is "major:minor", `source` as the mount table has it. */
export type StackedMount = { device: string; source: string; type: string };

type Found = { disks: Set<string>; pools: Set<string>; seen: Set<string> };

const maxDepth = 32;
const maxVolumes = 5000;
// Where tools take a device's short name from.
const aliasFolders = ["mapper", "disk/by-id", "disk/by-vdev", "disk/by-path", "disk/by-partuuid", "disk/by-partlabel"];

/**
 * What lies below a device, given as "sda1", "/dev/mapper/x", "/dev/disk/by-id/y", the short name "y" or "8:1". Reads
 * /sys and links of /dev only. A device that is not on this host gives its own name and empty lists; never throws.
 */
export function blockStack(host: Host, device: string): BlockStack {
  const volume = /^\/dev\/zvol\/([^/]+)\//.exec(device)?.[1];
  const name = kernelName(host, device);
  const found: Found = {
    disks: new Set(),
    pools: new Set(volume === undefined ? [] : [`zfs:${volume}`]),
    seen: new Set(),
  };
  descend(host, name, found, 0);
  return toStack(name, found);
}

/**
 * What a mounted filesystem stands on, its own pool first ("zfs:tank", "btrfs:UUID"). The disks of a ZFS pool are known
 * to its tool alone: they are left empty, as is all of what has no device (network, memory).
 */
export function mountStack(host: Host, mount: StackedMount): BlockStack {
  if (mount.type === "zfs" || mount.type === "fuse.zfs") {
    const pool = mount.source.split(/[/@]/, 1)[0] ?? "";
    return { device: "", disks: [], pools: pool === "" ? [] : [`zfs:${pool}`] };
  }
  if (mount.type === "btrfs") return btrfsStack(host, mount.source);
  if (!mount.device.startsWith("0:")) {
    const stack = blockStack(host, mount.device);
    if (stack.disks.length > 0 || !mount.source.startsWith("/dev/")) return stack;
  }
  if (!mount.source.startsWith("/dev/")) return { device: "", disks: [], pools: [] };
  // bcachefs names all its devices: "/dev/sda:/dev/sdb".
  return merge(mount.source.split(":").map((device) => blockStack(host, device)));
}

/** The btrfs filesystem that has that device and all devices of it, as the kernel lists them. */
function btrfsStack(host: Host, source: string): BlockStack {
  const own = blockStack(host, source);
  for (const uuid of list(host, "/sys/fs/btrfs")) {
    const devices = list(host, `/sys/fs/btrfs/${uuid}/devices`).map(fromSysfs);
    if (!devices.includes(own.device)) continue;
    const all = merge([own, ...devices.sort().map((device) => blockStack(host, device))]);
    return { ...all, pools: [`btrfs:${uuid}`, ...all.pools] };
  }
  return own;
}

function merge(stacks: readonly BlockStack[]): BlockStack {
  return {
    device: stacks[0]?.device ?? "",
    disks: [...new Set(stacks.flatMap(({ disks }) => disks))].sort(),
    pools: [...new Set(stacks.flatMap(({ pools }) => pools))],
  };
}

/** Walks from a device to the disks below it; each device once, so that no loop of slaves can hold it. */
function descend(host: Host, name: string, found: Found, depth: number): void {
  if (name === "" || found.seen.has(name) || depth > maxDepth) return;
  found.seen.add(name);
  const folder = `/sys/block/${toSysfs(name)}`;
  const entries = list(host, folder);
  if (entries.length === 0) {
    const whole = parentOf(host, name);
    if (whole !== undefined) descend(host, whole, found, depth + 1);
    return;
  }
  if (entries.includes("md")) found.pools.add(`md:${name}`);
  for (const pool of poolsOf(host, name, folder, entries)) found.pools.add(pool);
  const below = slavesOf(host, folder, entries);
  if (below.length === 0 && !entries.includes("md")) found.disks.add(name);
  for (const slave of below) descend(host, slave, found, depth + 1);
}

function slavesOf(host: Host, folder: string, entries: readonly string[]): string[] {
  const slaves = new Set(list(host, `${folder}/slaves`));
  if (entries.includes("md")) {
    for (const entry of list(host, `${folder}/md`)) if (entry.startsWith("dev-")) slaves.add(entry.slice(4));
  }
  return [...slaves].sort().map(fromSysfs);
}

function poolsOf(host: Host, name: string, folder: string, entries: readonly string[]): string[] {
  if (entries.includes("dm")) {
    const uuid = text(host, `${folder}/dm/uuid`) ?? "";
    const mapped = text(host, `${folder}/dm/name`) ?? "";
    return uuid.startsWith("LVM-") ? lvmPools(uuid, mapped) : [];
  }
  if (!/^zd\d+$/.test(name)) return [];
  const pool = zvolPool(host, name);
  return pool === undefined ? [] : [`zfs:${pool}`];
}

/**
 * Keys of the LVM pools that a mapped device belongs to, from its dm uuid ("LVM-..." with a suffix for inner devices) and
 * name ("vg-lv", in which a hyphen of either name is doubled): "lvm:vg/pool" for a thin or VDO pool's own device, "lvm:vg".
 */
export function lvmPools(uuid: string, mapped: string): string[] {
  const names = splitMappedName(mapped);
  if (names === undefined) return [];
  return /-[tv]?pool$/.test(uuid)
    ? [`lvm:${names.group}/${names.volume}`, `lvm:${names.group}`]
    : [`lvm:${names.group}`];
}

/** "vg--1-lv_a-tpool" -> group "vg-1", volume "lv_a"; undefined where it is no such name. */
function splitMappedName(mapped: string): { group: string; volume: string } | undefined {
  const parts = mapped
    .replaceAll("--", "\0")
    .split("-")
    .map((part) => part.replaceAll("\0", "-"));
  const [group = "", volume = ""] = parts;
  return group === "" || volume === "" ? undefined : { group, volume };
}

/** The pool of a ZFS volume, from udev's links /dev/zvol/POOL/.../NAME -> zdN. */
function zvolPool(host: Host, name: string): string | undefined {
  let left = maxVolumes;
  const search = (folder: string, depth: number): boolean =>
    list(host, folder).some((entry) => {
      if (left-- <= 0) return false;
      const target = link(host, `${folder}/${entry}`);
      if (target !== undefined) return target.endsWith(`/${name}`);
      return depth < maxDepth && search(`${folder}/${entry}`, depth + 1);
    });
  return list(host, "/dev/zvol").find((pool) => search(`/dev/zvol/${pool}`, 0));
}

/** Kernel name of a device however it is called. What can't be found keeps its own name, without /dev/. */
function kernelName(host: Host, device: string): string {
  if (/^\d+:\d+$/.test(device)) {
    const target = link(host, `/sys/dev/block/${device}`);
    return target === undefined ? "" : fromSysfs(lastPart(target));
  }
  if (device.startsWith("/")) return underDev(host, realPath(host, device));
  const name = fromSysfs(device);
  if (name === "" || isKernelName(host, name)) return name;
  for (const folder of aliasFolders) {
    const target = underDev(host, realPath(host, `/dev/${folder}/${device}`));
    if (isKernelName(host, target)) return target;
  }
  return mappedDevice(host, device) ?? name;
}

function underDev(host: Host, path: string): string {
  const name = path.replace(/^\/dev\//, "");
  // Without udev the nodes of /dev/mapper are no links.
  const mapped = name.startsWith("mapper/") ? mappedDevice(host, name.slice("mapper/".length)) : undefined;
  return mapped ?? name;
}

function isKernelName(host: Host, name: string): boolean {
  return list(host, `/sys/block/${toSysfs(name)}`).length > 0 || parentOf(host, name) !== undefined;
}

function mappedDevice(host: Host, mapped: string): string | undefined {
  const names = list(host, "/sys/block").filter((name) => name.startsWith("dm-"));
  return names.find((name) => text(host, `/sys/block/${name}/dm/name`) === mapped);
}

/** The disk of a partition; undefined for what is none. */
function parentOf(host: Host, name: string): string | undefined {
  const target = link(host, `/sys/class/block/${toSysfs(name)}`);
  if (target !== undefined) {
    const disk = fromSysfs(target.split("/").at(-2) ?? "");
    return list(host, `/sys/block/${toSysfs(disk)}`).length > 0 ? disk : undefined;
  }
  const guess = /^(.*\d)p\d+$/.exec(name)?.[1] ?? /^(.*\D)\d+$/.exec(name)?.[1];
  return guess !== undefined && list(host, `/sys/block/${toSysfs(guess)}`).length > 0 ? guess : undefined;
}

function toStack(device: string, found: Found): BlockStack {
  return { device, disks: [...found.disks].sort(), pools: [...found.pools] };
}

// The kernel writes "cciss/c0d0" as "cciss!c0d0" in /sys, where a slash can't stand in a name.
function toSysfs(name: string): string {
  return name.replaceAll("/", "!");
}

function fromSysfs(name: string): string {
  return name.replaceAll("!", "/");
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function list(host: Host, path: string): string[] {
  return attempt(() => host.readDir(path)) ?? [];
}

function link(host: Host, path: string): string | undefined {
  return attempt(() => host.readLink(path));
}

function text(host: Host, path: string): string | undefined {
  return attempt(() => host.readText(path))?.trim();
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

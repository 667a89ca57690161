import type { Host } from "../host/host.ts";
import { howToGet, type PoolTool } from "./tool-packages.ts";

/** What a kind of data on a device needs to be read, and what to do where no pool of it is there. */
type Need = { type: string; tool: string; brings: PoolTool; idle: string };

const needs: Readonly<Record<string, Need>> = {
  zfs_member: { type: "zfs", tool: "zpool", brings: "zpool", idle: "no ZFS pool is imported: zpool import" },
  LVM2_member: { type: "lvm", tool: "lvs", brings: "lvm", idle: "no LVM group is found: vgscan" },
  linux_raid_member: {
    type: "md",
    tool: "mdadm",
    brings: "mdadm",
    idle: "no array is assembled: mdadm --assemble --scan",
  },
  isw_raid_member: {
    type: "md",
    tool: "mdadm",
    brings: "mdadm",
    idle: "no array is assembled: mdadm --assemble --scan",
  },
  ddf_raid_member: {
    type: "md",
    tool: "mdadm",
    brings: "mdadm",
    idle: "no array is assembled: mdadm --assemble --scan",
  },
  btrfs: { type: "btrfs", tool: "btrfs", brings: "btrfs", idle: "" },
};

// GUIDs of partition types, for devices whose content udev could not tell.
const partitionTypes: Readonly<Record<string, string>> = {
  "6a898cc3-1dd2-11b2-99a6-080020736631": "zfs_member",
  "516e7cba-6ecf-11d6-8ff8-00022d09712b": "zfs_member",
  "e6d6d379-f507-44c2-a23c-238f2a3df928": "LVM2_member",
  "a19d880f-05fc-4d3b-a006-743f0f84911e": "linux_raid_member",
};

const mostDevices = 4_000;

/**
 * What udev saw on block devices and can't be shown, a line each with what to do: its tool is not installed, or no pool of
 * that type is there though devices hold one. `types`: those of the pools that were found.
 */
export function poolHints(host: Host, types: ReadonlySet<string>, isInstalled: (program: string) => boolean): string[] {
  const hints: string[] = [];
  for (const [content, devices] of contents(host)) {
    const need = needs[content];
    if (need === undefined) continue;
    const shown =
      devices.length > 4 ? `${devices.slice(0, 4).join(", ")} and ${devices.length - 4} more` : devices.join(", ");
    const holds = `${shown}: ${need.type} data`;
    // md is read from the kernel: its tool is missed only where nothing is assembled.
    const idle = !types.has(need.type);
    if (!isInstalled(need.tool) && (need.type !== "md" || idle)) {
      hints.push(`${holds}, but ${need.tool} is not installed: ${howToGet(host, need.brings)}`);
    } else if (idle && need.idle !== "") hints.push(`${holds}, but ${need.idle}`);
  }
  return hints;
}

/** Devices by what udev's database says that they hold. */
function contents(host: Host): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const files = (host.readDir("/run/udev/data") ?? []).filter((name) => /^b\d+:\d+$/.test(name)).sort();
  for (const file of files.slice(0, mostDevices)) {
    const text = read(host, `/run/udev/data/${file}`);
    const type = /^E:ID_FS_TYPE=(\w+)$/m.exec(text)?.[1];
    const partition = /^E:ID_PART_ENTRY_TYPE=(\S+)$/m.exec(text)?.[1]?.toLowerCase() ?? "";
    const content = type ?? (Object.hasOwn(partitionTypes, partition) ? partitionTypes[partition] : undefined);
    if (content === undefined || !Object.hasOwn(needs, content)) continue;
    const device =
      host
        .readLink(`/sys/dev/block/${file.slice(1)}`)
        ?.split("/")
        .pop() ?? file.slice(1);
    found.set(content, [...(found.get(content) ?? []), device]);
  }
  return found;
}

function read(host: Host, path: string): string {
  try {
    return host.readText(path) ?? "";
  } catch {
    return "";
  }
}

import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import type { DriveHint, PoolMember } from "./pool.ts";

/**
 * Members with the disks and pools that each device stands on. A device that is not there has none: its old name may be
 * another's by now.
 */
export function withDisks(host: Host, members: readonly PoolMember[]): PoolMember[] {
  return members.map((member) => {
    const children = withDisks(host, member.children);
    if (children.length > 0) return { ...member, children };
    const driveHint = member.driveHint ?? driveHintOf(member.path ?? member.name);
    const told = { ...member, ...(driveHint === undefined ? {} : { driveHint }) };
    if (member.type === "file" || member.state === "missing") return told;
    const { device, disks, pools } = blockStack(host, member.path ?? member.name);
    const sizeBytes = member.sizeBytes ?? sizeOf(host, device);
    return {
      ...told,
      disks,
      ...(pools.length === 0 ? {} : { pools }),
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
    };
  });
}

/** Bytes of a block device by its kernel name; undefined where it is not here. */
function sizeOf(host: Host, device: string): number | undefined {
  if (device === "") return undefined;
  try {
    const sectors = Number(host.readText(`/sys/class/block/${device.replaceAll("/", "!")}/size`) ?? Number.NaN);
    return sectors > 0 ? sectors * 512 : undefined;
  } catch {
    return undefined;
  }
}

/** Model and serial number in a link of /dev/disk/by-id: they tell which drive is meant even when that is gone. */
export function driveHintOf(path: string): DriveHint | undefined {
  const link = path.slice(path.lastIndexOf("/") + 1).replace(/-part\d+$/, "");
  const [, bus, rest] = /^(ata|nvme|usb|scsi-SATA)-(.+)$/.exec(link) ?? [];
  // A namespace stands behind some NVMe links, target and unit behind those of USB.
  const name = (rest ?? "").replace(bus === "nvme" ? /_\d$/ : /-\d+:\d+$/, "");
  const [, model, serial] = /^(.+)_([A-Za-z0-9-]{4,})$/.exec(name) ?? [];
  return model === undefined || serial === undefined ? undefined : { serial, model: model.replaceAll("_", " ") };
}

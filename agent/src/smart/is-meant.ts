import { basename } from "node:path";
import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import { type DrivePath, isSlot, shortName } from "./stored-drive.ts";

/** Whether that text means this drive: a device or a partition of it, a slot, a serial number, a key. */
export function isMeant(
  host: Host,
  text: string,
  paths: readonly Pick<DrivePath, "name" | "scanned" | "disks">[],
  drive: { key: string; facts: Record<string, unknown> } | undefined,
): boolean {
  const serial = drive?.facts.serial;
  if (drive?.key === text || (typeof serial === "string" && serial.toLowerCase() === text.toLowerCase())) return true;
  const stack = blockStack(host, text);
  return paths.some((path) => {
    const names = isSlot(path.scanned) ? [path.scanned, shortName(path)] : [path.name, basename(path.name)];
    return names.includes(text) || stack.disks.some((disk) => path.disks.includes(disk));
  });
}

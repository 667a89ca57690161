import { basename } from "node:path";
import type { ScannedDevice } from "smartctl-parser";
import type { Host } from "../host/host.ts";
import { realPath } from "../host/real-path.ts";
import { kernelDrive, line, list } from "./kernel-drive.ts";
import { type DrivePath, isSlot } from "./stored-drive.ts";

/** Where smartctl's scan does not look: a controller whose drives have to be asked for one by one. */
export type Controller = { name: string; type(slot: number): string; first: number; last: number };

/** The ways to drives that a scan found, with the type that reads each without its being probed. */
export function scannedPaths(host: Host, devices: readonly ScannedDevice[]): DrivePath[] {
  return devices
    .filter(({ name }) => !isEmptySlot(host, name))
    .map((device) => pathTo(host, device.name, device.type, device.slot !== null));
}

/** A card reader without a card. */
function isEmptySlot(host: Host, name: string): boolean {
  const folder = `/sys/block/${basename(name)}`;
  return line(host, `${folder}/removable`) === "1" && line(host, `${folder}/size`) === "0";
}

/** Drives of the kernel that a scan leaves out: smartctl lists no more than 104 of them. */
export function unscannedPaths(host: Host, devices: readonly ScannedDevice[]): DrivePath[] {
  const scanned = new Set(devices.map(({ name }) => name));
  const disks = (list(host, "/sys/block") ?? []).filter((name) => /^sd[a-z]+$/.test(name));
  const controllers = (list(host, "/sys/class/nvme") ?? []).filter((name) => /^nvme\d+$/.test(name));
  // A fabric's namespace is a volume of somebody else's.
  const own = controllers.filter((name) => (line(host, `/sys/class/nvme/${name}/transport`) ?? "pcie") === "pcie");
  return [...disks.map((name) => [name, "scsi"] as const), ...own.map((name) => [name, "nvme"] as const)]
    .filter(([name]) => !scanned.has(`/dev/${name}`) && !isEmptySlot(host, `/dev/${name}`))
    .map(([name, type]) => pathTo(host, `/dev/${name}`, type, false));
}

/** The paths as the configuration has them: without those to ignore, with its types, and with what it adds. */
export function configuredPaths(host: Host, paths: readonly DrivePath[]): DrivePath[] {
  const { ignore = [], devices = [] } = host.drives ?? {};
  const ignored = new Set(ignore.map((device) => realPath(host, device)));
  const given = devices.map(({ device, type }) => ({ name: realPath(host, device), type }));
  const isGiven = (path: DrivePath) =>
    given.some(({ name, type }) => name === path.name && (!isSlot(path.scanned) || type === path.scanned));
  const added = given.map(({ name, type }) =>
    isSlot(type) ? slotPath(name, type) : { ...pathTo(host, name, type, false), type, disguise: null },
  );
  return [...added, ...paths.filter((path) => !isGiven(path))].filter(({ name }) => !ignored.has(name));
}

/** Drives that an adapter hides from the block layer, members of its volumes: they have a generic device alone. */
export function hiddenPaths(host: Host): DrivePath[] {
  return generics(host).flatMap(({ node, folder, adapter }) => {
    const isDisk = line(host, `${folder}/type`) === "0" && list(host, `${folder}/block`) === undefined;
    if (!isDisk || !showsMembers.has(adapter)) return [];
    const path = pathTo(host, `/dev/${node}`, "scsi", false);
    return path.disguise === null ? [path] : [];
  });
}

/** Controllers of this host that are to be searched slot by slot. */
export function controllers(host: Host): Controller[] {
  const found: Controller[] = [];
  for (const { node, folder, adapter } of generics(host)) {
    const kind = line(host, `${folder}/type`);
    // SCSI device types: 12 is an array controller, 3 a processor.
    if ((adapter === "hpsa" || adapter === "smartpqi") && kind === "12")
      found.push(behind(`/dev/${node}`, "cciss", 0, 127));
    if (adapter === "arcmsr" && kind === "3") found.push(behind(`/dev/${node}`, "areca", 1, 24));
  }
  const counts = new Map<string, number>();
  for (const adapter of (list(host, "/sys/class/scsi_host") ?? []).sort()) {
    const node = threeWare[line(host, `/sys/class/scsi_host/${adapter}/proc_name`) ?? ""];
    if (node === undefined) continue;
    const number = counts.get(node) ?? 0;
    counts.set(node, number + 1);
    found.push(behind(`/dev/${node}${number}`, "3ware", 0, 31));
  }
  return found;
}

/** The path with what the kernel says now: a name may have gone over to another drive since the scan. */
export function presentPath(host: Host, path: DrivePath): DrivePath & { suspended: boolean } {
  const { fingerprint, disks, suspended } = kernelDrive(host, path.name);
  return isSlot(path.scanned) ? { ...path, suspended: false } : { ...path, fingerprint, disks, suspended };
}

/** A way to a drive behind a controller. */
export function slotPath(name: string, type: string): DrivePath {
  return { name, scanned: type, type, fingerprint: null, disks: [], disguise: null };
}

const showsMembers = new Set(["mpt2sas", "mpt3sas", "mptsas", "mptspi", "aacraid"]);
const threeWare: Partial<Record<string, string>> = { "3w-xxxx": "twe", "3w-9xxx": "twa", "3w-sas": "twl" };

function behind(name: string, kind: string, first: number, last: number): Controller {
  return { name, type: (slot) => `${kind},${slot}`, first, last };
}

function pathTo(host: Host, name: string, scanned: string, inSlot: boolean): DrivePath {
  if (inSlot) return slotPath(name, scanned);
  const { ata, usb, vendor, fingerprint, disks, disguise } = kernelDrive(host, name);
  return { name, scanned, type: typeFor(scanned, { ata, usb, known: vendor !== null }), fingerprint, disks, disguise };
}

/**
 * A plain scan calls most drives "scsi", and as such an ATA drive tells next to nothing. What the kernel knows makes the
 * type certain; left to smartctl it sends commands to find out, which is done only where nobody knows (USB bridges).
 */
function typeFor(scanned: string, { ata, usb, known }: { ata: boolean; usb: boolean; known: boolean }): string | null {
  if (scanned !== "scsi") return scanned;
  if (usb) return null;
  if (ata) return "sat";
  return known ? "scsi" : null;
}

function generics(host: Host): { node: string; folder: string; adapter: string }[] {
  return (list(host, "/sys/class/scsi_generic") ?? [])
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((node) => {
      const folder = `/sys/class/scsi_generic/${node}/device`;
      const link = host.readLink(folder) ?? "";
      const number = /(?:^|\/)(\d+):\d+:\d+:\d+$/.exec(link)?.[1];
      const adapter = line(host, `/sys/class/scsi_host/host${number}/proc_name`) ?? "";
      return { node, folder, adapter };
    });
}

import { basename } from "node:path";
import type { Host } from "../host/host.ts";

/** What the kernel and udev know of a drive without asking it; null where they don't. */
export type KernelDrive = {
  disks: string[];
  vendor: string | null;
  model: string | null;
  serial: string | null;
  wwn: string | null;
  capacityBytes: number | null;
  rotating: boolean | null;
  /** Powered down by the kernel: whoever opens it wakes it. */
  suspended: boolean;
  usb: boolean;
  /** An ATA drive, whatever the bus it is on. */
  ata: boolean;
  /** "virtual": made up by a hypervisor or a network target; "volume": of a RAID controller. */
  disguise: "virtual" | "volume" | null;
  fingerprint: string | null;
};

const virtual =
  /\b(?:QEMU|VBOX|VMware|Virtual[ -_]?(?:disk|HD)|Parallels|PersistentDisk|nvme_card-pd|Elastic Block Store|BlockVolume|scsi_debug|LIO-ORG|IET|MSFT NVMe Accelerator)\b/i;
const volume =
  /\b(?:PERC|MegaRAID|MR\d{4}\S*|SMC\d{4}\S*|ServeRAID|RMS\d\S*|LOGICAL VOLUME|RAID ?[0-9]\S*|RAID|LogicalDrv|ARC-\d+-VOL\S*)\b/i;

const unknown: KernelDrive = {
  disks: [],
  vendor: null,
  model: null,
  serial: null,
  wwn: null,
  capacityBytes: null,
  rotating: null,
  suspended: false,
  usb: false,
  ata: false,
  disguise: null,
  fingerprint: null,
};

/** Facts of the device that smartctl calls so ("/dev/sda", "/dev/nvme0", "/dev/sg3"). Reads /sys and /run/udev only. */
export function kernelDrive(host: Host, name: string): KernelDrive {
  const node = basename(name);
  if (/^nvme\d+(n\d+)?$/.test(node)) return nvme(host, node.replace(/n\d+$/, ""));
  if (/^sg\d+$/.test(node)) return generic(host, `/sys/class/scsi_generic/${node}/device`, unknown);
  if (/^[a-z0-9]+$/.test(node) && list(host, `/sys/block/${node}`) !== undefined) return block(host, node);
  return unknown;
}

function block(host: Host, node: string): KernelDrive {
  const folder = `/sys/block/${node}`;
  const link = host.readLink(folder) ?? "";
  const udev = readUdev(host, line(host, `${folder}/dev`));
  const ata = udev.ID_BUS === "ata" || udev.ID_ATA === "1";
  const scsi = udev.ID_BUS === "scsi";
  const wwid = line(host, `${folder}/device/wwid`);
  const common: KernelDrive = {
    ...unknown,
    disks: [node],
    capacityBytes: sectors(line(host, `${folder}/size`)),
    rotating: flag(line(host, `${folder}/queue/rotational`)),
    usb: link.includes("/usb") || udev.ID_BUS === "usb",
    ata,
    serial: (scsi ? udev.ID_SCSI_SERIAL : udev.ID_SERIAL_SHORT) ?? null,
    wwn: udev.ID_WWN_WITH_EXTENSION ?? udev.ID_WWN ?? naa(wwid),
    fingerprint: [udev.ID_SERIAL_SHORT, udev.ID_WWN, wwid].filter((part) => part).join(" ") || null,
  };
  const found = generic(host, `${folder}/device`, common);
  const model = ata ? unescaped(udev.ID_MODEL_ENC ?? "") || found.model : found.model;
  // On megaraid_sas the channels from 2 on are those of volumes.
  const onVolumeChannel = driverOf(host, link) === "megaraid_sas" && /\/\d+:[23]:\d+:\d+\/block\//.test(link);
  return { ...found, model, disguise: found.disguise ?? (onVolumeChannel ? "volume" : null) };
}

/** What the SCSI layer has read of the device when it was found. */
function generic(host: Host, folder: string, base: KernelDrive): KernelDrive {
  const vendor = line(host, `${folder}/vendor`);
  const model = line(host, `${folder}/model`);
  const names = `${vendor ?? ""} ${model ?? ""}`;
  const ata = base.ata || vendor === "ATA";
  return {
    ...base,
    vendor,
    ata,
    model: ata || vendor === null ? model : names.trim(),
    suspended: line(host, `${folder}/power/runtime_status`) === "suspended",
    disguise: virtual.test(names) ? "virtual" : !ata && volume.test(names) ? "volume" : null,
  };
}

function nvme(host: Host, controller: string): KernelDrive {
  const folder = `/sys/class/nvme/${controller}`;
  const model = line(host, `${folder}/model`);
  const serial = line(host, `${folder}/serial`);
  const namespace = new RegExp(`^${controller}n\\d+$`);
  const disks = (list(host, "/sys/block") ?? []).filter((name) => namespace.test(name)).sort();
  const first = disks[0];
  const wwid = first === undefined ? null : line(host, `/sys/block/${first}/wwid`);
  return {
    ...unknown,
    disks,
    model,
    serial,
    wwn: wwid?.startsWith("eui.") ? wwid : null,
    capacityBytes: first === undefined ? null : sectors(line(host, `/sys/block/${first}/size`)),
    rotating: false,
    disguise: virtual.test(model ?? "") ? "virtual" : null,
    fingerprint: model === null && serial === null ? null : `${model} ${serial}`,
  };
}

/** Counts of what the kernel has read, written, discarded and flushed; null where it does not tell. */
export function transfersOf(host: Host, disks: readonly string[]): string | null {
  const counts = disks.map((disk) => {
    const fields = line(host, `/sys/block/${disk}/stat`)?.split(/\s+/);
    return fields === undefined ? null : [fields[0], fields[4], fields[11], fields[15]].join(" ");
  });
  return counts.length === 0 || counts.includes(null) ? null : counts.join(",");
}

/** Name of the driver of the host adapter in a /sys/block link ("../devices/pci.../host0/target0:2:0/..."). */
export function driverOf(host: Host, link: string): string | null {
  const adapter = /\/(host\d+)\//.exec(link)?.[1];
  return adapter === undefined ? null : line(host, `/sys/class/scsi_host/${adapter}/proc_name`);
}

/** Values that udev's rules found when the device appeared, by name. */
function readUdev(host: Host, device: string | null): Partial<Record<string, string>> {
  if (device === null || !/^\d+:\d+$/.test(device)) return {};
  const entries = (text(host, `/run/udev/data/b${device}`) ?? "").split("\n").flatMap((row) => {
    const match = /^E:([A-Z0-9_]+)=(.*)$/.exec(row);
    return match?.[1] !== undefined && match[2] ? [[match[1], match[2].slice(0, 200)]] : [];
  });
  return Object.fromEntries(entries);
}

/** "naa.5000c500a495a2fd" as smartctl writes it. */
function naa(wwid: string | null): string | null {
  const digits = /^naa\.([0-9a-f]{16})$/i.exec(wwid ?? "")?.[1];
  return digits === undefined ? null : `0x${digits.toLowerCase()}`;
}

function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))).trim();
}

function sectors(text: string | null): number | null {
  const count = Number(text);
  return text !== null && Number.isSafeInteger(count) && count > 0 ? count * 512 : null;
}

function flag(text: string | null): boolean | null {
  return text === "1" ? true : text === "0" ? false : null;
}

/** Names in a folder; undefined where it does not exist or can't be read. */
export function list(host: Host, path: string): string[] | undefined {
  try {
    return host.readDir(path);
  } catch {
    return undefined;
  }
}

/** A file's text without blanks around it; null where there is none. */
export function line(host: Host, path: string): string | null {
  return text(host, path)?.trim().slice(0, 200) || null;
}

function text(host: Host, path: string): string | undefined {
  try {
    return host.readText(path);
  } catch {
    return undefined;
  }
}

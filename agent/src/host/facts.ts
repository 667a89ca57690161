import { machine as machineArch, networkInterfaces } from "node:os";
import type { Host } from "./host.ts";

/** What tells one host and one boot from another; undefined where the host does not say. */
export type HostIdentity = {
  hostname: string | undefined;
  machineId: string | undefined;
  bootId: string | undefined;
  /** Unix ms. */
  bootedAt: number | undefined;
  kernel: string | undefined;
  /** Pretty name of the distribution. */
  os: string | undefined;
  arch: string;
};

/** Reads the identity from a few small files. */
export function readIdentity(host: Host): HostIdentity {
  const bootSeconds = /^btime (\d+)$/m.exec(host.readText("/proc/stat") ?? "")?.[1];
  return {
    hostname: line(host, "/proc/sys/kernel/hostname"),
    machineId: line(host, "/etc/machine-id"),
    bootId: line(host, "/proc/sys/kernel/random/boot_id"),
    bootedAt: bootSeconds === undefined ? undefined : Number(bootSeconds) * 1000,
    kernel: line(host, "/proc/sys/kernel/osrelease"),
    os: parsePrettyName(host.readText("/etc/os-release") ?? host.readText("/usr/lib/os-release") ?? ""),
    arch: machineArch(),
  };
}

/** What does not change while the host runs; read once. */
export type HostHardware = { cpuModel: string | undefined; virtualisation: string };

/** Reads processor and virtualisation. */
export function readHardware(host: Host): HostHardware {
  const cpuinfo = host.readText("/proc/cpuinfo") ?? "";
  const vendor = `${line(host, "/sys/class/dmi/id/sys_vendor") ?? ""} ${line(host, "/sys/class/dmi/id/product_name") ?? ""}`;
  const container = line(host, "/run/systemd/container") ?? (seesFirstNamespace(host) ? "" : "container");
  return {
    cpuModel: /^(?:model name|Model|cpu model|Hardware)\s*:\s*(.+)$/m.exec(cpuinfo)?.[1]?.trim(),
    virtualisation: toVirtualisation(vendor, /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo), container),
  };
}

/** Whether the agent sees the processes of the whole host: not so in a container with a pid namespace of its own. */
export function seesFirstNamespace(host: Host): boolean {
  // The number is fixed in the kernel (PROC_PID_INIT_INO).
  return host.readLink("/proc/self/ns/pid") === "pid:[4026531836]";
}

const vendors = [
  ["vmware", /vmware/i],
  ["virtualbox", /virtualbox|innotek/i],
  ["hyper-v", /microsoft corporation virtual/i],
  ["xen", /\bxen\b/i],
  ["amazon", /amazon ec2/i],
  ["google", /google compute/i],
  ["kvm", /qemu|kvm|openstack|digitalocean|hetzner|bochs/i],
] as const;

/** "none", or the word for the hypervisor or container, "vm" where it does not say which. */
export function toVirtualisation(vendor: string, hypervisor: boolean, container: string): string {
  if (container !== "") return container;
  const known = vendors.find(([, pattern]) => pattern.test(vendor))?.[0];
  return known ?? (hypervisor ? "vm" : "none");
}

/** PRETTY_NAME of an os-release file, or undefined. */
export function parsePrettyName(osRelease: string): string | undefined {
  return /^PRETTY_NAME=(["']?)(.+?)\1$/m.exec(osRelease)?.[2];
}

/** Addresses by which others reach the host; loopback, link-local and those of container bridges are left out. */
export function readAddresses(): string[] {
  const found: string[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (/^(docker|br-|veth|cni|podman|virbr|cali|flannel)/.test(name)) continue;
    for (const { address, internal } of addresses ?? []) {
      if (!internal && !/^(fe80:|169\.254\.)/i.test(address)) found.push(address);
    }
  }
  return found.sort();
}

function line(host: Host, path: string): string | undefined {
  try {
    return host.readText(path)?.trim() || undefined;
  } catch {
    return undefined;
  }
}

import type { Host } from "../host/host.ts";

/** PCI addresses ("0000:01:00.0") of the devices that this driver of the kernel serves. */
export function boundDevices(host: Host, driver: string): string[] {
  try {
    return (host.readDir(`/sys/bus/pci/drivers/${driver}`) ?? []).filter((name) => /^[\da-f]{4,}:/.test(name)).sort();
  } catch {
    return [];
  }
}

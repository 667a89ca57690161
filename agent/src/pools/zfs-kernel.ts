import type { Host } from "../host/host.ts";

const kstat = "/proc/spl/kstat/zfs";

/** The kernel's word for each pool's state (empty before ZFS 0.8), without a process; undefined without the module. */
export function kernelStates(host: Host): Map<string, string> | undefined {
  const entries = host.readDir(kstat);
  if (entries === undefined) return undefined;
  const states = new Map<string, string>();
  for (const name of entries) {
    if (host.readDir(`${kstat}/${name}`) === undefined) continue;
    let word = "";
    try {
      word = host.readText(`${kstat}/${name}/state`)?.trim() ?? "";
    } catch {
      // Exported meanwhile, or not for us: zpool will tell.
    }
    states.set(name, word);
  }
  return states;
}

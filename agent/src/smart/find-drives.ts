import { NotHere } from "../collectors/collector.ts";
import type { Host } from "../host/host.ts";
import { errorText } from "../log.ts";
import type { DriveStore } from "./drive-store.ts";
import { configuredPaths, hiddenPaths, scannedPaths, unscannedPaths } from "./find-paths.ts";
import { line, list } from "./kernel-drive.ts";
import { searchControllers } from "./search-controllers.ts";
import type { Smartctl } from "./smartctl.ts";
import { type DrivePath, isSlot, pathKey } from "./stored-drive.ts";

const scanEveryMs = 15 * 60_000;
/** Intervals jitter. */
const jitterMs = 10_000;
const searchEveryMs = 6 * 3_600_000;
/** So long an old scan serves when a new one fails. */
const scanServesMs = 24 * 3_600_000;

type FindOptions = {
  host: Host;
  smartctl: Smartctl;
  store: DriveStore;
  signal: AbortSignal;
  at: number;
  rescan: boolean;
};

/**
 * Brings the store's list of paths up to date where that is due: by time, after a boot, when block devices came or went, or
 * on request. `problem`: it could not be made, and the old one serves. Throws where there is no list to go on with.
 */
export async function findDrives(options: FindOptions): Promise<{ scanned: boolean; problem: string | null }> {
  const { host, smartctl, store, signal, at, rescan } = options;
  const age = at - store.scannedAt;
  const on = scenery(host);
  const isFresh = age >= 0 && age < scanEveryMs - jitterMs && store.scannedOn === on;
  if (isFresh && !rescan) return { scanned: false, problem: null };
  try {
    const { devices, version } = await smartctl.scan(signal);
    const since = at - store.searchedAt;
    if (store.scannedOn !== on || since < 0 || since >= searchEveryMs - jitterMs) {
      store.searched = await searchControllers(host, smartctl, signal);
      store.searchedAt = at;
    }
    const found = [
      ...scannedPaths(host, devices),
      ...unscannedPaths(host, devices),
      ...hiddenPaths(host),
      ...store.searched,
    ];
    store.paths = drivesAmong(configuredPaths(host, found));
    store.scannedAt = at;
    store.scannedOn = on;
    store.smartctlVersion = version;
    return { scanned: true, problem: null };
  } catch (error) {
    const serves = store.paths.length > 0 && age >= 0 && age < scanServesMs && !(error instanceof NotHere);
    if (!serves || signal.aborted) throw error;
    return { scanned: false, problem: `new drives can't be looked for: ${errorText(error)}` };
  }
}

/** Each path once. A RAID volume is no drive: it is listed only where the drives behind it can't be. */
function drivesAmong(paths: readonly DrivePath[]): DrivePath[] {
  const unique = [...new Map(paths.map((path) => [pathKey(path), path])).values()];
  const behindController = unique.some(({ name, scanned }) => isSlot(scanned) || /^\/dev\/sg\d/.test(name));
  return unique.filter(({ disguise }) => disguise !== "volume" || !behindController);
}

/** What a scan depends on: it is made anew when this differs. */
function scenery(host: Host): string {
  const disks = (list(host, "/sys/block") ?? []).filter((name) => /^(sd|hd|nvme)/.test(name)).sort();
  const settings = host.drives === undefined ? "" : JSON.stringify(host.drives);
  return `${line(host, "/proc/sys/kernel/random/boot_id") ?? ""} ${disks.join(",")} ${settings}`;
}

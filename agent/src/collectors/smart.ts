import { TaskError } from "../child/child.ts";
import { readingsFromChild } from "../child/readings.ts";
import type { Host } from "../host/host.ts";
import type { DriveList } from "../smart/requests.ts";
import { askSmart, findSmartctl, noteDriveChange, takeDriveChange } from "../smart/smart-child.ts";
import { type Collector, type CollectorFactory, NotHere, Partly } from "./collector.ts";

export const smart: CollectorFactory = {
  name: "smart",
  help: "Health of drives by smartctl --json, judged with reasons; sleeping drives are not woken",
  kinds: ["drive"],
  deadlineMs: 240_000,
  everySeconds: 300,
  create: (host) => createSmartCollector(host, () => findSmartctl(host)),
};

const deadlineMs = 235_000;
/** A drive that takes longer is told of as it was; what came of it, a run of its own tells. */
const usualPatienceMs = 10_000;

/**
 * The collector with the smartctl that `program` finds; `readMs`: the most that a drive may take, `patienceMs`: how long the
 * others' results wait for it, as usual unless told.
 */
export function createSmartCollector(
  host: Host,
  program: () => string | undefined,
  readMs?: number,
  patienceMs = usualPatienceMs,
): Collector {
  let scanned = false;
  let rest: Promise<unknown> | undefined;
  let due: (() => void) | undefined;
  const tellRest = () => {
    noteDriveChange();
    due?.();
  };
  // Drives that were told of and are no more have to be told of once more.
  let hadDrives = knewDrives(host);
  return {
    watch(_emit, _signal, wake) {
      due = wake;
    },
    async collect(_now, signal) {
      if (!hadDrives && !mayHaveDrives(host)) throw new NotHere("no drives that smartctl could read");
      const smartctl = program();
      if (smartctl === undefined) {
        const text = "smartctl is not installed: install smartmontools";
        throw hadDrives ? new Error(text) : new NotHere(text);
      }
      await rest;
      // The first run after a start reads: what is kept may be old.
      const told = takeDriveChange() && scanned;
      try {
        const request = told
          ? { action: "told" as const }
          : { action: "pass" as const, rescan: false, keep: true, only: null, patienceMs };
        const list = (await askSmart(host, smartctl, { ...request, readMs }, { deadlineMs, signal })) as DriveList;
        // It keeps the child until then.
        rest = list.hasRest
          ? askSmart(host, smartctl, { action: "rest" }, { deadlineMs }).then(tellRest, () => undefined)
          : undefined;
        const readings = readingsFromChild(list.readings);
        scanned = true;
        hadDrives = readings.length > 0;
        if (list.problem !== null) throw new Partly(list.problem, readings);
        return readings;
      } catch (error) {
        const none = error instanceof NotHere || (error instanceof TaskError && error.kind === "NotHere");
        if (none) hadDrives = false;
        if (error instanceof TaskError && none) throw new NotHere(error.message);
        throw error;
      }
    },
  };
}

/** An earlier run of the agent kept something of drives. */
function knewDrives(host: Host): boolean {
  try {
    return host.stateDir !== undefined && host.linkCount(`${host.stateDir}/drives.json`) !== undefined;
  } catch {
    return false;
  }
}

/** Drives that the configuration names, block devices with a drive behind them, or a controller that may hide some. */
function mayHaveDrives(host: Host): boolean {
  const names = (path: string) => host.readDir(path) ?? [];
  // Virtio and loop devices are none.
  return (
    (host.drives?.devices.length ?? 0) > 0 ||
    names("/sys/block").some((name) => /^(sd|hd|nvme)/.test(name)) ||
    names("/sys/class/nvme").length > 0 ||
    names("/sys/class/scsi_generic").length > 0
  );
}

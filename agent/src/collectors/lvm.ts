import { type BlockStack, blockStack } from "../host/block-stack.ts";
import { findTool } from "../host/find-tool.ts";
import type { Finished, Host } from "../host/host.ts";
import { groupPools } from "../lvm/pool.ts";
import { type LvmGroup, parseReport, reportArguments } from "../lvm/report.ts";
import { poolReadings } from "../pools/pool-readings.ts";
import { oneLine } from "../pools/texts.ts";
import { unread } from "../pools/unread.ts";
import { type Collector, type CollectorFactory, NotHere, Partly, type Reading } from "./collector.ts";

export const lvm: CollectorFactory = {
  name: "lvm",
  help: "LVM volume groups, thin pools, RAID volumes and snapshots, from one report of lvm",
  kinds: ["pool", "pool_member"],
  deadlineMs: 30_000,
  everySeconds: 120,
  create,
};

const reportMs = 25_000;
const maxBytes = 8 << 20;
const copyFolders = ["/etc/lvm/backup", "/run/lvm/vgs_online"];

/** The last report: `activity` is what differs when another one could tell something else. */
type Known = { readings: Reading[]; disks: readonly string[]; activity: string };

function create(host: Host): Collector {
  let known: Known | undefined;
  let version: string | undefined;
  let everSeen = false;
  let all = false;

  async function report(tool: string, signal: AbortSignal): Promise<LvmGroup[]> {
    const run = () =>
      host.run(tool, reportArguments(all), { deadlineMs: reportMs, maxBytes, signal, flight: "lvm report" });
    let done = await run();
    if (!all && /Unrecognised field/.test(done.stdout + done.stderr)) {
      all = true;
      done = await run();
    }
    const groups = parseReport(done.stdout);
    if (groups === undefined) throw new Error(`lvm fullreport: ${complaint(done)}`);
    return groups;
  }

  async function versionOf(tool: string, signal: AbortSignal): Promise<string> {
    const done = await host.run(tool, ["version"], { deadlineMs: 5_000, signal, flight: "lvm version" });
    return /LVM version:\s*(\S+)/.exec(done.stdout)?.[1] ?? "";
  }

  function told({ readings }: Known): Reading[] {
    everSeen ||= readings.length > 0;
    if (!everSeen) throw new NotHere("no LVM volume group");
    return readings;
  }

  return {
    async collect(now, signal) {
      const mapped = mappedVolumes(host);
      if (mapped.length === 0 && !hasKnownGroups(host)) {
        // Groups that were there are gone, which only a run that succeeds can say.
        if (everSeen) return [];
        throw new NotHere("no LVM volume");
      }
      const tool = findTool(host, ["lvm"]);
      if (tool === undefined) throw new NotHere("LVM volumes, but no lvm program: install lvm2");
      // Reading labels would wake drives that sleep. Without IO since the last report nothing can differ.
      if (known !== undefined && known.activity === activityOf(host, mapped, known.disks)) return told(known);
      version ??= await versionOf(tool, signal).catch(() => undefined);
      const stackOf = rememberStacks(host);
      try {
        const groups = await report(tool, signal);
        const pools = groups.flatMap((group) => groupPools(group, stackOf, version ?? ""));
        const readings = pools.flatMap((pool) => poolReadings(pool, now));
        const disks = disksOf(host, mapped, readings);
        known = { readings, disks, activity: activityOf(host, mapped, disks) };
        return told(known);
      } catch (error) {
        if (error instanceof NotHere || signal.aborted || known === undefined) throw error;
        const { message } = error as Error;
        throw new Partly(
          message,
          known.readings.map((reading) => unread(reading, message)),
        );
      }
    },
  };
}

/** Kernel names of the devices that LVM has mapped. */
function mappedVolumes(host: Host): string[] {
  const devices = (host.readDir("/sys/block") ?? []).filter((name) => name.startsWith("dm-"));
  return devices.filter((name) => read(host, `/sys/block/${name}/dm/uuid`)?.startsWith("LVM-"));
}

/** Groups of which no volume is active: LVM keeps a copy of each one's metadata. */
function hasKnownGroups(host: Host): boolean {
  return copyFolders.some((folder) => list(host, folder).length > 0);
}

/** Disks below the mapped volumes and below the physical volumes of the report. */
function disksOf(host: Host, mapped: readonly string[], readings: readonly Reading[]): string[] {
  const below = mapped.flatMap((name) => blockStack(host, name).disks);
  const reported = readings.flatMap(({ attributes }) => (attributes?.disks ?? []) as string[]);
  return [...new Set([...below, ...reported])].sort();
}

/** Which devices there are, which volumes are mapped, which groups LVM has a copy of, and how much IO the disks had. */
function activityOf(host: Host, mapped: readonly string[], disks: readonly string[]): string {
  const devices = (host.readDir("/sys/block") ?? []).filter((name) => !/^(loop|ram|zram|sr|fd)\d/.test(name));
  const counters = disks.map((name) => {
    const stat = read(host, `/sys/block/${name.replaceAll("/", "!")}/stat`)?.split(/\s+/) ?? [];
    // Reads, sectors read, writes, sectors written: Documentation/block/stat.rst of the kernel.
    return `${name} ${stat[0]} ${stat[2]} ${stat[4]} ${stat[6]}`;
  });
  const groups = copyFolders.flatMap((folder) => list(host, folder));
  return [devices.sort(), [...mapped].sort(), groups.sort(), counters].map((part) => part.join("\n")).join("\n\n");
}

function rememberStacks(host: Host): (device: string) => BlockStack {
  const found = new Map<string, BlockStack>();
  return (device) => {
    const before = found.get(device) ?? blockStack(host, device);
    found.set(device, before);
    return before;
  };
}

function complaint(done: Finished): string {
  const lines = done.stderr.split("\n").filter((line) => line.trim() !== "" && !/WARNING|leaked on lvm/.test(line));
  const ending = done.signal === null ? `exit code ${done.code}` : `ended by ${done.signal}`;
  return oneLine(lines[0] === undefined ? `${ending}, no report` : `${ending}: ${lines[0]}`);
}

function list(host: Host, path: string): string[] {
  try {
    return host.readDir(path) ?? [];
  } catch {
    return [];
  }
}

function read(host: Host, path: string): string | undefined {
  try {
    return host.readText(path)?.trim();
  } catch {
    return undefined;
  }
}

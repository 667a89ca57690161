import { boundDevices } from "../hardware-raid/bound-devices.ts";
import { raidReadings, type VolumeDevice } from "../hardware-raid/readings.ts";
import { askTool, installedTools, type RaidTool } from "../hardware-raid/tools.ts";
import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import { unread } from "../pools/unread.ts";
import { type Collector, type CollectorFactory, NotHere, Partly, type Reading } from "./collector.ts";

export const hardwareRaid: CollectorFactory = {
  name: "hardware-raid",
  help: "Hardware RAID: controllers, batteries, volumes and drives, from storcli, perccli, ssacli, megacli or arcconf",
  kinds: ["controller", "pool", "pool_member"],
  deadlineMs: 240_000,
  everySeconds: 300,
  create,
};

type Told = { readings: Reading[]; problem: string | undefined };

// What tools say when they find no controller of theirs.
const noController = /\bno (controllers?|adapters?)\b/i;

// Of these the tools know but some; the others are adapters without RAID.
const plainAdapters = new Set(["mpt3sas"]);

function create(host: Host): Collector {
  const known = new Map<string, Reading[]>();

  async function readTool(tool: RaidTool, path: string, now: number, signal: AbortSignal): Promise<Told> {
    try {
      const { controllers, problem } = await tool.read(askTool(host, path, tool.name, signal));
      const readings = controllers.flatMap((one) => {
        return raidReadings(tool.name, one, (device) => deviceOf(host, device), now);
      });
      return { readings, problem };
    } catch (error) {
      return { readings: [], problem: (error as Error).message };
    }
  }

  /** What could not be read this time must not look as if it were gone. */
  function withKnown(name: string, fresh: Reading[], problem: string | undefined): Reading[] {
    const keys = new Set(fresh.map(keyOf));
    const kept = problem === undefined ? [] : (known.get(name) ?? []).filter((reading) => !keys.has(keyOf(reading)));
    known.set(name, [...fresh, ...kept]);
    return [...fresh, ...kept.map((reading) => unread(reading, `${name}: ${problem}`))];
  }

  return {
    async collect(now, signal) {
      const tools = installedTools(host);
      if (tools.length === 0) throw new NotHere("no tool of a RAID controller");
      const told = await Promise.all(tools.map(({ tool, path }) => readTool(tool, path, now, signal)));
      signal.throwIfAborted();
      const readings: Reading[] = [];
      const problems: string[] = [];
      const served = new Set(told.flatMap((one, i) => (one.readings.length > 0 ? (tools[i]?.tool.drivers ?? []) : [])));
      told.forEach(({ readings: fresh, problem }, i) => {
        const name = tools[i]?.tool.name ?? "";
        const isAbsent =
          problem !== undefined && fresh.length === 0 && !known.get(name)?.length && noController.test(problem);
        const overlooked = isAbsent ? overlookedBy(host, tools[i]?.tool.drivers ?? [], served) : "";
        if (problem !== undefined && (!isAbsent || overlooked !== ""))
          problems.push(`${name}: ${problem}${overlooked}`);
        readings.push(...withKnown(name, fresh, problem));
      });
      if (problems.length > 0) throw new Partly(problems.join("; "), readings);
      if (readings.length === 0) throw new NotHere("no RAID controller");
      return readings;
    },
  };
}

/** What a tool that found nothing should have seen; empty where there is nothing of that kind. */
function overlookedBy(host: Host, drivers: readonly string[], served: ReadonlySet<string>): string {
  for (const driver of drivers) {
    const [device] = plainAdapters.has(driver) || served.has(driver) ? [] : boundDevices(host, driver);
    if (device !== undefined)
      return `, but the kernel drives ${device} (${driver}): the service may need CAP_MKNOD, see docs/storage.md`;
  }
  return "";
}

function keyOf({ kind, key }: Reading): string {
  return `${kind} ${key}`;
}

function deviceOf(host: Host, osDevice: string): VolumeDevice {
  const { disks, device } = blockStack(host, osDevice);
  const sectors = Number(read(host, `/sys/block/${device.replaceAll("/", "!")}/size`));
  return { disks, ...(sectors > 0 ? { sizeBytes: sectors * 512 } : {}) };
}

function read(host: Host, path: string): string {
  try {
    return host.readText(path)?.trim() ?? "";
  } catch {
    return "";
  }
}

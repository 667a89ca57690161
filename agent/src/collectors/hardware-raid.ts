import { raidReadings, type VolumeDevice } from "../hardware-raid/readings.ts";
import { askTool, installedTools, type RaidTool } from "../hardware-raid/tools.ts";
import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { missing } from "./values.ts";

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
  function withKnown(name: string, { readings, problem }: Told): Reading[] {
    const before = known.get(name) ?? [];
    if (problem === undefined || (before.length === 0 && noController.test(problem))) {
      known.set(name, readings);
      return readings;
    }
    const keys = new Set(readings.map(keyOf));
    const kept = before.filter((reading) => !keys.has(keyOf(reading)));
    if (kept.length === 0 && readings.length === 0) throw new Error(`${name}: ${problem}`);
    known.set(name, [...readings, ...kept]);
    return [...readings, ...kept.map((reading) => unread(reading, `${name}: ${problem}`))];
  }

  return {
    async collect(now, signal) {
      const tools = installedTools(host);
      if (tools.length === 0) throw new NotHere("no tool of a RAID controller");
      const told = await Promise.all(tools.map(({ tool, path }) => readTool(tool, path, now, signal)));
      signal.throwIfAborted();
      const failures: Error[] = [];
      const readings = told.flatMap((one, i) => {
        try {
          return withKnown(tools[i]?.tool.name ?? "", one);
        } catch (error) {
          failures.push(error as Error);
          return [];
        }
      });
      if (readings.length > 0) return readings;
      if (failures[0] !== undefined) throw failures[0];
      throw new NotHere("no RAID controller");
    },
  };
}

function keyOf({ kind, key }: Reading): string {
  return `${kind} ${key}`;
}

function unread(reading: Reading, reason: string): Reading {
  const hung = /no end within|has not ended/.test(reason);
  const state = reading.kind === "pool" && hung ? "stuck" : "unknown";
  return { ...reading, state, reason, values: missing(reading.kind) };
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

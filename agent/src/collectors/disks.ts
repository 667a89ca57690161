import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere } from "./collector.ts";
import { scanIntegers } from "./proc-text.ts";
import { createStopwatch, missing, perSecond, slots } from "./values.ts";

export const disks: CollectorFactory = {
  name: "disks",
  help: "Throughput, latency and utilisation of whole disks, device mapper and RAID devices, from /proc/diskstats",
  kinds: ["disk"],
  deadlineMs: 1000,
  create,
};

/** What is known of a block device beyond its counters; undefined: not one to report. */
type Device = { labels: Record<string, string>; attributes: Record<string, unknown> } | undefined;

const slot = slots("disk");
// Places of the counters behind the name: Documentation/admin-guide/iostats.rst of the kernel.
const reads = 0;
const readSectors = 2;
const readMs = 3;
const writes = 4;
const writeSectors = 6;
const writeMs = 7;
const busyMs = 9;
const queuedMs = 10;
const counters = 11;
const sectorBytes = 512;
const noDisks = /^(loop|ram|zram|sr|fd|nbd|mtdblock)\d/;

function create(machine: Host): Collector {
  const elapsed = createStopwatch();
  const devices = new Map<string, Device>();
  let before = new Map<string, Float64Array>();
  return {
    collect() {
      const text = machine.readText("/proc/diskstats");
      if (text === undefined) throw new NotHere("/proc/diskstats");
      const seconds = elapsed();
      const now = parseDiskstats(text);
      for (const name of devices.keys()) if (!now.has(name)) devices.delete(name);
      const readings = [];
      for (const [name, counts] of now) {
        if (!devices.has(name)) devices.set(name, describe(machine, name));
        const device = devices.get(name);
        if (device === undefined) continue;
        readings.push({
          kind: "disk" as const,
          key: name,
          ...device,
          values: diskValues(counts, before.get(name), seconds),
        });
      }
      before = now;
      return readings;
    },
  };
}

/** Counters by device name from the text of /proc/diskstats; loop, RAM, optical and floppy devices are left out. */
export function parseDiskstats(text: string): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const line of text.split("\n")) {
    const name = /^ *\d+ +\d+ (\S+) /.exec(line)?.[1];
    if (name === undefined || noDisks.test(name)) continue;
    const counts = new Float64Array(counters);
    if (scanIntegers(line, line.indexOf(name) + name.length, counts) === counters) found.set(name, counts);
  }
  return found;
}

/** Values of one device between two counts; the times of reads and writes are missing where there were none. */
export function diskValues(now: Float64Array, before: Float64Array | undefined, seconds: number): Float64Array {
  const values = missing("disk");
  const rate = (counter: number) => perSecond(now[counter] as number, before?.[counter], seconds);
  values[slot.read_bytes_per_second] = rate(readSectors) * sectorBytes;
  values[slot.write_bytes_per_second] = rate(writeSectors) * sectorBytes;
  values[slot.reads_per_second] = rate(reads);
  values[slot.writes_per_second] = rate(writes);
  values[slot.read_await_seconds] = rate(reads) > 0 ? rate(readMs) / rate(reads) / 1000 : Number.NaN;
  values[slot.write_await_seconds] = rate(writes) > 0 ? rate(writeMs) / rate(writes) / 1000 : Number.NaN;
  values[slot.utilisation_ratio] = Math.min(1, rate(busyMs) / 1000);
  values[slot.queue_length] = rate(queuedMs) / 1000;
  return values;
}

// Partitions have no folder in /sys/block; devices without a medium (an empty card reader) have size 0.
function describe(machine: Host, name: string): Device {
  const folder = `/sys/block/${name.replaceAll("/", "!")}`;
  const sectors = Number(read(machine, `${folder}/size`));
  if (!(sectors > 0)) return undefined;
  const mapped = read(machine, `${folder}/dm/name`);
  const level = read(machine, `${folder}/md/level`);
  const model = read(machine, `${folder}/device/model`);
  const type = mapped !== undefined ? "mapped" : level !== undefined ? "raid" : "disk";
  return {
    labels: { type, ...(mapped === undefined ? {} : { name: mapped }) },
    attributes: {
      size_bytes: sectors * sectorBytes,
      rotational: read(machine, `${folder}/queue/rotational`) === "1",
      ...(model === undefined ? {} : { model }),
      ...(level === undefined ? {} : { level }),
    },
  };
}

function read(machine: Host, path: string): string | undefined {
  try {
    return machine.readText(path)?.trim() || undefined;
  } catch {
    return undefined;
  }
}

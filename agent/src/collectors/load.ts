import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { missing, slots } from "./values.ts";

export const load: CollectorFactory = {
  name: "load",
  help: "Load averages from /proc/loadavg",
  kinds: ["host"],
  deadlineMs: 1000,
  create,
};

const slot = slots("host");

function create(machine: Host): Collector {
  return {
    collect() {
      const text = machine.readText("/proc/loadavg");
      if (text === undefined) throw new NotHere("/proc/loadavg");
      return [loadReading(text, countCores(machine.readText("/sys/devices/system/cpu/online") ?? ""))];
    },
  };
}

/** Reading from the text of /proc/loadavg; `cores` NaN where unknown. Throws where it holds no averages. */
export function loadReading(text: string, cores: number): Reading {
  const [load1, load5, load15] = text.split(" ", 3).map(Number.parseFloat);
  if (load1 === undefined || load5 === undefined || load15 === undefined || Number.isNaN(load1 + load5 + load15)) {
    throw new Error("/proc/loadavg: no three averages");
  }
  const values = missing("host");
  values[slot.load1] = load1;
  values[slot.load5] = load5;
  values[slot.load15] = load15;
  values[slot.load5_per_core] = load5 / cores;
  return { kind: "host", key: "host", values };
}

/** How many numbers a list of the kernel's form holds ("0-3,8"); NaN for none. */
export function countCores(list: string): number {
  let count = 0;
  for (const range of list.trim().split(",")) {
    const [first, last = first] = range.split("-").map((text) => Number.parseInt(text, 10));
    if (first !== undefined && last !== undefined) count += last - first + 1;
  }
  return count > 0 ? count : Number.NaN;
}

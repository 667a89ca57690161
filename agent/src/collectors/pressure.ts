import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere } from "./collector.ts";
import { createStopwatch, missing, perSecond, slots } from "./values.ts";

/** One line of a pressure file: the average over 10 s (0 to 1) and the microseconds stalled since boot. */
export type Stall = { average: number; total: number };

export const pressure: CollectorFactory = {
  name: "pressure",
  help: "Share of time in which tasks waited for CPU, memory or IO, from /proc/pressure",
  kinds: ["host"],
  deadlineMs: 1000,
  create,
};

const slot = slots("host");
const lines = [
  ["cpu", "some", slot.pressure_cpu_some_ratio],
  ["memory", "some", slot.pressure_memory_some_ratio],
  ["memory", "full", slot.pressure_memory_full_ratio],
  ["io", "some", slot.pressure_io_some_ratio],
  ["io", "full", slot.pressure_io_full_ratio],
] as const;

function create(machine: Host): Collector {
  const elapsed = createStopwatch();
  const before: (number | undefined)[] = [];
  return {
    collect() {
      const seconds = elapsed();
      const texts = {
        cpu: readPressure(machine, "cpu"),
        memory: readPressure(machine, "memory"),
        io: readPressure(machine, "io"),
      };
      const values = missing("host");
      lines.forEach(([area, line, at], i) => {
        const stall = parseStall(texts[area], line);
        if (stall === undefined) return;
        values[at] = stallRatio(stall, before[i], seconds);
        before[i] = stall.total;
      });
      return [{ kind: "host", key: "host", values }];
    },
  };
}

// A kernel with pressure accounting switched off has the files, but reading them is "not supported".
function readPressure(machine: Host, area: string): string {
  try {
    const text = machine.readText(`/proc/pressure/${area}`);
    if (text !== undefined) return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EOPNOTSUPP") throw error;
  }
  throw new NotHere(`/proc/pressure/${area}: the kernel does not account for pressure`);
}

/** The "some" or "full" line of a pressure file, or undefined where it has none (cpu "full" on old kernels). */
export function parseStall(text: string, line: "some" | "full"): Stall | undefined {
  const found = new RegExp(`^${line} avg10=([\\d.]+) .*total=(\\d+)`, "m").exec(text);
  return found === null ? undefined : { average: Number(found[1]) / 100, total: Number(found[2]) };
}

/** Share of time stalled since the count before; the kernel's average over 10 s where there is none. */
export function stallRatio(now: Stall, before: number | undefined, seconds: number): number {
  if (before === undefined) return now.average;
  return Math.min(1, perSecond(now.total, before, seconds) / 1e6);
}

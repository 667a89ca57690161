import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { integerAfter, scanIntegers } from "./proc-text.ts";
import { createStopwatch, missing, perSecond, slots } from "./values.ts";

/** What /proc/stat counts. Times are ticks: user, nice, system, idle, iowait, irq, softirq, steal. */
export type Stat = {
  all: Float64Array;
  /** By the core's number. */
  cores: Map<string, Float64Array>;
  contextSwitches: number;
  interrupts: number;
  forks: number;
  running: number;
  blocked: number;
};

export const cpu: CollectorFactory = {
  name: "cpu",
  help: "Shares of CPU time, whole and by core, switches, interrupts and forks, from /proc/stat",
  kinds: ["host", "cpu"],
  deadlineMs: 1000,
  create,
};

const host = slots("host");
const core = slots("cpu");
const states = 8;

function create(machine: Host): Collector {
  const elapsed = createStopwatch();
  let before: Stat | undefined;
  return {
    collect() {
      const text = machine.readText("/proc/stat");
      if (text === undefined) throw new NotHere("/proc/stat");
      const now = parseStat(text);
      const readings = cpuReadings(now, before, elapsed());
      before = now;
      return readings;
    },
  };
}

/** Parses /proc/stat. Throws where the line of all cores is not there. */
export function parseStat(text: string): Stat {
  const cores = new Map<string, Float64Array>();
  const all = new Float64Array(states);
  if (!text.startsWith("cpu ") || scanIntegers(text, 4, all) < 4) throw new Error("/proc/stat: no line of all cores");
  for (let at = text.indexOf("\ncpu"); at >= 0; at = text.indexOf("\ncpu", at + 1)) {
    const end = text.indexOf(" ", at);
    const times = new Float64Array(states);
    if (end > 0 && scanIntegers(text, end, times) >= 4) cores.set(text.slice(at + 4, end), times);
  }
  return {
    all,
    cores,
    contextSwitches: integerAfter(text, "ctxt "),
    interrupts: integerAfter(text, "intr "),
    forks: integerAfter(text, "processes "),
    running: integerAfter(text, "procs_running "),
    blocked: integerAfter(text, "procs_blocked "),
  };
}

/** Readings of the host and its cores between two counts; shares are missing without the first. */
export function cpuReadings(now: Stat, before: Stat | undefined, seconds: number): Reading[] {
  const values = missing("host");
  values[host.cpu_cores] = now.cores.size || Number.NaN;
  values[host.processes_running] = now.running;
  values[host.processes_blocked] = now.blocked;
  values[host.context_switches_per_second] = perSecond(now.contextSwitches, before?.contextSwitches, seconds);
  values[host.interrupts_per_second] = perSecond(now.interrupts, before?.interrupts, seconds);
  values[host.forks_per_second] = perSecond(now.forks, before?.forks, seconds);
  if (shares(now.all, before?.all)) {
    values[host.cpu_usage_ratio] = busy();
    values[host.cpu_user_ratio] = share(0);
    values[host.cpu_nice_ratio] = share(1);
    values[host.cpu_system_ratio] = share(2);
    values[host.cpu_iowait_ratio] = share(4);
    values[host.cpu_irq_ratio] = share(5) + share(6);
    values[host.cpu_steal_ratio] = share(7);
  }
  const readings: Reading[] = [{ kind: "host", key: "host", values }];
  for (const [key, times] of now.cores) readings.push(coreReading(key, times, before?.cores.get(key)));
  return readings;
}

function coreReading(key: string, now: Float64Array, before: Float64Array | undefined): Reading {
  const values = missing("cpu");
  if (shares(now, before)) {
    values[core.usage_ratio] = busy();
    values[core.user_ratio] = share(0) + share(1);
    values[core.system_ratio] = share(2) + share(5) + share(6);
    values[core.iowait_ratio] = share(4);
    values[core.steal_ratio] = share(7);
  }
  return { kind: "cpu", key, values };
}

// Shares of the last pair of counts; the kernel may let idle and iowait fall a little, which counts as nothing.
const part = new Float64Array(states);

function shares(now: Float64Array, before: Float64Array | undefined): boolean {
  if (before === undefined) return false;
  let total = 0;
  for (let i = 0; i < states; i++) {
    part[i] = Math.max(0, (now[i] as number) - (before[i] as number));
    total += part[i] as number;
  }
  if (total === 0) return false;
  for (let i = 0; i < states; i++) part[i] = (part[i] as number) / total;
  return true;
}

function share(state: number): number {
  return part[state] as number;
}

function busy(): number {
  return Math.max(0, 1 - share(3) - share(4));
}

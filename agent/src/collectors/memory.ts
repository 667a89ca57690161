import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere } from "./collector.ts";
import { integerAfter } from "./proc-text.ts";
import { createStopwatch, missing, perSecond, slots } from "./values.ts";

/** What /proc/vmstat counts. Pages and kills since boot. */
export type Paging = { swappedIn: number; swappedOut: number; oomKills: number };

export const memory: CollectorFactory = {
  name: "memory",
  help: "Memory and swap from /proc/meminfo, paging and out-of-memory kills from /proc/vmstat",
  kinds: ["host"],
  deadlineMs: 1000,
  create,
};

const slot = slots("host");

function create(machine: Host): Collector {
  const elapsed = createStopwatch();
  let before: Paging | undefined;
  return {
    collect() {
      const meminfo = machine.readText("/proc/meminfo");
      if (meminfo === undefined) throw new NotHere("/proc/meminfo");
      const values = memoryValues(meminfo);
      const seconds = elapsed();
      const vmstat = machine.readText("/proc/vmstat");
      if (vmstat !== undefined) {
        const now = parsePaging(vmstat);
        addPaging(values, now, before, pageSize(meminfo, vmstat), seconds);
        before = now;
      }
      return [{ kind: "host", key: "host", values }];
    },
  };
}

/** The host's values from the text of /proc/meminfo. Throws where it tells no total. */
export function memoryValues(meminfo: string): Float64Array {
  const bytes = (key: string) => integerAfter(meminfo, `${key}:`) * 1024;
  const total = bytes("MemTotal");
  if (!(total > 0)) throw new Error("/proc/meminfo: no MemTotal");
  const free = bytes("MemFree");
  const cached = bytes("Cached") + (bytes("SReclaimable") || 0);
  const buffers = bytes("Buffers") || 0;
  const stated = bytes("MemAvailable");
  // Kernels before 3.14 don't say what is available.
  const available = Number.isNaN(stated) ? Math.min(total, free + buffers + cached) : stated;
  const swapTotal = bytes("SwapTotal");
  const values = missing("host");
  values[slot.memory_total_bytes] = total;
  values[slot.memory_available_bytes] = available;
  values[slot.memory_used_bytes] = total - available;
  values[slot.memory_used_ratio] = (total - available) / total;
  values[slot.memory_cached_bytes] = cached;
  values[slot.memory_buffers_bytes] = buffers;
  values[slot.swap_total_bytes] = swapTotal;
  values[slot.swap_used_bytes] = swapTotal - bytes("SwapFree");
  return values;
}

/** Counters from the text of /proc/vmstat; NaN for what the kernel does not count. */
export function parsePaging(vmstat: string): Paging {
  return {
    swappedIn: integerAfter(vmstat, "pswpin "),
    swappedOut: integerAfter(vmstat, "pswpout "),
    oomKills: integerAfter(vmstat, "oom_kill "),
  };
}

/**
 * Bytes in a page, as a power of two: /proc/meminfo tells free memory in kB and /proc/vmstat in pages. They are read a
 * moment apart, which the rounding takes up. 4096 where one of them is silent.
 */
export function pageSize(meminfo: string, vmstat: string): number {
  const ratio = (integerAfter(meminfo, "MemFree:") * 1024) / integerAfter(vmstat, "nr_free_pages ");
  return ratio >= 2048 && ratio <= 131072 ? 2 ** Math.round(Math.log2(ratio)) : 4096;
}

function addPaging(values: Float64Array, now: Paging, before: Paging | undefined, page: number, seconds: number): void {
  values[slot.swap_in_bytes_per_second] = perSecond(now.swappedIn, before?.swappedIn, seconds) * page;
  values[slot.swap_out_bytes_per_second] = perSecond(now.swappedOut, before?.swappedOut, seconds) * page;
  values[slot.oom_kills_per_second] = perSecond(now.oomKills, before?.oomKills, seconds);
}

import type { Host } from "../host/host.ts";
import type { Collector, CollectorFactory } from "./collector.ts";
import { createStopwatch, missing, slots } from "./values.ts";

/** What the agent's spool holds. */
export type SpoolFigures = {
  records: number;
  bytes: number;
  /** Age of the oldest record not yet acknowledged; 0 when empty. */
  oldestSeconds: number;
  dropped: number;
};

const slot = slots("agent");

/** The collector of the agent's own use of the host; it is given the spool's figures, so it is made at start. */
export function createAgentCollectorFactory(getSpool: () => SpoolFigures): CollectorFactory {
  return {
    name: "agent",
    help: "CPU, memory and spool of the agent itself",
    kinds: ["agent"],
    deadlineMs: 1000,
    create: (machine) => create(machine, getSpool),
  };
}

function create(machine: Host, getSpool: () => SpoolFigures): Collector {
  const elapsed = createStopwatch();
  let before = process.cpuUsage();
  return {
    collect() {
      const seconds = elapsed();
      const used = process.cpuUsage(before);
      before = process.cpuUsage();
      const resident = process.memoryUsage.rss();
      const spool = getSpool();
      const values = missing("agent");
      values[slot.cpu_cores] = (used.user + used.system) / 1e6 / seconds;
      values[slot.resident_bytes] = resident;
      values[slot.private_bytes] = resident * anonymousShare(machine.readText("/proc/self/statm") ?? "");
      values[slot.spool_records] = spool.records;
      values[slot.spool_bytes] = spool.bytes;
      values[slot.spool_oldest_seconds] = spool.oldestSeconds;
      values[slot.spool_dropped] = spool.dropped;
      return [{ kind: "agent", key: "agent", values }];
    },
  };
}

/**
 * Share of resident memory that is anonymous, from /proc/PID/statm: "shared" there means pages of files and shared memory.
 * smaps_rollup says the same to the page but walks the page tables. NaN where the text holds no such numbers.
 */
export function anonymousShare(statm: string): number {
  const [, resident, shared] = statm.split(" ").map(Number);
  return resident === undefined || shared === undefined ? Number.NaN : (resident - shared) / resident;
}

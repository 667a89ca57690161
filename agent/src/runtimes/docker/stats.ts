import type { UsageCounters } from "../runtime.ts";

/** The parts of the engine's stats that are read. */
export type EngineStats = {
  cpu_stats?: { cpu_usage?: { total_usage?: number } };
  memory_stats?: { usage?: number; stats?: Record<string, number> };
  pids_stats?: { current?: number };
  blkio_stats?: { io_service_bytes_recursive?: { op: string; value: number }[] | null };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>;
};

/** Raw counters out of one answer of the engine's stats. */
export function countersFromStats(stats: EngineStats): UsageCounters {
  const memory = stats.memory_stats?.stats ?? {};
  const usage = stats.memory_stats?.usage;
  const io = stats.blkio_stats?.io_service_bytes_recursive ?? [];
  const sum = (op: string) => io.reduce((n, entry) => (entry.op.toLowerCase() === op ? n + entry.value : n), 0);
  const networks = stats.networks && Object.values(stats.networks);
  const cpu = stats.cpu_stats?.cpu_usage?.total_usage;
  return {
    cpuSeconds: cpu === undefined ? Number.NaN : cpu / 1e9,
    memoryBytes:
      usage === undefined ? Number.NaN : Math.max(0, usage - (memory.total_inactive_file ?? memory.inactive_file ?? 0)),
    pids: stats.pids_stats?.current ?? Number.NaN,
    readBytes: sum("read"),
    writeBytes: sum("write"),
    receiveBytes: networks ? networks.reduce((n, { rx_bytes }) => n + rx_bytes, 0) : Number.NaN,
    transmitBytes: networks ? networks.reduce((n, { tx_bytes }) => n + tx_bytes, 0) : Number.NaN,
  };
}

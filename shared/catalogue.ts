/** Base unit of a metric. Ratios are 0 to 1, `cores` counts busy cores, `boolean` is 0 or 1. */
export type Unit =
  | "bytes"
  | "bytes_per_second"
  | "bits_per_second"
  | "per_second"
  | "seconds"
  | "ratio"
  | "cores"
  | "celsius"
  | "rpm"
  | "volts"
  | "watts"
  | "count"
  | "boolean";

/** One value of a resource kind. `exact` values keep all 24 bits of a float32, the others 16 (see report-codec). */
export type Metric = { name: string; unit: Unit; help: string; exact?: true };

/** A resource kind: its metrics in their fixed order. New ones go to the end: their place is the wire and disk format. */
export type Kind = { help: string; states: readonly string[]; metrics: readonly Metric[] };

const exact = true as const;

/** Every kind of resource and what is measured of it, the one list that agent, server, page and views share. */
export const catalogue = {
  host: {
    help: "The server itself",
    states: [],
    metrics: [
      { name: "cpu_usage_ratio", unit: "ratio", help: "Busy share of all cores" },
      { name: "cpu_user_ratio", unit: "ratio", help: "Share spent in user code" },
      { name: "cpu_nice_ratio", unit: "ratio", help: "Share spent in niced user code" },
      { name: "cpu_system_ratio", unit: "ratio", help: "Share spent in the kernel" },
      { name: "cpu_iowait_ratio", unit: "ratio", help: "Share idle while IO was outstanding" },
      { name: "cpu_irq_ratio", unit: "ratio", help: "Share spent in interrupts, soft ones included" },
      { name: "cpu_steal_ratio", unit: "ratio", help: "Share that the hypervisor gave to others" },
      { name: "cpu_cores", unit: "count", help: "Online logical cores", exact },
      { name: "load1", unit: "count", help: "Load average over 1 minute" },
      { name: "load5", unit: "count", help: "Load average over 5 minutes" },
      { name: "load15", unit: "count", help: "Load average over 15 minutes" },
      { name: "load5_per_core", unit: "count", help: "Load average over 5 minutes by core" },
      { name: "pressure_cpu_some_ratio", unit: "ratio", help: "Share of time in which some task waited for CPU" },
      { name: "pressure_memory_some_ratio", unit: "ratio", help: "Share of time in which some task waited for memory" },
      { name: "pressure_memory_full_ratio", unit: "ratio", help: "Share of time in which all tasks waited for memory" },
      { name: "pressure_io_some_ratio", unit: "ratio", help: "Share of time in which some task waited for IO" },
      { name: "pressure_io_full_ratio", unit: "ratio", help: "Share of time in which all tasks waited for IO" },
      { name: "memory_total_bytes", unit: "bytes", help: "Usable memory", exact },
      { name: "memory_used_bytes", unit: "bytes", help: "Total less available" },
      { name: "memory_available_bytes", unit: "bytes", help: "What programs can still get without swapping" },
      { name: "memory_cached_bytes", unit: "bytes", help: "Page cache and reclaimable slab" },
      { name: "memory_buffers_bytes", unit: "bytes", help: "Block device buffers" },
      { name: "memory_used_ratio", unit: "ratio", help: "Used share of memory" },
      { name: "swap_total_bytes", unit: "bytes", help: "Size of all swap", exact },
      { name: "swap_used_bytes", unit: "bytes", help: "Swap in use" },
      { name: "swap_in_bytes_per_second", unit: "bytes_per_second", help: "Read back from swap" },
      { name: "swap_out_bytes_per_second", unit: "bytes_per_second", help: "Written to swap" },
      { name: "processes", unit: "count", help: "Processes", exact },
      { name: "processes_running", unit: "count", help: "Runnable tasks", exact },
      { name: "processes_blocked", unit: "count", help: "Tasks in uninterruptible sleep", exact },
      { name: "context_switches_per_second", unit: "per_second", help: "Context switches" },
      { name: "interrupts_per_second", unit: "per_second", help: "Interrupts" },
      { name: "forks_per_second", unit: "per_second", help: "Processes and threads created" },
      { name: "oom_kills_per_second", unit: "per_second", help: "Processes killed for lack of memory" },
      { name: "uptime_seconds", unit: "seconds", help: "Time since boot", exact },
      { name: "failed_units", unit: "count", help: "systemd units in state failed", exact },
      { name: "file_descriptors", unit: "count", help: "Open file descriptors on the host", exact },
      { name: "tcp_connections", unit: "count", help: "Established TCP connections", exact },
    ],
  },
  cpu: {
    help: "One logical core",
    states: [],
    metrics: [
      { name: "usage_ratio", unit: "ratio", help: "Busy share" },
      { name: "user_ratio", unit: "ratio", help: "Share spent in user code, niced included" },
      { name: "system_ratio", unit: "ratio", help: "Share spent in the kernel, interrupts included" },
      { name: "iowait_ratio", unit: "ratio", help: "Share idle while IO was outstanding" },
      { name: "steal_ratio", unit: "ratio", help: "Share that the hypervisor gave to others" },
    ],
  },
  filesystem: {
    help: "A mounted filesystem; key: the mount point",
    states: ["rw", "ro", "stuck"],
    metrics: [
      { name: "size_bytes", unit: "bytes", help: "Size", exact },
      { name: "used_bytes", unit: "bytes", help: "Used, reserved blocks not counted", exact },
      { name: "available_bytes", unit: "bytes", help: "Free for users without privilege", exact },
      { name: "used_ratio", unit: "ratio", help: "used / (used + available), as df shows it" },
      { name: "inodes", unit: "count", help: "Inodes; missing where the filesystem has no fixed number", exact },
      { name: "inodes_used", unit: "count", help: "Inodes in use", exact },
      { name: "inodes_used_ratio", unit: "ratio", help: "Used share of inodes" },
      { name: "read_only", unit: "boolean", help: "1 when mounted read-only", exact },
    ],
  },
  disk: {
    help: "A block device; key: its kernel name",
    states: [],
    metrics: [
      { name: "read_bytes_per_second", unit: "bytes_per_second", help: "Read throughput" },
      { name: "write_bytes_per_second", unit: "bytes_per_second", help: "Write throughput" },
      { name: "reads_per_second", unit: "per_second", help: "Completed reads" },
      { name: "writes_per_second", unit: "per_second", help: "Completed writes" },
      { name: "read_await_seconds", unit: "seconds", help: "Mean time of a read, queue included" },
      { name: "write_await_seconds", unit: "seconds", help: "Mean time of a write, queue included" },
      { name: "utilisation_ratio", unit: "ratio", help: "Share of time with IO in flight" },
      { name: "queue_length", unit: "count", help: "Mean requests in flight" },
    ],
  },
  nic: {
    help: "A network interface; key: its name",
    states: ["up", "down", "unknown"],
    metrics: [
      { name: "receive_bytes_per_second", unit: "bytes_per_second", help: "Received" },
      { name: "transmit_bytes_per_second", unit: "bytes_per_second", help: "Sent" },
      { name: "receive_packets_per_second", unit: "per_second", help: "Packets received" },
      { name: "transmit_packets_per_second", unit: "per_second", help: "Packets sent" },
      { name: "receive_errors_per_second", unit: "per_second", help: "Receive errors" },
      { name: "transmit_errors_per_second", unit: "per_second", help: "Send errors" },
      { name: "receive_drops_per_second", unit: "per_second", help: "Received and dropped" },
      { name: "transmit_drops_per_second", unit: "per_second", help: "Dropped before sending" },
      { name: "up", unit: "boolean", help: "1 when the link is up", exact },
      { name: "speed_bits_per_second", unit: "bits_per_second", help: "Link speed; missing where unknown", exact },
    ],
  },
  sensor: {
    help: "A hwmon sensor; key: chip and channel",
    states: [],
    metrics: [
      { name: "temperature_celsius", unit: "celsius", help: "Temperature" },
      { name: "fan_rpm", unit: "rpm", help: "Fan speed" },
      { name: "voltage_volts", unit: "volts", help: "Voltage" },
      { name: "power_watts", unit: "watts", help: "Power" },
      { name: "temperature_high_celsius", unit: "celsius", help: "The chip's own upper limit", exact },
      { name: "temperature_critical_celsius", unit: "celsius", help: "The chip's own critical limit", exact },
    ],
  },
  unit: {
    help: "A systemd unit that failed; key: its name",
    states: ["failed", "active", "inactive"],
    metrics: [],
  },
  container: {
    help: "A container; key: its name",
    states: ["created", "running", "paused", "restarting", "removing", "exited", "dead"],
    metrics: [
      { name: "cpu_cores", unit: "cores", help: "Busy cores" },
      { name: "memory_used_bytes", unit: "bytes", help: "Memory less inactive page cache" },
      { name: "memory_limit_bytes", unit: "bytes", help: "Memory limit; missing where there is none", exact },
      { name: "memory_used_ratio", unit: "ratio", help: "Used share of the limit, or of the host's memory" },
      { name: "receive_bytes_per_second", unit: "bytes_per_second", help: "Received on all its interfaces" },
      { name: "transmit_bytes_per_second", unit: "bytes_per_second", help: "Sent on all its interfaces" },
      { name: "read_bytes_per_second", unit: "bytes_per_second", help: "Read from block devices" },
      { name: "write_bytes_per_second", unit: "bytes_per_second", help: "Written to block devices" },
      { name: "pids", unit: "count", help: "Processes and threads", exact },
      { name: "running", unit: "boolean", help: "1 when running", exact },
      { name: "healthy", unit: "boolean", help: "1 healthy, 0 unhealthy; missing without a health check", exact },
      { name: "restarts", unit: "count", help: "Restarts by the engine since it was created", exact },
      { name: "uptime_seconds", unit: "seconds", help: "Time since it started", exact },
    ],
  },
  collector: {
    help: "A collector of the agent; key: its name",
    states: ["ok", "absent", "failed", "timed_out", "disabled"],
    metrics: [
      { name: "duration_seconds", unit: "seconds", help: "Duration of the last run" },
      { name: "success", unit: "boolean", help: "1 when the last run succeeded", exact },
    ],
  },
  agent: {
    help: "The agent itself",
    states: [],
    metrics: [
      { name: "cpu_cores", unit: "cores", help: "Busy cores" },
      { name: "resident_bytes", unit: "bytes", help: "Resident memory" },
      { name: "private_bytes", unit: "bytes", help: "Anonymous memory of its own" },
      { name: "spool_records", unit: "count", help: "Records not yet acknowledged", exact },
      { name: "spool_bytes", unit: "bytes", help: "Size of the spool", exact },
      { name: "spool_oldest_seconds", unit: "seconds", help: "Age of the oldest record not yet acknowledged" },
      { name: "spool_dropped", unit: "count", help: "Records dropped since the spool was made", exact },
    ],
  },
} as const satisfies Record<string, Kind>;

/** Name of a resource kind. */
export type KindName = keyof typeof catalogue;

/** All kind names, in catalogue order. */
export const kindNames = Object.keys(catalogue) as KindName[];

/** The kind of that name, or undefined. */
export function findKind(name: string): Kind | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name as KindName] : undefined;
}

/** Position of a metric in its kind's values, or -1. */
export function metricIndex(kind: string, metric: string): number {
  return positions.get(kind)?.get(metric) ?? -1;
}

const positions: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  Object.entries(catalogue).map(([kind, { metrics }]) => [kind, new Map(metrics.map(({ name }, i) => [name, i]))]),
);

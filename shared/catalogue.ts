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
  drive: {
    help: "A physical drive; key: model, serial number, WWN and controller slot",
    states: ["healthy", "warning", "critical", "failed", "unknown", "standby"],
    metrics: [
      { name: "temperature_celsius", unit: "celsius", help: "Temperature" },
      { name: "temperature_limit_celsius", unit: "celsius", help: "The limit that it is warned of at", exact },
      { name: "temperature_over_limit_celsius", unit: "celsius", help: "Temperature less its limit; negative is good" },
      { name: "wear_ratio", unit: "ratio", help: "Used share of the rated endurance; can exceed 1", exact },
      { name: "spare_ratio", unit: "ratio", help: "Spare blocks left", exact },
      { name: "power_on_seconds", unit: "seconds", help: "Time under power since it was made", exact },
      { name: "power_cycles", unit: "count", help: "Times it was switched on", exact },
      { name: "read_bytes", unit: "bytes", help: "Read by the host since it was made", exact },
      { name: "written_bytes", unit: "bytes", help: "Written by the host since it was made", exact },
      { name: "reallocated_sectors", unit: "count", help: "Sectors replaced by spare ones", exact },
      { name: "reallocation_events", unit: "count", help: "Attempts to replace sectors", exact },
      { name: "pending_sectors", unit: "count", help: "Unstable sectors that wait to be replaced", exact },
      { name: "offline_uncorrectable", unit: "count", help: "Sectors that an offline scan could not read", exact },
      { name: "reported_uncorrectable", unit: "count", help: "Errors that could not be corrected", exact },
      { name: "command_timeouts", unit: "count", help: "Commands that took too long", exact },
      { name: "interface_crc_errors", unit: "count", help: "Transfer errors, mostly of the cable", exact },
      { name: "spin_retries", unit: "count", help: "Retries of spinning up", exact },
      { name: "end_to_end_errors", unit: "count", help: "Mismatches within the drive's own path", exact },
      { name: "media_errors", unit: "count", help: "NVMe: media and data integrity errors", exact },
      { name: "grown_defects", unit: "count", help: "SCSI: defects found since it was made", exact },
      { name: "uncorrected_errors", unit: "count", help: "SCSI: uncorrected read, write and verify errors", exact },
      { name: "unsafe_shutdowns", unit: "count", help: "Losses of power without warning", exact },
      { name: "error_log_entries", unit: "count", help: "Errors that its log has counted", exact },
      { name: "self_test_progress_ratio", unit: "ratio", help: "Progress of the self-test that runs", exact },
      { name: "self_test_age_seconds", unit: "seconds", help: "Power-on time since the last self-test that ended" },
      { name: "severity", unit: "count", help: "Verdict: 0 healthy, 1 warning, 2 critical, 3 failed", exact },
      { name: "unreadable", unit: "boolean", help: "1 when it was read before and can't be read now", exact },
    ],
  },
  pool: {
    help: "A ZFS pool, md array, LVM group or thin pool, btrfs filesystem or hardware RAID volume; key: its type and name",
    states: ["online", "degraded", "faulted", "offline", "unavailable", "removed", "suspended", "stuck", "unknown"],
    metrics: [
      { name: "size_bytes", unit: "bytes", help: "Size", exact },
      { name: "used_bytes", unit: "bytes", help: "Allocated", exact },
      { name: "free_bytes", unit: "bytes", help: "Free", exact },
      { name: "used_ratio", unit: "ratio", help: "Allocated share" },
      { name: "fragmentation_ratio", unit: "ratio", help: "Fragmentation of the free space" },
      { name: "deduplication_factor", unit: "count", help: "Deduplication factor, 1 without" },
      { name: "members", unit: "count", help: "Devices that it should have, spares not counted", exact },
      { name: "members_missing", unit: "count", help: "Devices that are failed, removed or not found", exact },
      { name: "spares", unit: "count", help: "Spares ready to be used", exact },
      { name: "read_errors", unit: "count", help: "Read errors of all members since they were cleared", exact },
      { name: "write_errors", unit: "count", help: "Write errors of all members since they were cleared", exact },
      { name: "checksum_errors", unit: "count", help: "Checksum errors of all members since they were cleared", exact },
      { name: "data_errors", unit: "count", help: "Blocks that are lost for good", exact },
      { name: "scan_progress_ratio", unit: "ratio", help: "Progress of the scrub, resilver or rebuild that runs" },
      { name: "scan_bytes_per_second", unit: "bytes_per_second", help: "Speed of the scan that runs" },
      { name: "scan_remaining_seconds", unit: "seconds", help: "Time that the scan that runs still needs" },
      { name: "scrub_age_seconds", unit: "seconds", help: "Time since the last whole scrub, or since it was made" },
      { name: "scrub_errors", unit: "count", help: "Errors that the last scrub found", exact },
      { name: "mismatches", unit: "count", help: "md: sectors that differed in the last check", exact },
      { name: "metadata_used_ratio", unit: "ratio", help: "Used share of the metadata of a thin pool or btrfs" },
    ],
  },
  pool_member: {
    help: "A device of a pool; key: the pool's key, a slash and the device",
    states: [
      "online",
      "degraded",
      "faulted",
      "offline",
      "unavailable",
      "removed",
      "missing",
      "spare",
      "rebuilding",
      "unknown",
    ],
    metrics: [
      { name: "size_bytes", unit: "bytes", help: "Size", exact },
      { name: "read_errors", unit: "count", help: "Read errors since they were cleared", exact },
      { name: "write_errors", unit: "count", help: "Write errors since they were cleared", exact },
      { name: "checksum_errors", unit: "count", help: "Checksum errors since they were cleared", exact },
      { name: "slow_ios", unit: "count", help: "Operations that took too long", exact },
      { name: "temperature_celsius", unit: "celsius", help: "Temperature, where the controller tells it" },
    ],
  },
  controller: {
    help: "A hardware RAID controller; key: its tool and number",
    states: ["ok", "degraded", "failed", "unknown"],
    metrics: [
      { name: "temperature_celsius", unit: "celsius", help: "Temperature of the controller" },
      { name: "battery_ok", unit: "boolean", help: "1 when the cache's battery is well; missing without one", exact },
      { name: "battery_temperature_celsius", unit: "celsius", help: "Temperature of the battery" },
      { name: "battery_charge_ratio", unit: "ratio", help: "Charge of the battery" },
      { name: "correctable_memory_errors", unit: "count", help: "Corrected errors of its memory", exact },
      { name: "uncorrectable_memory_errors", unit: "count", help: "Uncorrected errors of its memory", exact },
    ],
  },
  database: {
    help: "A database server; key: engine and address, or engine and container",
    states: ["up", "down", "timed_out", "needs_credentials", "error"],
    metrics: [
      { name: "up", unit: "boolean", help: "1 when it answered; missing while it needs credentials", exact },
      { name: "probe_seconds", unit: "seconds", help: "Duration of the probe" },
      { name: "uptime_seconds", unit: "seconds", help: "Time since it started", exact },
      { name: "size_bytes", unit: "bytes", help: "Size of all data", exact },
      { name: "connections", unit: "count", help: "Open connections of clients", exact },
      { name: "connections_limit", unit: "count", help: "Connections that it allows", exact },
      { name: "connections_used_ratio", unit: "ratio", help: "Used share of the connections that it allows" },
      { name: "connections_rejected_per_second", unit: "per_second", help: "Connections refused" },
      { name: "active", unit: "count", help: "Connections that execute something", exact },
      { name: "idle_in_transaction", unit: "count", help: "Connections that idle within a transaction", exact },
      { name: "waiting", unit: "count", help: "Connections that wait for a lock", exact },
      { name: "locks", unit: "count", help: "Locks held", exact },
      { name: "queries_per_second", unit: "per_second", help: "Statements or operations" },
      { name: "commits_per_second", unit: "per_second", help: "Committed transactions" },
      { name: "rollbacks_per_second", unit: "per_second", help: "Transactions rolled back" },
      { name: "slow_queries_per_second", unit: "per_second", help: "Statements over the engine's limit for slow ones" },
      { name: "slow_running", unit: "count", help: "Statements that have run for over 10 s", exact },
      { name: "longest_query_seconds", unit: "seconds", help: "Age of the longest running statement" },
      { name: "longest_transaction_seconds", unit: "seconds", help: "Age of the longest open transaction" },
      { name: "deadlocks_per_second", unit: "per_second", help: "Deadlocks" },
      { name: "cache_hit_ratio", unit: "ratio", help: "Share of reads served from the engine's memory" },
      { name: "read_bytes_per_second", unit: "bytes_per_second", help: "Read from disk" },
      { name: "write_bytes_per_second", unit: "bytes_per_second", help: "Written to disk" },
      { name: "temporary_bytes_per_second", unit: "bytes_per_second", help: "Written to temporary files" },
      { name: "receive_bytes_per_second", unit: "bytes_per_second", help: "Received from clients" },
      { name: "transmit_bytes_per_second", unit: "bytes_per_second", help: "Sent to clients" },
      { name: "replicas", unit: "count", help: "Replicas that are connected", exact },
      { name: "replication_lag_seconds", unit: "seconds", help: "Of a replica: how far it lags behind" },
      {
        name: "replication_lag_bytes",
        unit: "bytes",
        help: "Of a replica: bytes not yet applied; of a primary: of its slowest replica",
      },
      {
        name: "replication_running",
        unit: "boolean",
        help: "Of a replica: 1 when its link and its apply both run",
        exact,
      },
      { name: "slots_inactive", unit: "count", help: "Replication slots that nobody reads", exact },
      { name: "slots_retained_bytes", unit: "bytes", help: "Log kept for the slot that lags most" },
      { name: "transaction_id_used_ratio", unit: "ratio", help: "Used share of the transaction ids before wraparound" },
      { name: "multixact_id_used_ratio", unit: "ratio", help: "Used share of the multixact ids before wraparound" },
      {
        name: "archive_ok",
        unit: "boolean",
        help: "1 when the last archiving of the log succeeded; missing without one",
        exact,
      },
      { name: "checkpoints_per_second", unit: "per_second", help: "Checkpoints" },
      { name: "memory_used_bytes", unit: "bytes", help: "Memory for data", exact },
      {
        name: "memory_limit_bytes",
        unit: "bytes",
        help: "Memory that it may use for data; missing without a limit",
        exact,
      },
      { name: "memory_used_ratio", unit: "ratio", help: "Used share of the memory that it may use" },
      { name: "memory_fragmentation_factor", unit: "count", help: "Resident memory by memory for data" },
      { name: "keys", unit: "count", help: "Keys, documents or objects", exact },
      { name: "evictions_per_second", unit: "per_second", help: "Keys or pages evicted for lack of memory" },
      { name: "expirations_per_second", unit: "per_second", help: "Keys that expired" },
      {
        name: "save_ok",
        unit: "boolean",
        help: "1 when the last save to disk succeeded; missing where it saves nothing",
        exact,
      },
      { name: "save_age_seconds", unit: "seconds", help: "Time since the last save to disk" },
      { name: "disk_used_ratio", unit: "ratio", help: "Used share of the filesystem of its data" },
      { name: "nodes_offline", unit: "count", help: "Members of its cluster that can't be reached", exact },
      { name: "drives_offline", unit: "count", help: "Drives of its cluster that can't be reached", exact },
      { name: "temporary_tables_per_second", unit: "per_second", help: "Temporary tables written to disk" },
      { name: "lock_waits_per_second", unit: "per_second", help: "Times that something had to wait for a lock" },
    ],
  },
  runtime: {
    help: "A container engine; key: its name",
    states: ["up", "down"],
    metrics: [
      { name: "containers", unit: "count", help: "Containers", exact },
      { name: "containers_running", unit: "count", help: "Containers that run", exact },
      { name: "images", unit: "count", help: "Images", exact },
      { name: "images_bytes", unit: "bytes", help: "Size of all images, shared layers counted once" },
      { name: "images_unused_bytes", unit: "bytes", help: "Size of images that no container uses" },
      { name: "volumes", unit: "count", help: "Volumes", exact },
      { name: "volumes_bytes", unit: "bytes", help: "Size of all local volumes" },
      { name: "volumes_unused_bytes", unit: "bytes", help: "Size of volumes that no container uses" },
      { name: "containers_bytes", unit: "bytes", help: "Size of what containers wrote into their own layers" },
      { name: "build_cache_bytes", unit: "bytes", help: "Size of the build cache" },
    ],
  },
  image: {
    help: "An image; key: its id, behind the runtime's name where it is not the first",
    states: ["used", "unused", "dangling"],
    metrics: [
      { name: "size_bytes", unit: "bytes", help: "Size" },
      { name: "containers", unit: "count", help: "Containers made from it", exact },
    ],
  },
  volume: {
    help: "A volume; key: its name, behind the runtime's name where it is not the first",
    states: ["used", "unused"],
    metrics: [
      { name: "size_bytes", unit: "bytes", help: "Size; missing where the engine does not tell" },
      { name: "containers", unit: "count", help: "Containers that mount it", exact },
    ],
  },
  network: {
    help: "A network of a container engine; key: its name, behind the runtime's name where it is not the first",
    states: ["used", "unused"],
    metrics: [{ name: "containers", unit: "count", help: "Running containers in it", exact }],
  },
  backup: {
    help: "A backup of a container on its host; key: its id",
    states: ["complete", "damaged", "expired"],
    metrics: [
      { name: "size_bytes", unit: "bytes", help: "Size of all its files", exact },
      { name: "age_seconds", unit: "seconds", help: "Time since it was made", exact },
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

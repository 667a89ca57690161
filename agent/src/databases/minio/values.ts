import { type Counters, type DatabaseMetric, rate, ratio } from "../probe.ts";
import { most, type Sample, sum } from "../prometheus-text.ts";

/** Samples by their metric's name. */
export type Metrics = ReadonlyMap<string, readonly Sample[]>;

/** Values out of the cluster's metrics; the names changed over the years. */
export function valuesOf(
  metrics: Metrics,
  now: Counters,
  before: Counters | undefined,
): Partial<Record<DatabaseMetric, number>> {
  const first = (...names: string[]) => names.map((name) => metrics.get(name)).find((samples) => samples !== undefined);
  const capacity = most(first("minio_cluster_capacity_usable_total_bytes"));
  const free = most(first("minio_cluster_capacity_usable_free_bytes"));
  const started = most(first("minio_node_process_starttime_seconds"));
  const uptime = most(first("minio_node_process_uptime_seconds"));
  return {
    uptime_seconds: Number.isNaN(uptime) ? Date.now() / 1000 - started : uptime,
    size_bytes: pick(most(first("minio_cluster_usage_total_bytes")), sum(first("minio_bucket_usage_total_bytes"))),
    active: sum(first("minio_s3_requests_inflight_total")),
    waiting: sum(first("minio_s3_requests_waiting_total")),
    queries_per_second: rate(now, before, "requests"),
    connections_rejected_per_second: rate(now, before, "rejected"),
    receive_bytes_per_second: rate(now, before, "received"),
    transmit_bytes_per_second: rate(now, before, "sent"),
    read_bytes_per_second: rate(now, before, "read"),
    write_bytes_per_second: rate(now, before, "written"),
    memory_used_bytes: sum(first("minio_node_process_resident_memory_bytes")),
    keys: pick(most(first("minio_cluster_usage_object_total")), sum(first("minio_bucket_usage_object_total"))),
    ...(capacity > 0 ? { disk_used_ratio: ratio(capacity - free, capacity) } : {}),
    nodes_offline: most(first("minio_cluster_nodes_offline_total")),
    drives_offline: most(first("minio_cluster_drive_offline_total", "minio_cluster_disk_offline_total")),
  };
}

function pick(one: number, other: number): number {
  return Number.isNaN(one) ? other : one;
}

const rejected = ["auth", "header", "invalid", "timestamp"].map((why) => `minio_s3_requests_rejected_${why}_total`);

/** Raw counters, by what they count. */
export function countersOf(metrics: Metrics): Counters {
  const refused = rejected.map((name) => sum(metrics.get(name))).filter((value) => !Number.isNaN(value));
  return {
    at: performance.now(),
    requests: sum(metrics.get("minio_s3_requests_total")),
    rejected: refused.length === 0 ? Number.NaN : refused.reduce((total, value) => total + value, 0),
    received: sum(metrics.get("minio_s3_traffic_received_bytes")),
    sent: sum(metrics.get("minio_s3_traffic_sent_bytes")),
    read: sum(metrics.get("minio_node_io_read_bytes")),
    written: sum(metrics.get("minio_node_io_write_bytes")),
  };
}

/** The metrics of /minio/v2/metrics/cluster that are read here and for the attributes. */
export const wanted: ReadonlySet<string> = new Set([
  "minio_bucket_usage_object_total",
  "minio_bucket_usage_total_bytes",
  "minio_cluster_bucket_total",
  "minio_cluster_buckets_total",
  "minio_cluster_capacity_usable_free_bytes",
  "minio_cluster_capacity_usable_total_bytes",
  "minio_cluster_disk_offline_total",
  "minio_cluster_disk_online_total",
  "minio_cluster_drive_offline_total",
  "minio_cluster_drive_online_total",
  "minio_cluster_health_status",
  "minio_cluster_nodes_offline_total",
  "minio_cluster_nodes_online_total",
  "minio_cluster_usage_object_total",
  "minio_cluster_usage_total_bytes",
  "minio_cluster_write_quorum",
  "minio_heal_objects_errors_total",
  "minio_heal_objects_heal_total",
  "minio_node_io_read_bytes",
  "minio_node_io_write_bytes",
  "minio_node_process_resident_memory_bytes",
  "minio_node_process_starttime_seconds",
  "minio_node_process_uptime_seconds",
  "minio_s3_requests_4xx_errors_total",
  "minio_s3_requests_5xx_errors_total",
  "minio_s3_requests_inflight_total",
  "minio_s3_requests_total",
  "minio_s3_requests_waiting_total",
  "minio_s3_traffic_received_bytes",
  "minio_s3_traffic_sent_bytes",
  "minio_software_version_info",
  ...rejected,
]);

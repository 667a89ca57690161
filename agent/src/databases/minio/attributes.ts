import { type Target, tlsMode } from "../probe.ts";
import { most, sum } from "../prometheus-text.ts";
import type { Response } from "./ask.ts";
import type { Bucket } from "./buckets.ts";
import type { Metrics } from "./values.ts";

/** What a probe tells beside numbers. */
export function attributesOf(
  target: Target,
  health: Response,
  metrics: Metrics,
  version: string | undefined,
  buckets: readonly Bucket[],
): Record<string, unknown> {
  const number = (...names: string[]) => {
    const value = most(names.map((name) => metrics.get(name)).find((samples) => samples !== undefined));
    return Number.isFinite(value) ? value : null;
  };
  const total = (name: string) => {
    const value = sum(metrics.get(name));
    return Number.isFinite(value) ? value : null;
  };
  return {
    version: version ?? null,
    databases: buckets,
    topStatements: requests(metrics),
    settings: {
      healthy: health.status === 200,
      writeQuorum: number("minio_cluster_write_quorum"),
      buckets: number("minio_cluster_bucket_total", "minio_cluster_buckets_total"),
      nodesOnline: number("minio_cluster_nodes_online_total"),
      drivesOnline: number("minio_cluster_drive_online_total", "minio_cluster_disk_online_total"),
      usableBytes: number("minio_cluster_capacity_usable_total_bytes"),
      healedObjects: total("minio_heal_objects_heal_total"),
      healErrors: total("minio_heal_objects_errors_total"),
      clientErrors: total("minio_s3_requests_4xx_errors_total"),
      serverErrors: total("minio_s3_requests_5xx_errors_total"),
    },
    tls: { mode: tlsMode(target), used: health.encrypted },
  };
}

function requests(metrics: Metrics): { text: string; calls: number }[] {
  const samples = metrics.get("minio_s3_requests_total") ?? [];
  const all = samples.map(({ labels, value }) => ({ text: (labels.api ?? "").slice(0, 100), calls: value }));
  return all.sort((a, b) => b.calls - a.calls).slice(0, 20);
}

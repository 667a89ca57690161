import type { Target } from "../probe.ts";
import { parsePrometheus } from "../prometheus-text.ts";
import { ask, authorization } from "./ask.ts";
import type { Metrics } from "./values.ts";

/** A bucket, as its last scan found it. */
export type Bucket = { name: string; sizeBytes: number; objects: number | null };

const eachMs = 5 * 60_000;
const names = new Set(["minio_bucket_usage_total_bytes", "minio_bucket_usage_object_total"]);
const mostBuckets = 50;

/** What each target told last, and when, monotonic ms. */
const known = new Map<string, { at: number; buckets: Bucket[] }>();

/**
 * The 50 largest buckets: of the cluster's metrics in old servers, else asked for each 5 minutes, for the answer has a
 * hundred lines a bucket (the server tells of the first hundred only). Empty until the server's first scan.
 */
export async function bucketsOf(target: Target, metrics: Metrics, now: number, signal: AbortSignal): Promise<Bucket[]> {
  if (metrics.has("minio_bucket_usage_total_bytes")) return parseBuckets(metrics);
  const before = known.get(target.key);
  if (before !== undefined && now - before.at < eachMs) return before.buckets;
  let buckets: Bucket[] = [];
  let scanned = true;
  try {
    const answer = await ask(target, "/minio/v2/metrics/bucket", authorization(target), signal);
    if (answer.status === 200) buckets = parseBuckets(parsePrometheus(answer.body, names));
    scanned = buckets.length > 0 || answer.status !== 200;
  } catch {
    // All else is known by now: that probe is not to fail for them.
    signal.throwIfAborted();
  }
  // One that has not scanned yet soon has.
  if (scanned) known.set(target.key, { at: now, buckets });
  return buckets;
}

/** The target is gone. */
export function forgetBuckets(key: string): void {
  known.delete(key);
}

/** Buckets by size, the largest first. */
export function parseBuckets(metrics: Metrics): Bucket[] {
  const objects = new Map(
    (metrics.get("minio_bucket_usage_object_total") ?? []).map(({ labels, value }) => [labels.bucket ?? "", value]),
  );
  return (metrics.get("minio_bucket_usage_total_bytes") ?? [])
    .map(({ labels: { bucket = "" }, value }) => ({
      name: bucket,
      sizeBytes: value,
      objects: objects.get(bucket) ?? null,
    }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, mostBuckets);
}

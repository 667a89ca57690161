import { ask, authorization, type Response } from "./minio/ask.ts";
import { attributesOf } from "./minio/attributes.ts";
import { type Bucket, bucketsOf, forgetBuckets } from "./minio/buckets.ts";
import { countersOf, type Metrics, valuesOf, wanted } from "./minio/values.ts";
import { address, type Counters, failure, type Probe, ProbeError, type ProbeResult, type Target } from "./probe.ts";
import { most, parsePrometheus } from "./prometheus-text.ts";

/** MinIO: its health without credentials, its figures with a bearer token, or with an access key and its secret key. */
export const minio: Probe = {
  engines: ["minio"],
  anonymous: true,
  grants,
  probe,
  forget: forgetBuckets,
};

function grants({ host = "127.0.0.1", port = 9000 }: Target): string[] {
  const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["admin:Prometheus"]}]}';
  return [
    `mc alias set it http://${host.includes(":") ? `[${host}]` : host}:${port} ADMIN SECRETKEY`,
    "mc admin user add it fairlead PASSWORD",
    `echo '${policy}' | mc admin policy create it fairlead /dev/stdin`,
    "mc admin policy attach it fairlead --user fairlead",
    "# or, without a user, the bearer_token as password that this prints: mc admin prometheus generate it cluster",
  ];
}

async function probe(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult> {
  try {
    const live = await ask(target, "/minio/health/live", {}, signal);
    if (live.status !== 200)
      throw new ProbeError("error", `${address(target)} answers ${live.status} to /minio/health/live: is that MinIO?`);
    const health = await ask(target, "/minio/health/cluster", {}, signal);
    const answer = await ask(target, "/minio/v2/metrics/cluster", authorization(target), signal);
    const metrics: Metrics = answer.status === 200 ? parsePrometheus(answer.body, wanted) : new Map();
    const scanned = metrics.size > 0 && !isStarting(health);
    const buckets = scanned ? await bucketsOf(target, metrics, performance.now(), signal) : [];
    return described(target, { health, answer, metrics, buckets }, previous);
  } catch (error) {
    return failure(signal.aborted ? signal.reason : error, target);
  }
}

type Told = { health: Response; answer: Response; metrics: Metrics; buckets: readonly Bucket[] };

function described(target: Target, told: Told, previous: Counters | undefined): ProbeResult {
  const { health, answer, metrics, buckets } = told;
  const closed = answer.status === 401 || answer.status === 403;
  if (closed && target.password !== undefined)
    throw new ProbeError(
      "needs_credentials",
      "the token, or the key, is refused: the key's user needs a policy that allows admin:Prometheus",
    );
  const counters = countersOf(metrics);
  const starts = isStarting(health);
  const reason = starts ? waitOf(health) : troubleOf(health, metrics, answer, closed);
  const version = metrics.get("minio_software_version_info")?.[0]?.labels.version;
  return {
    status: starts ? "error" : "up",
    ...(reason === undefined ? {} : { reason }),
    values: { up: 1, ...valuesOf(metrics, counters, previous) },
    attributes: {
      ...(closed ? { credentials: "missing", grants: grants(target) } : {}),
      ...attributesOf(target, health, metrics, version, buckets),
    },
    labels: {
      role: most(metrics.get("minio_cluster_nodes_online_total")) > 1 ? "cluster" : "standalone",
      // Those built by hand have no year.
      ...(version !== undefined && /^\d{4}-/.test(version) ? { version: version.slice(0, 4) } : {}),
    },
    counters,
  };
}

function isStarting(health: Response): boolean {
  return health.status === 503 && typeof health.headers["x-minio-server-status"] === "string";
}

const waits: Readonly<Record<string, string>> = {
  offline: "it waits for enough of its drives",
  "iam-offline": "it waits for its users and policies",
  "bucket-metadata-offline": "it waits for its buckets' settings",
};

function waitOf({ headers }: Response): string {
  const status = String(headers["x-minio-server-status"]);
  return `it serves nothing yet: ${waits[status] ?? status}`;
}

function troubleOf(health: Response, metrics: Metrics, answer: Response, closed: boolean): string | undefined {
  const quorum = health.headers["x-minio-write-quorum"];
  if (health.status === 503 || most(metrics.get("minio_cluster_health_status")) === 0) {
    return `the cluster has no write quorum${typeof quorum === "string" ? ` (needs ${quorum} drives of a set)` : ""}: writes are refused`;
  }
  const drives = most(metrics.get("minio_cluster_drive_offline_total"));
  if (drives > 0) return drives === 1 ? "1 drive is offline" : `${drives} drives are offline`;
  const nodes = most(metrics.get("minio_cluster_nodes_offline_total"));
  if (nodes > 0) return nodes === 1 ? "1 node is offline" : `${nodes} nodes are offline`;
  if (closed) return "its health is public, its figures need a bearer token, or an access key";
  return answer.status === 200
    ? undefined
    : `its figures can't be read: HTTP ${answer.status} of /minio/v2/metrics/cluster`;
}

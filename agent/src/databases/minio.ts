import { createHmac } from "node:crypto";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import {
  address,
  type Counters,
  type DatabaseMetric,
  failure,
  type Probe,
  ProbeError,
  type ProbeResult,
  rate,
  ratio,
  type Target,
  tlsMode,
  tlsOptions,
} from "./probe.ts";
import { most, parsePrometheus, type Sample, sum } from "./prometheus-text.ts";

/** MinIO: its health without credentials, its figures with a bearer token, or with an access key and its secret key. */
export const minio: Probe = {
  engines: ["minio"],
  anonymous: true,
  grants,
  probe,
};

type Response = { status: number; headers: Record<string, unknown>; body: string; encrypted: boolean };
type Metrics = ReadonlyMap<string, readonly Sample[]>;

const mostBytes = 8 * 1024 * 1024;

function grants({ host = "127.0.0.1", port = 9000 }: Target): string[] {
  return [
    `mc alias set fairlead http://${host}:${port} ACCESSKEY SECRETKEY`,
    "mc admin prometheus generate fairlead cluster",
    "# give the bearer_token that it prints as password, without a user; or the access key as user and its secret key",
  ];
}

async function probe(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult> {
  try {
    const live = await ask(target, "/minio/health/live", {}, signal);
    if (live.status !== 200)
      throw new ProbeError("error", `${address(target)} answers ${live.status} to /minio/health/live: is that MinIO?`);
    const health = await ask(target, "/minio/health/cluster", {}, signal);
    const metrics = await ask(target, "/minio/v2/metrics/cluster", authorization(target), signal);
    return described(target, health, metrics, previous);
  } catch (error) {
    return failure(signal.aborted ? signal.reason : error, target);
  }
}

function described(target: Target, health: Response, answer: Response, previous: Counters | undefined): ProbeResult {
  const known = target.password !== undefined;
  const closed = answer.status === 401 || answer.status === 403;
  if (closed && known) throw new ProbeError("needs_credentials", "the token, or the key, is refused");
  const metrics: Metrics = answer.status === 200 ? parsePrometheus(answer.body, wanted) : new Map();
  const counters = countersOf(metrics);
  const reason = troubleOf(health, metrics, answer, closed);
  const version = metrics.get("minio_software_version_info")?.[0]?.labels.version ?? serverVersion(health);
  return {
    status: "up",
    ...(reason === undefined ? {} : { reason }),
    values: { up: 1, ...valuesOf(metrics, counters, previous) },
    attributes: attributesOf(target, health, metrics, version, closed),
    labels: {
      role: most(metrics.get("minio_cluster_nodes_online_total")) > 1 ? "cluster" : "standalone",
      ...(version === undefined ? {} : { version: version.slice(0, 4) }),
    },
    counters,
  };
}

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

const wanted: ReadonlySet<string> = new Set([
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

function troubleOf(health: Response, metrics: Metrics, answer: Response, closed: boolean): string | undefined {
  const quorum = health.headers["x-minio-write-quorum"];
  if (health.status === 503 || most(metrics.get("minio_cluster_health_status")) === 0) {
    return `the cluster has no write quorum${typeof quorum === "string" ? ` (needs ${quorum} drives)` : ""}: writes are refused`;
  }
  const drives = most(metrics.get("minio_cluster_drive_offline_total"));
  if (drives > 0) return `${drives} drives are offline`;
  const nodes = most(metrics.get("minio_cluster_nodes_offline_total"));
  if (nodes > 0) return `${nodes} nodes are offline`;
  if (closed) return "its health is public, its figures need a bearer token";
  return answer.status === 200
    ? undefined
    : `its figures can't be read: HTTP ${answer.status} of /minio/v2/metrics/cluster`;
}

function attributesOf(
  target: Target,
  health: Response,
  metrics: Metrics,
  version: string | undefined,
  closed: boolean,
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
    ...(closed ? { credentials: "missing", grants: grants(target) } : {}),
    databases: buckets(metrics),
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

function buckets(metrics: Metrics): { name: string; sizeBytes: number }[] {
  const samples = metrics.get("minio_bucket_usage_total_bytes") ?? [];
  const all = samples.map(({ labels, value }) => ({ name: labels.bucket ?? "", sizeBytes: value }));
  return all.sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, 50);
}

function requests(metrics: Metrics): { text: string; calls: number }[] {
  const samples = metrics.get("minio_s3_requests_total") ?? [];
  const all = samples.map(({ labels, value }) => ({ text: (labels.api ?? "").slice(0, 100), calls: value }));
  return all.sort((a, b) => b.calls - a.calls).slice(0, 20);
}

function serverVersion({ headers }: Response): string | undefined {
  const server = headers.server;
  return typeof server === "string" ? /^MinIO\/(\S+)/.exec(server)?.[1] : undefined;
}

/** A token as it is given, or one for a minute that the access key's owner may sign: what `mc admin prometheus` makes. */
function authorization({ user, password }: Target): Record<string, string> {
  if (password === undefined) return {};
  return { authorization: `Bearer ${user === undefined ? password : signedToken(user, password)}` };
}

function signedToken(accessKey: string, secretKey: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { exp: Math.floor(Date.now() / 1000) + 60, iss: "prometheus", sub: accessKey };
  const text = `${part({ alg: "HS512", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha512", secretKey).update(text).digest("base64url")}`;
}

/** One request; a server that wants TLS gets it unless the target forbids that. */
async function ask(
  target: Target,
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const options = tlsOptions(target);
  if (options !== undefined && tlsMode(target) !== "prefer") return await once(target, path, headers, options, signal);
  if (options !== undefined) {
    try {
      return await once(target, path, headers, options, signal);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (signal.aborted || !/^(EPROTO|ERR_SSL|ECONNRESET)/.test(code)) throw error;
    }
  }
  const answer = await once(target, path, headers, undefined, signal);
  const wantsTls = answer.status === 400 && /HTTP request to an HTTPS server/i.test(answer.body);
  if (!wantsTls || target.tls?.mode === "disable") return answer;
  return await once(target, path, headers, { rejectUnauthorized: false }, signal);
}

function once(
  target: Target,
  path: string,
  headers: Record<string, string>,
  encrypted: ReturnType<typeof tlsOptions>,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const place =
      target.socket === undefined
        ? { host: target.host ?? "127.0.0.1", port: target.port ?? 9000 }
        : { socketPath: target.socket };
    const options = { ...place, path, headers, signal, agent: false as const };
    const made = encrypted === undefined ? plainRequest(options) : tlsRequest({ ...options, ...encrypted });
    made.on("error", reject);
    made.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) {
          made.destroy(new ProbeError("error", `${path} answers more than ${mostBytes} bytes`));
          return;
        }
        chunks.push(chunk);
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
          encrypted: encrypted !== undefined,
        }),
      );
    });
    made.end();
  });
}

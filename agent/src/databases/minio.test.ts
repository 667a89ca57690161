import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { Target } from "./probe.ts";
import { createProber } from "./prober.ts";

// What a single MinIO (RELEASE.2025-01-18) with one drive answered; requests and bytes as they grew between two looks.
const recorded = (
  requests: number,
  sent: number,
) => `# HELP minio_cluster_bucket_total Total number of buckets in the cluster
# TYPE minio_cluster_bucket_total gauge
minio_cluster_bucket_total{server="127.0.0.1:9000"} 1
# HELP minio_cluster_capacity_raw_free_bytes Total free capacity online in the cluster
# TYPE minio_cluster_capacity_raw_free_bytes gauge
minio_cluster_capacity_raw_free_bytes{server="127.0.0.1:9000"} 4.678395904e+10
# TYPE minio_cluster_capacity_usable_free_bytes gauge
minio_cluster_capacity_usable_free_bytes{server="127.0.0.1:9000"} 4.678395904e+10
# TYPE minio_cluster_capacity_usable_total_bytes gauge
minio_cluster_capacity_usable_total_bytes{server="127.0.0.1:9000"} 2.044894208e+11
# TYPE minio_cluster_drive_offline_total gauge
minio_cluster_drive_offline_total{server="127.0.0.1:9000"} 0
minio_cluster_drive_online_total{server="127.0.0.1:9000"} 1
minio_cluster_health_status{server="127.0.0.1:9000"} 1
minio_cluster_nodes_offline_total{server="127.0.0.1:9000"} 0
minio_cluster_nodes_online_total{server="127.0.0.1:9000"} 1
minio_cluster_objects_size_distribution{range="BETWEEN_512_KB_AND_1_MB",server="127.0.0.1:9000"} 8
minio_cluster_usage_object_total{server="127.0.0.1:9000"} 23
minio_cluster_usage_total_bytes{server="127.0.0.1:9000"} 1.0182782e+07
minio_cluster_write_quorum{server="127.0.0.1:9000"} 1
minio_node_process_starttime_seconds{server="127.0.0.1:9000"} 1.737292e+09
minio_node_process_uptime_seconds{server="127.0.0.1:9000"} 715.5
minio_s3_requests_inflight_total{api="getobject",server="127.0.0.1:9000"} 2
minio_s3_requests_rejected_auth_total{server="127.0.0.1:9000"} 0
minio_s3_requests_total{api="getobject",server="127.0.0.1:9000"} ${requests}
minio_s3_requests_total{api="putobject",server="127.0.0.1:9000"} 5
minio_s3_traffic_received_bytes{server="127.0.0.1:9000"} 1000
minio_s3_traffic_sent_bytes{server="127.0.0.1:9000"} ${sent}
minio_software_version_info{server="127.0.0.1:9000",version="2025-01-18T00:31:37Z"} 1
`;

const token = "recorded-bearer-token";

type Answer = { status: number; body?: string; headers?: Record<string, string> };

async function serve(answers: (path: string, request: IncomingMessage) => Answer): Promise<Target> {
  const server: Server = createServer((request, response) => {
    const { status, body = "", headers = {} } = answers(request.url ?? "", request);
    response.writeHead(status, { server: "MinIO", ...headers });
    response.end(body);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  await expect.poll(() => server.listening).toBe(true);
  const { port } = server.address() as { port: number };
  return { key: `minio:127.0.0.1:${port}`, engine: "minio", host: "127.0.0.1", port, timeoutMs: 2_000 };
}

function recordedServer(): (path: string, request: IncomingMessage) => Answer {
  let looks = 0;
  return (path, { headers }) => {
    if (path === "/minio/health/live" || path === "/minio/health/cluster") return { status: 200 };
    if (path !== "/minio/v2/metrics/cluster") return { status: 404 };
    if (headers.authorization !== `Bearer ${token}`) return { status: 403 };
    looks++;
    return { status: 200, body: recorded(100 * looks, 5_000_000 * looks) };
  };
}

const never = new AbortController().signal;

test("a recorded exchange with MinIO: what the token shows, with rates from the second look on", async () => {
  const target = { ...(await serve(recordedServer())), password: token };
  const prober = createProber();
  expect(await prober.probe(target, never)).toMatchObject({
    status: "up",
    labels: { role: "standalone", version: "2025" },
    values: {
      up: 1,
      uptime_seconds: 715.5,
      size_bytes: 10182782,
      keys: 23,
      active: 2,
      nodes_offline: 0,
      drives_offline: 0,
      disk_used_ratio: 1 - 46783959040 / 204489420800,
      queries_per_second: Number.NaN,
    },
    attributes: {
      version: "2025-01-18T00:31:37Z",
      topStatements: [
        { text: "getobject", calls: 100 },
        { text: "putobject", calls: 5 },
      ],
      settings: { healthy: true, writeQuorum: 1, buckets: 1, drivesOnline: 1 },
    },
    grants: [],
  });
  const { values } = await prober.probe(target, never);
  expect(values.queries_per_second).toBeGreaterThan(0);
  expect(values.transmit_bytes_per_second).toBeGreaterThan(1_000);
});

test("a recorded exchange with MinIO: without a token its health, with a wrong one a refusal", async () => {
  const target = await serve(recordedServer());
  const open = await createProber().probe(target, never);
  expect(open).toMatchObject({
    status: "up",
    reason: "its health is public, its figures need a bearer token",
    attributes: { credentials: "missing" },
  });
  expect(open.grants).toContain("mc admin prometheus generate fairlead cluster");
  expect(await createProber().probe({ ...target, password: "wrong-token" }, never)).toMatchObject({
    status: "needs_credentials",
    reason: "the token, or the key, is refused",
  });
});

test("an access key signs its own token, as MinIO's client does", async () => {
  let sent = "";
  const target = await serve((path, { headers }) => {
    if (path.endsWith("/metrics/cluster")) sent = headers.authorization ?? "";
    return { status: 200, body: "" };
  });
  await createProber().probe({ ...target, user: "monitor", password: "secret-key" }, never);
  const [header = "", claims = "", signature] = sent.replace("Bearer ", "").split(".");
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ sub: "monitor", iss: "prometheus" });
  expect(signature).toBe(createHmac("sha512", "secret-key").update(`${header}.${claims}`).digest("base64url"));
});

test.each<[what: string, answers: (path: string) => Answer, expected: object]>([
  [
    "without write quorum",
    (path) =>
      path.endsWith("/cluster") && path.includes("health")
        ? { status: 503, headers: { "x-minio-write-quorum": "3" } }
        : { status: 200 },
    { status: "up", reason: "the cluster has no write quorum (needs 3 drives): writes are refused" },
  ],
  [
    "with a drive offline",
    (path) => ({ status: 200, body: path.includes("metrics") ? "minio_cluster_drive_offline_total 2\n" : "" }),
    { status: "up", reason: "2 drives are offline", values: { drives_offline: 2 } },
  ],
  [
    "that is none",
    () => ({ status: 404 }),
    { status: "error", reason: expect.stringMatching(/answers 404 .* is that MinIO\?$/) },
  ],
  [
    "whose figures have no end",
    (path) => ({ status: 200, body: path.includes("metrics") ? "x".repeat(9 * 1024 * 1024) : "" }),
    { status: "error", reason: expect.stringMatching(/answers more than \d+ bytes$/) },
  ],
])("a MinIO %s", async (_, answers, expected) => {
  expect(await createProber().probe(await serve(answers), never)).toMatchObject(expected);
});

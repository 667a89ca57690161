import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import * as recorded from "../../tests/minio-recorded.ts";
import { minio } from "./minio.ts";
import type { Target } from "./probe.ts";
import { createProber } from "./prober.ts";

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

/** As recorded; each further look at the figures finds a hundred GETs more. `asked`: paths in order. */
function recordedServer(asked: string[] = []): (path: string, request: IncomingMessage) => Answer {
  let looks = 0;
  return (path, { headers }) => {
    asked.push(path);
    if (path === "/minio/health/live" || path === "/minio/health/cluster") return { status: 200 };
    if (headers.authorization !== `Bearer ${token}`) return { status: 403, body: recorded.denied };
    if (path === "/minio/v2/metrics/bucket") return { status: 200, body: recorded.buckets };
    if (path !== "/minio/v2/metrics/cluster") return { status: 404 };
    const grown = `requests_total{api="getobject",server="127.0.0.1:19000"} ${100 * looks++ + 1}`;
    const body = recorded.oneDrive
      .replace(/requests_total\{api="getobject",server="127.0.0.1:19000"\} 1/, grown)
      .replace(
        'sent_bytes{server="127.0.0.1:19000"} 301325',
        `sent_bytes{server="127.0.0.1:19000"} ${5_000_000 * looks}`,
      );
    return { status: 200, body };
  };
}

const never = new AbortController().signal;

test("a recorded exchange with MinIO: what the token shows, with rates from the second look on", async () => {
  const asked: string[] = [];
  const target = { ...(await serve(recordedServer(asked))), password: token };
  onTestFinished(() => minio.forget?.(target.key));
  const prober = createProber();
  const first = await prober.probe(target, never);
  expect(first).toMatchObject({
    status: "up",
    labels: { role: "standalone", version: "2026" },
    values: {
      up: 1,
      uptime_seconds: 4.088616574,
      size_bytes: 900_000,
      keys: 3,
      active: 0,
      waiting: 0,
      nodes_offline: 0,
      drives_offline: 0,
      memory_used_bytes: 127_217_664,
      disk_used_ratio: (97_793_294_336 - 62_129_848_320) / 97_793_294_336,
      queries_per_second: Number.NaN,
    },
    attributes: {
      version: "2026-02-12T20:18:48Z",
      databases: [
        { name: "photos", sizeBytes: 600_000, objects: 2 },
        { name: "logs", sizeBytes: 300_000, objects: 1 },
      ],
      settings: { healthy: true, writeQuorum: 1, buckets: 2, drivesOnline: 1, clientErrors: 2 },
    },
    grants: [],
  });
  expect(first.reason).toBeUndefined();
  expect(first.attributes.topStatements).toContainEqual({ text: "listobjectsv2", calls: 2 });
  const second = await prober.probe(target, never);
  expect(second.values.queries_per_second).toBeGreaterThan(0);
  expect(second.values.transmit_bytes_per_second).toBeGreaterThan(1_000);
  expect(second.attributes.databases).toEqual(first.attributes.databases);
  // Buckets are asked for each 5 minutes only.
  expect(asked.filter((path) => path.endsWith("/bucket"))).toHaveLength(1);
});

test("a recorded exchange with MinIO: without a token its health, with a wrong one a refusal", async () => {
  const target = await serve(recordedServer());
  const open = await createProber().probe(target, never);
  expect(open).toMatchObject({
    status: "up",
    reason: "its health is public, its figures need a bearer token, or an access key",
    attributes: { credentials: "missing" },
  });
  expect(open.grants).toContain("mc admin policy attach it fairlead --user fairlead");
  expect(await createProber().probe({ ...target, password: "wrong-token" }, never)).toMatchObject({
    status: "needs_credentials",
    reason: "the token, or the key, is refused: the key's user needs a policy that allows admin:Prometheus",
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
    "with two of its four drives gone (recorded)",
    (path) =>
      path === "/minio/health/cluster"
        ? { status: 503, headers: recorded.noQuorumHealth }
        : { status: 200, body: path.includes("metrics") ? recorded.noQuorum : "" },
    {
      status: "up",
      reason: "the cluster has no write quorum (needs 3 drives of a set): writes are refused",
      values: { drives_offline: 2 },
      attributes: { settings: { healthy: false, drivesOnline: 2, writeQuorum: 3 } },
    },
  ],
  [
    "with one of its four drives gone (recorded)",
    (path) => ({ status: 200, body: path.includes("metrics") ? recorded.driveOffline : "" }),
    { status: "up", reason: "1 drive is offline", values: { drives_offline: 1 } },
  ],
  [
    "that starts, and waits for its drives (recorded)",
    (path) => (path === "/minio/health/cluster" ? { status: 503, headers: recorded.startingHealth } : { status: 200 }),
    { status: "error", reason: "it serves nothing yet: it waits for enough of its drives", values: { up: 1 } },
  ],
  [
    "of a developer's own build",
    (path) => ({
      status: 200,
      body: path.includes("metrics") ? 'minio_software_version_info{version="DEVELOPMENT.GOGET"} 0\n' : "",
    }),
    { attributes: { version: "DEVELOPMENT.GOGET" }, labels: { role: "standalone" } },
  ],
  [
    "whose buckets can't be had",
    (path) =>
      path.endsWith("/bucket")
        ? { status: 200, body: "x".repeat(9 * 1024 * 1024) }
        : { status: 200, body: path.includes("metrics") ? recorded.oneDrive : "" },
    { status: "up", values: { keys: 3 }, attributes: { databases: [] } },
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

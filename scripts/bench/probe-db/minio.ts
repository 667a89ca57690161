import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { minio } from "../../../agent/src/databases/minio.ts";
import type { Counters, Target } from "../../../agent/src/databases/probe.ts";
import type { EngineFigures } from "../probe-db.ts";
import { type Relay, startRelay } from "./relay.ts";

const rounds = 100;
const password = "bench-secret-key";

/** Requests, bytes and CPU of a real MinIO with one drive: `minio` of PATH, or the program that FAIRLEAD_BENCH_MINIO names. */
export async function bench(): Promise<EngineFigures> {
  const program = find();
  if (program === undefined) return { skipped: "no minio in PATH: name one in FAIRLEAD_BENCH_MINIO" };
  const folder = mkdtempSync(join(tmpdir(), "fairlead-minio-"));
  const port = await freePort();
  const child = spawn(program, ["server", "--quiet", "--address", `127.0.0.1:${port}`, join(folder, "data")], {
    stdio: "ignore",
    env: {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      MINIO_ROOT_USER: "bench",
      MINIO_ROOT_PASSWORD: password,
      MINIO_BROWSER: "off",
    },
  });
  const relay = await startRelay(port);
  try {
    await untilReady(child, port);
    return { rounds, ...(await measure(child, relay)) };
  } finally {
    relay.close();
    const ended = once(child, "exit");
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(child: ChildProcess, relay: Relay): Promise<Record<string, unknown>> {
  const key = `minio:127.0.0.1:${relay.port}`;
  const target: Target = {
    ...{ key, engine: "minio", host: "127.0.0.1", port: relay.port, user: "bench", password, timeoutMs: 10_000 },
  };
  let counters: Counters | undefined;
  let version: unknown;
  const probe = async () => {
    const result = await minio.probe(target, counters, AbortSignal.timeout(10_000));
    if (result.status !== "up") throw new Error(result.reason);
    counters = result.counters;
    version = result.attributes.version;
  };
  await probe();
  relay.reset();
  const cpu = cpuMs(child.pid ?? 0);
  for (let i = 0; i < rounds; i++) await probe();
  const used = cpuMs(child.pid ?? 0) - cpu;
  const { toServer, toClient, connections } = relay.counts;
  await minio.forget?.(key);
  return {
    server: version,
    // Until its first scan it is asked for buckets each time; figures are made anew each 10 s at most.
    requests: connections / rounds,
    bytes_to_server: Math.round(toServer / rounds),
    bytes_to_client: Math.round(toClient / rounds),
    server_cpu_ms: Number((used / rounds).toFixed(2)),
  };
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/minio/health/cluster`, {
      signal: AbortSignal.timeout(2_000),
    }).catch(() => undefined);
    if (answer?.status === 200) return;
    if (child.exitCode !== null || Date.now() > until) throw new Error("minio does not start");
    await delay(100);
  }
}

function find(): string | undefined {
  const named = process.env.FAIRLEAD_BENCH_MINIO;
  if (named !== undefined && named !== "") return named;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "minio"))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** CPU that a process has taken, ms, in ticks of 10. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

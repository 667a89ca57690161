import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const root = join(import.meta.dirname, "../..");
const runs = Number(process.env.FAIRLEAD_BENCH_RUNS ?? 3);

/** `npm start` on a ready checkout with an empty data directory, until the API shows this host's first stored sample. */
export default async function bench(): Promise<Record<string, unknown>> {
  const first: number[] = [];
  const page: number[] = [];
  // The first run builds page and agent: a ready checkout has both.
  await once();
  for (let run = 0; run < runs; run++) {
    const { sampleMs, pageMs } = await once();
    first.push(sampleMs);
    page.push(pageMs);
    console.error(`run ${run + 1}: page ${pageMs} ms, first sample ${sampleMs} ms`);
  }
  return { first_sample_ms: median(first), page_ms: median(page), runs: first };
}

async function once(): Promise<{ sampleMs: number; pageMs: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), "fairlead-cold-"));
  chmodSync(dataDir, 0o755);
  const [http, grpc] = [await freePort(), await freePort()];
  const started = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: {
      ...process.env,
      FAIRLEAD_DATA_DIR: dataDir,
      FAIRLEAD_HTTP_PORT: String(http),
      FAIRLEAD_GRPC_PORT: String(grpc),
      FAIRLEAD_ADMIN_EMAIL: "bench@example.org",
      FAIRLEAD_ADMIN_PASSWORD: "bench-password",
    },
    stdio: "ignore",
    detached: true,
  });
  try {
    const base = `http://127.0.0.1:${http}`;
    await until(async () => (await fetch(`${base}/readyz`)).ok);
    const login = await fetch(`${base}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "bench@example.org", password: "bench-password" }),
    });
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    const pageMs = Math.round(performance.now() - started);
    await until(async () => {
      const answer = await fetch(`${base}/api/v1/infrastructure/servers`, { headers: { cookie } });
      const { items } = (await answer.json()) as { items: { lastReportAt: string | null }[] };
      return items.some((server) => server.lastReportAt !== null);
    });
    return { sampleMs: Math.round(performance.now() - started), pageMs };
  } finally {
    process.kill(-(child.pid as number), "SIGINT");
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("npm start gave no sample within 120 s");
    await delay(20);
  }
}

/** A free port of the loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

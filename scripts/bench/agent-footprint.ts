import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { noDockerd, startDockerd } from "../../agent/tests/dockerd.ts";
import { readConfig } from "../../server/src/config.ts";
import { systemActor } from "../../server/src/context.ts";
import { startServer } from "../../server/src/server.ts";
import { createToken } from "../../server/src/services/enrolment/create-token.ts";
import { buildAgent } from "../build-agent.ts";
import { freePort } from "./cold-start.ts";
import { type Usage, usageOf } from "./process-tree.ts";

const seconds = Number(process.env.FAIRLEAD_BENCH_SECONDS ?? 300);
const containers = Number(process.env.FAIRLEAD_BENCH_CONTAINERS ?? 20);

type Figures = {
  cpu_percent: number;
  rss_mb: number;
  private_mb: number;
  wakeups_per_second: number;
  processes: number;
};

/**
 * The agent at 10 s with 20 containers beside node_exporter scraped each 10 s and netdata, all in one run. The page cache
 * is dropped before each program starts, since a binary that was just written maps twice as many file pages.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  if (noDockerd !== undefined) throw new Error(`needs a Docker engine: ${noDockerd}`);
  const folder = mkdtempSync(join(tmpdir(), "fairlead-footprint-"));
  chmodSync(folder, 0o755);
  const { x64: binary = "" } = await buildAgent(["x64"]);
  const docker = await startDockerd();
  const config = readConfig(
    { FAIRLEAD_DATA_DIR: join(folder, "data"), FAIRLEAD_LOG_LEVEL: "warn" },
    { httpPort: "0", grpcPort: "0" },
  );
  const server = await startServer(config);
  const running: { name: string; child: ChildProcess }[] = [];
  let scraping: NodeJS.Timeout | undefined;
  try {
    await docker.image("bench:1", ['CMD ["/bin/busybox", "sleep", "100000"]']);
    for (let i = 0; i < containers; i++) {
      const made = await docker.docker.createContainer({
        Image: "bench:1",
        name: `bench-${i}`,
        HostConfig: { NetworkMode: "none" },
      });
      await made.start();
    }
    const { token } = await createToken(server.context, systemActor, {
      name: "bench",
      maxUses: 1,
      expiresInHours: 1,
      labels: {},
      group: "",
    });
    const settings = join(folder, "agent.yaml");
    writeFileSync(
      settings,
      `server: localhost:${server.grpcPort}\ncaSha256: ${server.ca.sha256}\nstateDir: ${join(folder, "agent")}\ndocker: {socket: ${docker.socket}}\n`,
    );
    await finished(
      spawn(binary, ["--config", settings, "enroll"], {
        env: { ...process.env, FAIRLEAD_TOKEN: token },
        stdio: "inherit",
      }),
    );

    dropPageCache();
    running.push({ name: "fairlead", child: spawn(binary, ["--config", settings, "run"], { stdio: "ignore" }) });
    if (existsSync("/usr/bin/prometheus-node-exporter")) {
      const port = await freePort();
      dropPageCache();
      const child = spawn("/usr/bin/prometheus-node-exporter", [`--web.listen-address=127.0.0.1:${port}`], {
        stdio: "ignore",
      });
      running.push({ name: "node_exporter", child });
      scraping = setInterval(
        () =>
          void fetch(`http://127.0.0.1:${port}/metrics`)
            .then((r) => r.text())
            .catch(() => {}),
        10_000,
      );
    }
    if (existsSync("/usr/sbin/netdata"))
      running.push({ name: "netdata", child: await startNetdata(join(folder, "netdata")) });

    // Everyone settles: caches are filled, first inventories taken.
    await delay(30_000);
    const before = measure(running);
    await delay(seconds * 1000);
    const after = measure(running);
    const figures = new Map(running.map(({ name }) => [name, between(before.get(name), after.get(name))]));
    const { fairlead, ...peers } = Object.fromEntries(figures) as Record<string, Figures>;
    return { ...fairlead, peers, containers, interval_seconds: 10, measured_seconds: seconds };
  } finally {
    clearInterval(scraping);
    for (const { child } of running) {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) {
        await Promise.race([new Promise((resolve) => child.once("exit", resolve)), delay(10_000)]);
      }
      child.kill("SIGKILL");
    }
    await server.stop();
    await docker.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(running: readonly { name: string; child: ChildProcess }[]): Map<string, Usage> {
  return new Map(
    running.map(({ name, child }) => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`${name} ended during the bench`);
      return [name, usageOf(child.pid)];
    }),
  );
}

function between(before: Usage | undefined, after: Usage | undefined): Figures {
  if (before === undefined || after === undefined) throw new Error("not measured");
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    cpu_percent: round(((after.cpuSeconds - before.cpuSeconds) / seconds) * 100, 3),
    rss_mb: round(after.residentBytes / 1e6, 1),
    private_mb: round(after.privateBytes / 1e6, 1),
    wakeups_per_second: round((after.wakeups - before.wakeups) / seconds, 2),
    processes: after.processes,
  };
}

async function startNetdata(folder: string): Promise<ChildProcess> {
  for (const name of ["cache", "lib", "log", "run"]) mkdirSync(join(folder, name), { recursive: true });
  const file = join(folder, "netdata.conf");
  const port = await freePort();
  writeFileSync(
    file,
    `[global]
  run as user = root
[directories]
  cache = ${folder}/cache
  lib = ${folder}/lib
  log = ${folder}/log
[web]
  bind to = 127.0.0.1:${port}
[registry]
  enabled = no
`,
  );
  dropPageCache();
  return spawn("/usr/sbin/netdata", ["-D", "-c", file, "-P", join(folder, "run/pid")], {
    stdio: "ignore",
    env: { ...process.env, DO_NOT_TRACK: "1", DISABLE_TELEMETRY: "1" },
  });
}

function dropPageCache(): void {
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "3");
  } catch {
    console.error("the page cache can't be dropped (not root): resident sizes are not comparable");
  }
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });
}

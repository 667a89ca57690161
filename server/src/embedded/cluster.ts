import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { type Account, canEnter, postgresAccount, postgresBinaries } from "./binaries.ts";

const run = promisify(execFile);
const shared = "/var/lib/fairlead";

export type ClusterOptions = {
  dataDir: string;
  /** Settings over the defaults, as `name: value`. */
  settings?: Record<string, string>;
  /** What happens to the process: started, adopted, crashed. */
  onEvent?: (event: string, fields: Record<string, unknown>) => void;
};

export type Cluster = {
  /** Connection string over the unix socket; holds the password: never log it. */
  url: string;
  /** Pid of the postmaster now. */
  pid(): number;
  /** True when it ran already: another process may depend on it. */
  adopted: boolean;
  stop(): Promise<void>;
};

/** Durable settings for telemetry: few checkpoints, compressed WAL, nothing on the network. */
const defaults: Record<string, string> = {
  // By this name agents know that it is ours, and leave it out.
  cluster_name: "fairlead",
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "60",
  shared_buffers: `${Math.round(Math.min(1024, Math.max(128, totalmem() / 2 ** 20 / 16)))}MB`,
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  effective_io_concurrency: "16",
  max_wal_size: "4GB",
  min_wal_size: "256MB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  wal_compression: "off",
  wal_buffers: "32MB",
  random_page_cost: "1.1",
  jit: "off",
  autovacuum_naptime: "30s",
  log_min_messages: "warning",
  log_checkpoints: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/**
 * PostgreSQL in the data directory: made at first use, adopted where one of an earlier server still runs, started again
 * when it dies. Runs as `nobody` when we are root; where that account cannot enter the data directory the cluster lies
 * under /var/lib/fairlead and the data directory holds its id.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const account = postgresAccount();
  const place = locate(options.dataDir, account);
  const binaries = postgresBinaries(account, join(canEnter(options.dataDir, account) ? options.dataDir : shared));
  const password = passwordOf(options.dataDir);
  if (!existsSync(join(place.data, "PG_VERSION"))) await initialise(binaries, place, account, password);
  const url = `postgres://fairlead:${password}@/fairlead?host=${encodeURIComponent(place.socket)}`;
  const supervisor = supervise({ binaries, place, account, url, ...options });
  await supervisor.ready();
  await ensureDatabase(place.socket, password);
  return { url, adopted: supervisor.adopted(), pid: () => supervisor.pid(), stop: () => supervisor.stop() };
}

type Place = { data: string; socket: string };

function locate(dataDir: string, account: Account | undefined): Place {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  let base = dataDir;
  if (!canEnter(dataDir, account)) {
    const idFile = join(dataDir, "cluster-id");
    if (!existsSync(idFile)) writeFileSync(idFile, randomBytes(8).toString("hex"), { mode: 0o600 });
    base = join(shared, readFileSync(idFile, "utf8").trim());
    mkdirSync(base, { recursive: true, mode: 0o755 });
  }
  const data = join(base, "postgresql");
  // A unix socket's path holds 107 bytes at most.
  const near = join(base, "run");
  const socket = near.length + 20 < 107 ? near : join("/tmp", `fairlead-${process.getuid?.()}-${hash(base)}`);
  for (const path of [data, socket]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    if (account !== undefined) chownSync(path, account.uid, account.gid);
  }
  return { data, socket };
}

function hash(text: string): string {
  let h = 5381;
  for (const c of text) h = ((h * 33) ^ c.charCodeAt(0)) >>> 0;
  return h.toString(36);
}

function passwordOf(dataDir: string): string {
  const file = join(dataDir, "postgres-password");
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600, flush: true });
  return readFileSync(file, "utf8").trim();
}

async function initialise(
  binaries: string,
  place: Place,
  account: Account | undefined,
  password: string,
): Promise<void> {
  // A crash in the middle leaves a folder without PG_VERSION: begin again.
  rmSync(place.data, { recursive: true, force: true });
  mkdirSync(place.data, { mode: 0o700 });
  const passwordFile = join(place.socket, "initdb-password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) {
    chownSync(place.data, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  try {
    await run(
      join(binaries, "bin/initdb"),
      [
        "-D",
        place.data,
        "-U",
        "fairlead",
        "--auth=scram-sha-256",
        `--pwfile=${passwordFile}`,
        "-E",
        "UTF8",
        "--locale=C",
      ].concat("--data-checksums"),
      { ...account, cwd: place.data, env: { LC_ALL: "C", PATH: "/usr/bin:/bin" } },
    );
  } catch (error) {
    rmSync(place.data, { recursive: true, force: true });
    throw new Error(`initdb failed: ${(error as { stderr?: string }).stderr?.trim().split("\n").at(-1)}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function ensureDatabase(socket: string, password: string): Promise<void> {
  const client = new pg.Client({ host: socket, user: "fairlead", password, database: "postgres" });
  client.on("error", () => {});
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'fairlead'");
    if (found.rowCount === 0) await client.query("CREATE DATABASE fairlead");
  } finally {
    await client.end();
  }
}

type Supervised = ClusterOptions & { binaries: string; place: Place; account: Account | undefined; url: string };

function supervise(options: Supervised) {
  const { place, onEvent = () => {} } = options;
  let child: ChildProcess | undefined;
  let current = 0;
  let stopping = false;
  let watch: NodeJS.Timeout | undefined;
  let failures = 0;
  let adopted = false;

  function start(): void {
    const running = runningPostmaster(place.data);
    if (running !== undefined) {
      current = running;
      adopted = true;
      onEvent("database adopted", { pid: running });
      watch = setInterval(() => {
        if (alive(running)) return;
        clearInterval(watch);
        died({ pid: running });
      }, 500).unref();
      return;
    }
    const log = openSync(join(place.data, "server.log"), "a", 0o600);
    child = spawn(join(options.binaries, "bin/postgres"), ["-D", place.data, ...settingArguments(options, place)], {
      ...(options.account === undefined ? {} : { uid: options.account.uid, gid: options.account.gid }),
      cwd: place.data,
      env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
      stdio: ["ignore", log, log],
      // Of its own session: a Ctrl-C in our terminal must not stop it before we have committed what is queued.
      detached: true,
    });
    current = child.pid ?? 0;
    onEvent("database started", { pid: current });
    child.on("error", (error) => onEvent("database could not be started", { error: error.message }));
    child.on("exit", (code, signal) => died({ pid: current, code, signal }));
  }

  function died(fields: Record<string, unknown>): void {
    if (stopping) return;
    failures++;
    onEvent("database died, starting it again", fields);
    // Backends of a killed postmaster hold the shared memory for a moment; a start before they are gone fails and comes here again.
    setTimeout(() => {
      if (!stopping) start();
    }, 300).unref();
  }

  async function ready(): Promise<void> {
    start();
    const deadline = Date.now() + 120_000;
    for (;;) {
      const client = new pg.Client({ connectionString: options.url.replace("/fairlead?", "/postgres?") });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.end();
        failures = 0;
        return;
      } catch (error) {
        // After a crash a few starts may fail until the old backends are gone; more is a fault that stays.
        if (Date.now() > deadline || failures > 20) {
          stopping = true;
          const tail = readFileSync(join(place.data, "server.log"), "utf8").trim().split("\n").slice(-3).join(" | ");
          throw new Error(`the embedded PostgreSQL does not start: ${tail}`, { cause: error });
        }
        await delay(40);
      }
    }
  }

  async function stop(): Promise<void> {
    stopping = true;
    clearInterval(watch);
    if (!alive(current)) return;
    process.kill(current, "SIGINT");
    const patience = Date.now() + 30_000;
    while (alive(current)) {
      if (Date.now() > patience) process.kill(current, "SIGQUIT");
      await delay(25);
    }
  }

  return { ready, stop, pid: () => current, adopted: () => adopted };
}

function settingArguments(options: Supervised, place: Place): string[] {
  const settings = { ...defaults, unix_socket_directories: place.socket, ...options.settings };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Pid of a live postmaster of that folder. */
function runningPostmaster(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes(data) && alive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    // A zombie of ours that was not reaped yet is dead.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

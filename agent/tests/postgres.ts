import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { childrenOf, end, freePort, killNow, untilServes } from "./processes.ts";

/** A PostgreSQL server of its own on 127.0.0.1 and a unix socket; `postgres` is its superuser. */
export type Postgres = {
  port: number;
  /** Whole path of its unix socket. */
  socket: string;
  /** Where its files are: data/, server.log, and what a test puts there. */
  folder: string;
  dataDirectory: string;
  /** The superuser's; the socket lets it in without. */
  password: string;
  pid(): number;
  /** As it was started last; a standby must not have lower limits. */
  settings(): Record<string, string>;
  /** Runs SQL as the superuser through the socket, every value as text. */
  sql(text: string, database?: string): Promise<Record<string, string | null>[]>;
  /** A connection of the superuser that stays open, for transactions and locks; closed with the server at the latest. */
  client(options?: pg.ClientConfig): Promise<pg.Client>;
  /** Starts it again, with further settings. */
  start(settings?: Record<string, string>): Promise<void>;
  /** Ends it: "fast" as an operator, "kill" as the power cut. */
  stop(how?: "fast" | "kill"): Promise<void>;
  /** Runs one of its programs (pg_resetwal, ...) on it, as its user. */
  run(program: string, args: string[]): Promise<string>;
  /** Stops it and removes its files. */
  close(): Promise<void>;
};

export type PostgresOptions = {
  /** Folder of its programs: the newest installed one unless told. */
  bin?: string;
  settings?: Record<string, string>;
  /** Lines of pg_hba.conf above those that let the superuser in by the socket and all others in by scram-sha-256. */
  hba?: string[];
};

const run = promisify(execFile);
const superuser = "test-superuser-password";

/** Folders with programs of PostgreSQL, newest first. */
export const postgresPrograms: readonly string[] = installed();

/** Why there can be no private server here, or undefined. */
export const noPostgres: string | undefined = missing();

/** Makes and starts a server with settings for speed, not durability. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const place = await makePlace(options.bin);
  const passwordFile = join(place.folder, "password");
  writeFileSync(passwordFile, superuser);
  chownSync(passwordFile, place.uid, place.gid);
  const how = ["--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256", "-U", "postgres", "-E", "UTF8"];
  await runAs(place, "initdb", [...how, "--locale=C", `--pwfile=${passwordFile}`, "-D", place.data]);
  const hba = join(place.data, "pg_hba.conf");
  const usual = [
    "local all postgres trust",
    "local replication postgres trust",
    "local all all scram-sha-256",
    "host all all 127.0.0.1/32 scram-sha-256",
    "host replication postgres 127.0.0.1/32 trust",
  ];
  writeFileSync(hba, `${[...(options.hba ?? []), ...usual].join("\n")}\n`);
  return await serve(place, options.settings);
}

/** Makes and starts a streaming standby of a server; `name` is its application_name. Needs pg_basebackup. */
export async function startStandby(
  primary: Postgres,
  { bin, settings, name = "standby" }: PostgresOptions & { name?: string } = {},
): Promise<Postgres> {
  const place = await makePlace(bin);
  const from = `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}`;
  const copy = ["-D", place.data, "-d", from, "-R", "-X", "stream", "-c", "fast", "--no-sync"];
  await runAs(place, "pg_basebackup", copy);
  return await serve(place, { ...primary.settings(), ...settings });
}

type Place = { bin: string; folder: string; data: string; port: number; uid: number; gid: number };

async function makePlace(bin = postgresPrograms[0] ?? ""): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-pg-"));
  const { uid, gid } = account();
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  chmodSync(folder, 0o755);
  for (const path of [folder, data]) chownSync(path, uid, gid);
  return { bin, folder, data, port: await freePort(), uid, gid };
}

const quick: Record<string, string> = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "16MB",
  max_connections: "20",
  max_wal_size: "64MB",
  min_wal_size: "32MB",
  wal_level: "replica",
  hot_standby: "on",
  wal_retrieve_retry_interval: "100ms",
  autovacuum: "on",
  autovacuum_naptime: "1h",
  log_min_messages: "warning",
  jit: "off",
  shared_preload_libraries: "",
};

async function serve(place: Place, settings: Record<string, string> = {}): Promise<Postgres> {
  const { folder, data, port, uid, gid } = place;
  const socket = join(folder, `.s.PGSQL.${port}`);
  const clients = new Set<pg.Client>();
  let all = { ...quick, ...settings };
  let child: ChildProcess | undefined;

  async function start(more: Record<string, string> = {}): Promise<void> {
    all = { ...all, ...more };
    const log = openSync(join(folder, "server.log"), "a", 0o644);
    const args = ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"];
    for (const [name, value] of Object.entries(all)) args.push("-c", `${name}=${value}`);
    child = spawn(join(place.bin, "postgres"), args, {
      uid,
      gid,
      cwd: folder,
      stdio: ["ignore", log, log],
      env: plain,
    });
    closeSync(log);
    await untilServes(child, { asks: () => sql("SELECT 1"), log: join(folder, "server.log"), limitMs: 20_000 });
  }

  async function client(options: pg.ClientConfig = {}): Promise<pg.Client> {
    const made = new pg.Client({
      host: folder,
      port,
      user: "postgres",
      password: superuser,
      database: "postgres",
      ...options,
    });
    made.on("error", () => {});
    await made.connect();
    clients.add(made);
    made.once("end", () => clients.delete(made));
    return made;
  }

  async function sql(text: string, database = "postgres"): Promise<Record<string, string | null>[]> {
    const types = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;
    const connection = await client({ database, types });
    try {
      const result = (await connection.query(text)) as pg.QueryResult | pg.QueryResult[];
      return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
    } finally {
      await connection.end();
    }
  }

  async function stop(how: "fast" | "kill" = "fast"): Promise<void> {
    const ending = child;
    child = undefined;
    const backends = how === "kill" && ending?.pid ? childrenOf(ending.pid) : [];
    const ended = end(ending, how === "kill" ? "SIGKILL" : "SIGINT");
    killNow(...backends);
    await ended;
  }

  const atExit = () => {
    if (child?.pid !== undefined) killNow(child.pid, ...childrenOf(child.pid));
  };
  process.once("exit", atExit);
  const server: Postgres = {
    ...{ port, socket, folder, dataDirectory: data, password: superuser, sql, client, start, stop },
    pid: () => child?.pid ?? 0,
    settings: () => all,
    run: (program, args) => runAs(place, program, args),
    async close() {
      process.off("exit", atExit);
      await Promise.all([...clients].map((one) => one.end().catch(() => {})));
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

// PG* variables of whoever runs the tests would lead elsewhere.
const plain = { LC_ALL: "C", PATH: "/usr/bin:/bin" };

async function runAs({ bin, folder, uid, gid }: Place, program: string, args: string[]): Promise<string> {
  const { stdout } = await run(join(bin, program), args, { cwd: folder, uid, gid, env: plain, timeout: 60_000 });
  return stdout;
}

/** It refuses to run as root. */
function account(): { uid: number; gid: number } {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  if (uid !== 0) return { uid, gid };
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [, , nobody, nogroup] = line?.split(":") ?? [];
  return { uid: Number(nobody ?? 65534), gid: Number(nogroup ?? 65534) };
}

function installed(): string[] {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).filter((name) => /^\d+$/.test(name)) : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, "bin"));
  return folders.filter((bin) => ["postgres", "initdb", "pg_basebackup"].every((name) => existsSync(join(bin, name))));
}

function missing(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  return postgresPrograms.length === 0 ? "PostgreSQL is not installed (/usr/lib/postgresql)" : undefined;
}

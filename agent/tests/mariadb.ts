import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, createConnection } from "mysql2/promise";
import { freePort } from "./processes.ts";

/** A MariaDB server of its own: an empty database, root without password, nothing on it but what the test puts there. */
export type Mariadb = {
  port: number;
  socket: string;
  dataDirectory: string;
  pid(): number;
  /** Runs statements as root, over a connection that is kept; the last one's rows. */
  sql(...statements: string[]): Promise<Record<string, unknown>[]>;
  /** A connection of its own, as root unless told; the test ends it. */
  connect(options?: { user?: string; password?: string; database?: string }): Promise<Connection>;
  /** Makes this one follow the other by GTID and waits until it runs. `name`: of one source among several. */
  follow(primary: Pick<Mariadb, "port">, name?: string): Promise<void>;
  /** Ends it, at once with SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  close(): Promise<void>;
};

/** User and password that follow() uses. */
const replicationUser = { user: "follower", password: "follow-1" };
const privateSize = [
  "--innodb-log-file-size=4M",
  "--innodb-data-file-path=ibdata1:8M:autoextend",
  "--innodb-autoextend-increment=1",
];

/** Why there can be no private MariaDB here, or undefined. */
export const noMariadb: string | undefined = ["mariadbd", "mariadb-install-db"]
  .filter((program) => find(program) === undefined)
  .map((program) => `${program} is not installed`)[0];

/** Starts a server in a folder of its own, on a free port of 127.0.0.1 and a socket; `options` as for mariadbd. */
export async function startMariadb(...options: string[]): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-mariadb-"));
  const dataDirectory = join(folder, "data");
  const socket = join(folder, "s.sock");
  const port = await freePort();
  install(folder, dataDirectory);
  let child: ChildProcess | undefined;
  let root: Connection | undefined;

  async function start(): Promise<void> {
    const log = openSync(join(folder, "log"), "a");
    const args = ["--no-defaults", ...asUser(), `--datadir=${dataDirectory}`, `--socket=${socket}`, `--port=${port}`];
    args.push("--bind-address=127.0.0.1", `--pid-file=${folder}/pid`, `--tmpdir=${folder}/tmp`, ...privateSize);
    args.push("--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0", ...options);
    const mine = spawn(find("mariadbd") ?? "mariadbd", args, { stdio: ["ignore", log, log] });
    closeSync(log);
    child = mine;
    const until = Date.now() + 20_000;
    for (;;) {
      try {
        root = await connect();
        return;
      } catch (cause) {
        if (mine.exitCode !== null || Date.now() > until) {
          throw new Error(`mariadbd: ${readFileSync(join(folder, "log"), "utf8").slice(-2_000)}`, { cause });
        }
        await delay(20);
      }
    }
  }

  async function connect({ user = "root", password = "", database = "" } = {}): Promise<Connection> {
    const connection = await createConnection({ socketPath: socket, user, password, database });
    // A server that is killed ends its connections so.
    connection.on("error", () => undefined);
    return connection;
  }

  async function sql(...statements: string[]): Promise<Record<string, unknown>[]> {
    let rows: unknown = [];
    for (const statement of statements) rows = (await root?.query(statement))?.[0];
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  }

  async function stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const ending = child;
    child = undefined;
    root?.destroy();
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill(signal);
    const late = setTimeout(() => ending.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  }

  const atExit = () => child?.kill("SIGKILL");
  process.once("exit", atExit);
  try {
    await start();
  } catch (error) {
    atExit();
    uninstall(folder);
    throw error;
  }
  return {
    port,
    socket,
    dataDirectory,
    pid: () => child?.pid ?? 0,
    sql,
    connect,
    async follow(primary, name = "") {
      const { user, password } = replicationUser;
      await sql(
        `CHANGE MASTER '${name}' TO MASTER_HOST='127.0.0.1', MASTER_PORT=${primary.port}, MASTER_USER='${user}', ` +
          `MASTER_PASSWORD='${password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1`,
        `START SLAVE '${name}'`,
      );
      const until = Date.now() + 10_000;
      for (;;) {
        const rows = await sql("SHOW ALL SLAVES STATUS");
        const row = rows.find(({ Connection_name }) => Connection_name === name);
        if (row?.Slave_IO_Running === "Yes" && row.Slave_SQL_Running === "Yes") return;
        if (Date.now() > until)
          throw new Error(`the replica does not run: ${row?.Last_IO_Error} ${row?.Last_SQL_Error}`);
        await delay(20);
      }
    },
    stop,
    start,
    async close() {
      process.off("exit", atExit);
      // Nothing of it is kept.
      await stop("SIGKILL");
      uninstall(folder);
    },
  };
}

/** Starts a server with a binary log and the user that follow() uses; `id`: differs from that of its replicas. */
export async function startPrimary(id: number, ...options: string[]): Promise<Mariadb> {
  const server = await startMariadb(`--server-id=${id}`, "--log-bin=binary", "--log-slave-updates=ON", ...options);
  const { user, password } = replicationUser;
  await server.sql(
    "SET SESSION sql_log_bin = 0",
    `CREATE USER '${user}'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    `GRANT REPLICATION SLAVE ON *.* TO '${user}'@'127.0.0.1'`,
    "SET SESSION sql_log_bin = 1",
  );
  return server;
}

/** What a container of any image needs to run this machine's mariadbd. */
export type ContainedMariadb = {
  /** As the fields of Docker's create call. */
  Cmd: string[];
  Env: string[];
  HostConfig: { Binds: string[] };
  /** Removes its data; after the container is gone. */
  close(): void;
};

/**
 * What runs MariaDB in a container: the machine's own program and libraries are mounted into it, read-only, beside an empty
 * database. It listens on 3306 on all addresses of the container; `init`: statements run as root at each start, such as
 * CREATE USER IF NOT EXISTS. For the image take anything with an empty root: `dockerd.image("mariadb:10.11", [])`.
 */
export function containedMariadb(init: string[] = []): ContainedMariadb {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-mariadb-"));
  install(folder, join(folder, "data"));
  writeFileSync(join(folder, "init.sql"), init.map((statement) => `${statement};\n`).join(""));
  // In the container it runs as root, whose files these are not to be.
  for (const path of ["data", "tmp"]) execFileSync("chown", ["-R", "0:0", join(folder, path)]);
  const libraries = ["/usr", "/lib", "/lib64", "/etc/mysql"].filter((path) => existsSync(path));
  return {
    Cmd: [
      find("mariadbd") ?? "mariadbd",
      ...[
        "--no-defaults",
        "--user=root",
        "--datadir=/var/lib/mysql",
        "--socket=/run/mysqld/mysqld.sock",
        "--port=3306",
      ],
      ...["--bind-address=0.0.0.0", "--tmpdir=/run/mysqld", "--init-file=/init.sql", "--innodb-buffer-pool-size=16M"],
      ...privateSize,
    ],
    Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
    HostConfig: {
      Binds: [
        ...libraries.map((path) => `${path}:${path}:ro`),
        `${folder}/data:/var/lib/mysql`,
        `${folder}/tmp:/run/mysqld`,
        `${folder}/init.sql:/init.sql:ro`,
      ],
    },
    close: () => uninstall(folder),
  };
}

let template: string | undefined;
let users = 0;

/** An empty database in that folder, a copy of one that is made for the first user of it and removed by the last. */
function install(folder: string, dataDirectory: string): void {
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "tmp"));
  if (isRoot()) execFileSync("chown", [unprivileged(), folder, join(folder, "tmp")]);
  users++;
  template ??= makeTemplate();
  execFileSync("cp", ["-a", join(template, "data"), dataDirectory]);
}

/** Removes what install made for that folder. */
function uninstall(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  users--;
  if (users > 0 || template === undefined) return;
  rmSync(template, { recursive: true, force: true });
  template = undefined;
}

function makeTemplate(): string {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-mariadb-"));
  const data = join(folder, "data");
  chmodSync(folder, 0o755);
  mkdirSync(data);
  if (isRoot()) execFileSync("chown", [unprivileged(), data]);
  const args = ["--no-defaults", ...asUser(), `--datadir=${data}`, "--auth-root-authentication-method=normal"];
  args.push("--skip-test-db", "--skip-name-resolve", ...privateSize);
  execFileSync(find("mariadb-install-db") ?? "mariadb-install-db", args, { stdio: "pipe", timeout: 60_000 });
  return folder;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function asUser(): string[] {
  return isRoot() ? [`--user=${unprivileged()}`] : [];
}

function unprivileged(): string {
  return /^mysql:/m.test(readFileSync("/etc/passwd", "utf8")) ? "mysql" : "nobody";
}

function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/bin", "/usr/libexec"];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

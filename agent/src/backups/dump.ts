import { basename } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { parseImageReference } from "@fairlead/shared/image-reference";
import type { EngineContainer, EngineImage } from "../runtimes/docker/engine-types.ts";
import type { ContainerRuntime } from "../runtimes/runtime.ts";
import { type Packed, pack } from "./pack.ts";

export type DumpEngine = "postgresql" | "mysql" | "redis" | "mongodb";

type Recipe = {
  /** How its files end. */
  suffix: string;
  /** Programs, words of image names and variables by which a container of it is known. */
  programs: RegExp;
  images: RegExp;
  variables: RegExp;
  /** Folders in the container where its data lie. */
  data: readonly string[];
  /**
   * Run by sh in the container: passwords stay in its own environment and files and never come to us, nor into an argument
   * that the engine or the host's process list would show.
   */
  dump: string;
  /** What the script reads from its input: lines that neither the engine nor a process list shows. */
  input?(container: EngineContainer): string;
  /** Reads a dump from its input. Absent: it is put into the data folder before the start. */
  load?: string;
  /** Ends with 0 when the server itself listens, not the one that images start for their setup. */
  ready?: string;
  /** So many last bytes are dropped where they are no part of the dump. */
  trailer?: { bytes: number; isOne(tail: Buffer): boolean };
  /** Why these first and last bytes are no whole dump, or undefined. */
  flaw(head: Buffer, tail: Buffer): string | undefined;
};

const pgLogin = `
user=\${POSTGRES_USER:-\${POSTGRESQL_USERNAME:-\${POSTGRESQL_USER:-postgres}}}
pass=\${POSTGRES_PASSWORD:-\${POSTGRESQL_POSTGRES_PASSWORD:-\${POSTGRESQL_PASSWORD:-}}}
file=\${POSTGRES_PASSWORD_FILE:-\${POSTGRESQL_PASSWORD_FILE:-}}
if [ -z "$pass" ] && [ -n "$file" ] && [ -r "$file" ]; then read -r pass <"$file" || :; fi
if [ -n "$pass" ]; then PGPASSWORD=$pass; export PGPASSWORD; fi
`;
const mysqlLogin = `
pass=\${MARIADB_ROOT_PASSWORD:-\${MYSQL_ROOT_PASSWORD:-}}
file=\${MARIADB_ROOT_PASSWORD_FILE:-\${MYSQL_ROOT_PASSWORD_FILE:-}}
if [ -z "$pass" ] && [ -n "$file" ] && [ -r "$file" ]; then read -r pass <"$file" || :; fi
if [ -n "$pass" ]; then MYSQL_PWD=$pass; export MYSQL_PWD; fi
`;
const redisLogin = `
IFS= read -r given || :
IFS= read -r given_port || :
pass=\${REDIS_PASSWORD:-\${VALKEY_PASSWORD:-\${given:-}}}
file=\${REDIS_PASSWORD_FILE:-\${VALKEY_PASSWORD_FILE:-}}
if [ -z "$pass" ] && [ -n "$file" ] && [ -r "$file" ]; then read -r pass <"$file" || :; fi
port=\${REDIS_PORT_NUMBER:-\${VALKEY_PORT_NUMBER:-\${given_port:-}}}
case $port in *[!0-9]*) port= ;; esac
if [ -n "$pass" ]; then REDISCLI_AUTH=$pass; export REDISCLI_AUTH; fi
tool=redis-cli
if command -v valkey-cli >/dev/null 2>&1; then tool=valkey-cli; fi
`;
// The tools take a password from a file, but not from a variable. Not --quiet: that would hide why they fail, too.
const mongoLogin = `
user=\${MONGO_INITDB_ROOT_USERNAME:-\${MONGODB_ROOT_USER:-}}
file=\${MONGO_INITDB_ROOT_USERNAME_FILE:-}
if [ -z "$user" ] && [ -n "$file" ] && [ -r "$file" ]; then read -r user <"$file" || :; fi
pass=\${MONGO_INITDB_ROOT_PASSWORD:-\${MONGODB_ROOT_PASSWORD:-}}
file=\${MONGO_INITDB_ROOT_PASSWORD_FILE:-\${MONGODB_ROOT_PASSWORD_FILE:-}}
if [ -z "$pass" ] && [ -n "$file" ] && [ -r "$file" ]; then read -r pass <"$file" || :; fi
if [ -z "$user" ] && [ -n "$pass" ]; then user=root; fi
secret() { printf "password: '%s'\\n" "$(printf %s "$pass" | sed "s/'/''/g")"; }
`;
const mongoRun = (tool: string, more: string) => `${mongoLogin}
if [ -z "$user" ]; then exec ${tool} --archive ${more}; fi
conf=$(mktemp) || exit 1
trap 'rm -f "$conf"' EXIT
secret >"$conf"
${tool} --archive --config="$conf" --username="$user" --authenticationDatabase=admin ${more}
`;

/** How each database is dumped by its own tools. */
export const recipes: Record<DumpEngine, Recipe> = {
  postgresql: {
    suffix: "sql",
    programs: /^(postgres|postmaster)$/,
    images: /^(postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha|paradedb)$/,
    variables: /^(PG_MAJOR|POSTGRES_(USER|PASSWORD|DB|PASSWORD_FILE)|POSTGRESQL_VERSION)$/,
    data: ["/var/lib/postgresql", "/bitnami/postgresql"],
    dump: `${pgLogin} exec pg_dumpall --username="$user" --no-password --clean --if-exists`,
    load: `${pgLogin} exec psql --username="$user" --no-password --no-psqlrc --quiet --dbname=postgres --output=/dev/null`,
    ready: "exec pg_isready --quiet --host=127.0.0.1",
    flaw: (_, tail) =>
      tail.includes("PostgreSQL database cluster dump complete") ? undefined : "it has no mark of its end",
  },
  mysql: {
    suffix: "sql",
    programs: /^(mysqld|mariadbd|mysqld_safe|mariadbd-safe)$/,
    images: /^(mysql|mariadb|percona|percona-server|mysql-server)$/,
    variables:
      /^(MYSQL_(ROOT_PASSWORD|MAJOR|VERSION|ROOT_PASSWORD_FILE)|MARIADB_(ROOT_PASSWORD|VERSION|ROOT_PASSWORD_FILE))$/,
    data: ["/var/lib/mysql", "/bitnami/mysql", "/bitnami/mariadb"],
    dump: `${mysqlLogin}
tool=mysqldump
if command -v mariadb-dump >/dev/null 2>&1; then tool=mariadb-dump; fi
exec $tool --user=root --single-transaction --routines --triggers --events --hex-blob --comments --dump-date --all-databases`,
    load: `${mysqlLogin}
tool=mysql
if command -v mariadb >/dev/null 2>&1; then tool=mariadb; fi
exec $tool --user=root`,
    ready: `tool=mysqladmin
if command -v mariadb-admin >/dev/null 2>&1; then tool=mariadb-admin; fi
exec $tool --protocol=tcp --host=127.0.0.1 ping`,
    flaw: (_, tail) => (tail.includes("-- Dump completed") ? undefined : "it has no mark of its end"),
  },
  redis: {
    suffix: "rdb",
    programs: /^(redis-server|valkey-server)$/,
    images: /^(redis|valkey|redis-stack|redis-stack-server)$/,
    variables: /^(REDIS_VERSION|VALKEY_VERSION)$/,
    data: ["/data", "/bitnami/redis/data", "/bitnami/valkey/data"],
    dump: `${redisLogin} exec $tool \${port:+-p "$port"} --no-auth-warning --rdb -`,
    input: redisArguments,
    // redis-cli can't take the server's mark of the end back from a pipe.
    trailer: { bytes: 40, isOne: (tail) => /^[0-9a-f]{40}$/.test(tail.toString("latin1")) },
    flaw(head, tail) {
      if (!/^(REDIS|VALKEY)/.test(head.toString("latin1", 0, 6))) return "it is no file of Redis";
      // Behind the mark of its end stands a checksum of eight bytes.
      return tail.at(-9) === 0xff ? undefined : "it has no mark of its end";
    },
  },
  mongodb: {
    suffix: "archive",
    programs: /^mongod$/,
    images: /^(mongo|mongodb|mongodb-community-server|percona-server-mongodb)$/,
    variables: /^(MONGO_(MAJOR|VERSION|INITDB_ROOT_USERNAME)|MONGODB_VERSION)$/,
    data: ["/data/db", "/bitnami/mongodb"],
    dump: mongoRun("mongodump", ""),
    load: mongoRun("mongorestore", "--drop"),
    flaw: (head, tail) =>
      head.length >= 4 &&
      head.readUInt32LE(0) === 0x8199e26d &&
      tail.length >= 4 &&
      tail.readUInt32LE(tail.length - 4) === 0xffffffff
        ? undefined
        : "it is no whole archive",
  },
};

/** The database that a container holds, by its program, its image's name or the variables of its image. */
export function dumpEngineOf(container: EngineContainer, image: EngineImage): DumpEngine | undefined {
  const { Path, Args } = container as EngineContainer & { Path?: string; Args?: string[] | null };
  const words = [Path ?? "", ...(Args ?? []).slice(0, 3)].map((word) => basename(word));
  const parsed = parseImageReference(container.Config.Image ?? "");
  const name = parsed.ok ? basename(parsed.reference.path) : "";
  const engines = Object.entries(recipes) as [DumpEngine, Recipe][];
  const by = (test: (recipe: Recipe) => boolean) => engines.find(([, recipe]) => test(recipe))?.[0];
  return (
    by(({ programs }) => words.some((word) => programs.test(word))) ??
    by(({ images }) => images.test(name)) ??
    // A program that talks to a database has its password, too: only what images of servers set counts.
    by(({ variables }) => (image.Config?.Env ?? []).some((entry) => variables.test(entry.split("=", 1)[0] ?? "")))
  );
}

/** Gives a stream on but for its last bytes, which are dropped at its end where they are a trailer. */
function holdBack(trailer: Recipe["trailer"]) {
  const most = trailer?.bytes ?? 0;
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk: Uint8Array): Buffer {
      if (most === 0) return Buffer.from(chunk);
      const all = Buffer.concat([held, chunk]);
      const given = Math.max(0, all.length - most);
      held = all.subarray(given);
      return all.subarray(0, given);
    },
    rest: (): Buffer => (trailer?.isOne(held) ? Buffer.alloc(0) : held),
  };
}

// Password and port, a line each, where they stand in the server's own arguments: there the engine shows them anyhow.
function redisArguments(container: EngineContainer): string {
  const { Args } = container as EngineContainer & { Args?: string[] | null };
  const argumentOf = (name: string) => {
    const at = (Args ?? []).indexOf(name);
    return at < 0 ? "" : (Args?.[at + 1] ?? "");
  };
  return `${argumentOf("--requirepass")}\n${argumentOf("--port")}\n`;
}

const keptTail = 4_096;
const keptComplaint = 4_000;

/** Has the database dump itself into a new file. Throws where the tool fails or its output is not whole. */
export async function dump(
  engine: DumpEngine,
  { runtime, container, into }: { runtime: ContainerRuntime; container: EngineContainer; into: string },
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Packed & { warnings: string[] }> {
  const recipe = recipes[engine];
  const stream = new PassThrough({ highWaterMark: 256 << 10 });
  const broken = new AbortController();
  const either = AbortSignal.any([signal, broken.signal]);
  const last = holdBack(recipe.trailer);
  let complaint = "";
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let seen = 0;
  const packed = pack(
    stream,
    into,
    (piece) => {
      const data = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (head.length < 64) head = Buffer.concat([head, data.subarray(0, 64)]);
      tail = Buffer.from(
        data.length >= keptTail ? data.subarray(-keptTail) : Buffer.concat([tail, data]).subarray(-keptTail),
      );
      seen += data.length;
      onBytes(seen);
    },
    either,
  );
  packed.catch((error) => broken.abort(error));
  try {
    const { exitCode } = await runtime.exec(
      container.Id,
      { command: ["sh", "-c", recipe.dump], ...inputOf(recipe, container) },
      async (from, chunk) => {
        if (from === "stderr") complaint = (complaint + Buffer.from(chunk).toString("utf8")).slice(-keptComplaint);
        else if (!stream.write(last.push(chunk))) await drained(stream, either);
      },
      either,
    );
    stream.end(last.rest());
    const done = await packed;
    const said = complaintOf(complaint);
    if (exitCode !== 0) throw new Error(`the ${engine} dump failed with exit code ${exitCode}${said && `: ${said}`}`);
    const flaw = recipe.flaw(head, tail);
    if (flaw !== undefined) throw new Error(`the ${engine} dump is not whole: ${flaw}${said && `; ${said}`}`);
    return { ...done, warnings: [] };
  } catch (error) {
    // A full disk ends the program, too; that is what is to be told.
    const first = broken.signal.aborted ? broken.signal.reason : error;
    stream.destroy();
    await packed.catch(() => undefined);
    throw first;
  }
}

function inputOf({ input }: Recipe, container: EngineContainer): { stdin?: AsyncIterable<Uint8Array> } {
  return input === undefined ? {} : { stdin: Readable.from([Buffer.from(input(container))]) };
}

function drained(stream: PassThrough, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      stream.off("drain", go);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const go = () => end(resolve);
    const stop = () => end(() => reject(signal.reason));
    stream.on("drain", go);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

/**
 * Why a tool failed, in at most 300 characters: the last line that says something, or the one with "Failed: " that MongoDB's
 * tools write before a last count. Tools tell users and hosts, no passwords.
 */
export function complaintOf(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const failed = lines.findLast((line) => /^\S+\tFailed: /.test(line))?.replace(/^\S+\tFailed: /, "");
  return (failed ?? lines.at(-1) ?? "").replace(/\s+/g, " ").trim().slice(0, 300);
}

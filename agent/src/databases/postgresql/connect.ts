import { checkServerIdentity, type PeerCertificate, TLSSocket } from "node:tls";
import type { Client, ClientConfig } from "pg";
import { address, ProbeError, type Target, tlsMode, tlsOptions } from "../probe.ts";
import type { ServerError } from "./failures.ts";
import { createFramer } from "./frames.ts";

/** A connection to one server, for one statement at a time. Values are text or null, whatever their type. */
export type Connection = {
  major: number;
  /** As the server tells it: "15.14 (Debian 15.14-0+deb12u1)". */
  version: string;
  database: string;
  encrypted: boolean;
  /** When the server's certificate ends, ISO; undefined without TLS. */
  certificateEnds: string | undefined;
  /** Pid of the backend as the greeting told it; a pooler tells a number of its own. */
  pid: number | undefined;
  /** Rows of each statement in the text, in their order. */
  query(text: string): Promise<Row[][]>;
  /** True once the server or the network has ended it. */
  readonly broken: boolean;
  /** Says good-bye where the connection is idle, else cuts it. */
  close(): void;
};

/** One row: columns as text, as PostgreSQL writes them. */
export type Row = Record<string, string | null>;

/** What pg keeps to itself and we need. */
type Inner = {
  connection: {
    stream: { emit(event: string, ...given: unknown[]): boolean; destroy(error?: Error): void };
    on(event: string, heard: (message: { parameterName: string; parameterValue: string }) => void): void;
  };
  processID: number | null;
  ref(): void;
  unref(): void;
};

const oldest = 10;
/** An answer is a few KB: more is no PostgreSQL. */
const maxAnswer = 8 * 1024 * 1024;

/**
 * Connects to that database by the target's TLS mode and nothing else: no variable of the environment, no .pgpass, no
 * connection string. Limits are part of the greeting, so no statement ever runs without them. Rejects with a ProbeError,
 * an error of the server (readFailure) or of the network.
 */
export async function connect(target: Target, database: string): Promise<Connection> {
  const options = target.socket === undefined ? tlsOptions(target) : undefined;
  if (options === undefined) return await open(target, database, false);
  const { serverName, ...rest } = { ...options, serverName: target.tls?.serverName ?? target.host ?? "" };
  const verify = (_host: string, certificate: PeerCertificate) => checkServerIdentity(serverName, certificate);
  const full = tlsMode(target) === "verify-full" ? { ...rest, checkServerIdentity: verify } : rest;
  if (tlsMode(target) !== "prefer") return await open(target, database, full as ClientConfig["ssl"] & object);
  try {
    return await open(target, database, full as ClientConfig["ssl"] & object);
  } catch (error) {
    if (!isRefusedTls(error)) throw error;
    return await open(target, database, false);
  }
}

/** With `prefer` a server without TLS, or one that lets this user in without it only, is asked again in plain. */
function isRefusedTls(error: unknown): boolean {
  const { code, routine, message } = error as ServerError;
  if (code === "28000") return routine === "ClientAuthentication";
  return /does not support SSL/.test(message ?? "") || /^(EPROTO|ERR_SSL|ERR_TLS)/.test(code ?? "");
}

async function open(
  target: Target,
  database: string,
  ssl: (ClientConfig["ssl"] & object) | false,
): Promise<Connection> {
  const { default: pg } = await import("pg");
  let plainText = false;
  const client = new pg.Client({
    ...place(target),
    user: field("user", target.user ?? "fairlead"),
    database: field("database", database),
    // A function: without one pg looks into .pgpass and PGPASSWORD.
    password: () => password(target, plainText && !ssl),
    ssl,
    application_name: "fairlead-agent",
    client_encoding: "UTF8",
    options: greeting(target),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: () => (text: unknown) => text },
  } as ClientConfig);
  const inner = client as unknown as Inner;
  const told: Record<string, string> = {};
  inner.connection.on("parameterStatus", ({ parameterName, parameterValue }) => {
    if (Object.keys(told).length < 100) told[parameterName] = String(parameterValue).slice(0, 200);
  });
  inner.connection.on("authenticationCleartextPassword", () => {
    plainText = true;
  });
  const reading = guard(inner, ssl !== false, target);
  let broken = false;
  // Not all that goes wrong while it connects rejects there.
  const failed = new Promise<never>((_, reject) => {
    client.on("error", (error) => {
      broken = true;
      reject(error);
    });
  });
  failed.catch(() => undefined);
  client.on("end", () => {
    broken = true;
  });
  try {
    await Promise.race([client.connect(), failed]);
    refuseStrangers(told, target);
  } catch (error) {
    inner.connection.stream.destroy();
    throw error;
  }
  // Idle it must not keep a process alive.
  inner.unref();
  const stream = inner.connection.stream;
  const major = Number.parseInt(told.server_version ?? "", 10);
  const first = prelude(major);
  return {
    major,
    version: told.server_version ?? "",
    database,
    encrypted: stream instanceof TLSSocket,
    certificateEnds: stream instanceof TLSSocket ? dateOf(stream.getPeerCertificate().valid_to) : undefined,
    pid: inner.processID ?? undefined,
    get broken() {
      return broken;
    },
    async query(text) {
      inner.ref();
      reading.begin();
      try {
        const results = (await client.query(first.join("") + text)) as unknown as { rows: Row[] } | { rows: Row[] }[];
        const rows = (Array.isArray(results) ? results : [results]).map((result) => result.rows);
        return rows.slice(first.splice(0).length);
      } finally {
        inner.unref();
      }
    },
    close() {
      if (broken) inner.connection.stream.destroy();
      else void end(client, inner);
    },
  };
}

async function end(client: Client, inner: Inner): Promise<void> {
  const late = setTimeout(() => inner.connection.stream.destroy(), 1_000);
  late.unref();
  await client.end().catch(() => undefined);
  clearTimeout(late);
}

function place({ socket, host = "127.0.0.1", port = 5432 }: Target): { host: string; port: number } {
  if (socket === undefined) return { host: field("host", host), port };
  const parts = /^(\/.*)\/\.s\.PGSQL\.(\d{1,5})$/.exec(socket);
  if (parts === null) throw new ProbeError("error", `socket ${socket}: not of the form /FOLDER/.s.PGSQL.PORT`);
  return { host: field("socket", parts[1] ?? ""), port: Number(parts[2]) };
}

// The greeting is a list of strings, each ended by a zero byte: one within a name would begin another parameter.
function field(name: string, value: string): string {
  if (value === "" || value.includes("\0")) throw new ProbeError("error", `${name}: empty, or with a zero byte in it`);
  return value;
}

/** Numbers only: nothing of the target's text goes in. */
function greeting({ timeoutMs }: Target): string {
  const statement = Math.max(250, Math.floor(timeoutMs * 0.6));
  const limits: Record<string, string | number> = {
    statement_timeout: statement,
    lock_timeout: Math.max(100, Math.floor(statement / 3)),
    idle_in_transaction_session_timeout: Math.max(1_000, timeoutMs),
    default_transaction_read_only: "on",
    search_path: "",
    max_parallel_workers_per_gather: 0,
  };
  return Object.entries(limits)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/**
 * Sent ahead of the first statements, in the same message. Names and statements come in the encodings of many databases:
 * as bytes none of them can fail to be converted.
 */
function prelude(major: number): string[] {
  return ["SET client_encoding = 'SQL_ASCII';\n", ...(major >= 11 ? ["SET jit = off;\n"] : [])];
}

function password(target: Target, inTheClear: boolean): string {
  if (target.password === undefined) {
    throw new ProbeError("needs_credentials", `user ${target.user ?? "fairlead"} needs a password`);
  }
  // Whoever listens there would get it: a socket's folder is the server's own, a port may be anyone's.
  if (inTheClear && target.socket === undefined) {
    throw new ProbeError(
      "error",
      "the server asks for the password in the clear: set tls.mode to require, or scram-sha-256 in pg_hba.conf",
    );
  }
  return target.password;
}

function refuseStrangers(told: Record<string, string>, target: Target): void {
  const strange = told.crdb_version !== undefined ? "CockroachDB" : undefined;
  if (strange !== undefined) {
    throw new ProbeError("error", `${address(target)} is ${strange}, which only speaks PostgreSQL's protocol`);
  }
  const version = told.server_version ?? "";
  if (!(Number.parseInt(version, 10) >= oldest)) {
    const found = version === "" ? "of unknown version" : version;
    throw new ProbeError("error", `PostgreSQL ${found}: ${oldest} is the oldest that is read`);
  }
}

/**
 * What listens there may be anything. pg throws on what it does not understand, in the socket's event, where nobody could
 * catch it: here the connection ends with that error instead. So it does when an answer does not end.
 */
function guard({ connection }: Inner, encrypted: boolean, target: Target): { begin(): void } {
  let read = 0;
  const watch = () => {
    const { stream } = connection;
    const emit = stream.emit.bind(stream);
    const whole = createFramer(maxAnswer);
    stream.emit = (event, ...given) => {
      if (event !== "data") return emit(event, ...given);
      try {
        const chunk = given[0] as Buffer;
        read += chunk.length;
        if (read > maxAnswer) throw new ProbeError("error", `${address(target)} sends more than a database does`);
        const messages = whole(chunk);
        return messages.length > 0 && emit(event, messages);
      } catch (error) {
        stream.destroy(strange(error as Error, target));
        return false;
      }
    };
  };
  // TLS is a stream of its own; ahead of it comes a single byte.
  if (encrypted) connection.on("sslconnect", watch);
  else watch();
  return {
    begin() {
      read = 0;
    },
  };
}

function strange(error: Error, target: Target): Error {
  if (error instanceof ProbeError) return error;
  const type = /^Unknown authenticationOk message type (\d+)$/.exec(error.message)?.[1];
  if (type === undefined || Number(type) > 12) {
    return new ProbeError("error", `${address(target)} does not speak PostgreSQL's protocol: ${error.message}`);
  }
  const method = type === "7" || type === "9" ? "GSSAPI or SSPI" : `method ${type}`;
  return new ProbeError(
    "error",
    `the server wants this user to sign in by ${method}: let it in by scram-sha-256 in pg_hba.conf`,
  );
}

function dateOf(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

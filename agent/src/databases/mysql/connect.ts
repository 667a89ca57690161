import { isIP, createConnection as openSocket, type Socket } from "node:net";
import type { Connection, ConnectionOptions } from "mysql2/promise";
import { isLocal, type Target, tlsMode, tlsOptions } from "../probe.ts";
import { connectError, partError } from "./errors.ts";
import { guardedPlugins } from "./login.ts";
import type { Row } from "./rows.ts";
import { parseServer, type Server } from "./version.ts";

/** A connection that is logged in and bounded. */
export type Session = {
  server: Server;
  /** Who we are to the server: user@host of the account that let us in. */
  account: string;
  tls: { mode: string; used: boolean };
  /** Rows of one statement; rejects with the driver's error, or with the signal's reason. */
  query(sql: string, signal: AbortSignal): Promise<Row[]>;
  isOpen(): boolean;
  close(): void;
};

/** Targets that were seen to offer no TLS: each handshake that is given up counts towards max_connect_errors. */
const withoutTls = new Set<string>();
/** Longer than any interval of probes: the server ends what a dead agent left. */
const idleSeconds = 600;

/**
 * Connects and logs in; throws ProbeErrors. No LOCAL INFILE, one statement at a time, each bounded by the server itself:
 * a connection that is cut does not end what it runs. At the abort the socket is closed.
 */
export async function openSession(target: Target, signal: AbortSignal): Promise<Session> {
  const mode = target.socket === undefined ? tlsMode(target) : "disable";
  if (mode === "disable" || (mode === "prefer" && withoutTls.has(target.key))) {
    return await login(target, mode, false, signal);
  }
  try {
    return await login(target, mode, true, signal);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
    if (mode !== "prefer" || code !== "HANDSHAKE_NO_SSL_SUPPORT") throw error;
    withoutTls.add(target.key);
    return await login(target, mode, false, signal);
  }
}

async function login(target: Target, mode: string, secure: boolean, signal: AbortSignal): Promise<Session> {
  const { createConnection } = await import("mysql2/promise");
  let socket: Socket | undefined;
  let connection: Connection | undefined;
  let open = true;
  const close = () => {
    open = false;
    connection?.destroy();
    socket?.destroy();
  };
  const query: Session["query"] = async (sql, limit) => {
    if (connection === undefined || !open)
      throw Object.assign(new Error("closed"), { code: "PROTOCOL_CONNECTION_LOST" });
    const [rows] = await untilAbort(connection.query(sql), limit);
    return Array.isArray(rows) ? (rows as Row[]) : [];
  };
  try {
    const stream = () => {
      socket = dial(target);
      return socket;
    };
    connection = await untilAbort(createConnection({ ...options(target, mode, secure), stream }), signal);
    connection.on("error", () => {
      open = false;
    });
    const greeting = "SELECT VERSION() AS version, @@version_comment AS comment, CURRENT_USER() AS account";
    const [first = {}] = await query(greeting, signal);
    const server = parseServer(String(first.version), String(first.comment));
    await limit(server, target, query, signal);
    const tls = { mode, used: secure };
    return { server, account: String(first.account), tls, query, isOpen: () => open, close };
  } catch (error) {
    close();
    throw signal.aborted ? signal.reason : connectError(error, target);
  }
}

function options(target: Target, mode: string, secure: boolean): ConnectionOptions {
  const { user = "", password = "", database, socket } = target;
  const given: ConnectionOptions = {
    user,
    password,
    // What the certificate must name; where to connect to is told to `dial`.
    host: target.tls?.serverName ?? target.host ?? "127.0.0.1",
    connectTimeout: target.timeoutMs,
    charset: "utf8mb4",
    flags: ["-LOCAL_FILES"],
    multipleStatements: false,
    supportBigNumbers: true,
    dateStrings: true,
    // The agent's children have no compiler: generated parsers would be slower than the plain one.
    disableEval: true,
    connectAttributes: { program_name: "fairlead-agent" },
  };
  if (database !== undefined) given.database = database;
  if (socket !== undefined) given.socketPath = socket;
  if (secure) given.ssl = { ...trust(target), verifyIdentity: mode === "verify-full" };
  else if (!isLocal(target) && target.container === undefined) Object.assign(given, { authPlugins: guardedPlugins });
  return given;
}

function trust(target: Target): { rejectUnauthorized: boolean; ca?: string } {
  const { rejectUnauthorized = true, ca } = tlsOptions(target) ?? {};
  return { rejectUnauthorized, ...(ca === undefined ? {} : { ca: String(ca) }) };
}

function dial(target: Target): Socket {
  if (target.socket !== undefined) return openSocket({ path: target.socket });
  const host = target.host ?? "127.0.0.1";
  const socket = openSocket({ host, port: target.port ?? 3306, noDelay: true, keepAlive: true });
  // node:tls takes an address that a certificate is to name from here alone.
  if (isIP(host) !== 0) Object.assign(socket, { _host: host });
  return socket;
}

async function limit(server: Server, target: Target, query: Session["query"], signal: AbortSignal): Promise<void> {
  const seconds = (target.timeoutMs * 0.4) / 1000;
  const statement =
    server.flavour === "mariadb"
      ? `max_statement_time = ${seconds}`
      : `max_execution_time = ${Math.ceil(seconds * 1000)}`;
  const others = `lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, wait_timeout = ${idleSeconds}, autocommit = 1`;
  for (const settings of [`${others}, sql_mode = ''`, statement]) {
    try {
      await query(`SET SESSION ${settings}`, signal);
    } catch (error) {
      if (partError(error) === "lost") throw error;
    }
  }
}

/** The promise, or the signal's reason; what comes too late is nobody's error. */
async function untilAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  promise.catch(() => undefined);
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

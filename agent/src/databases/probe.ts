import type { ConnectionOptions } from "node:tls";
import type { catalogue } from "@fairlead/shared/catalogue";

/** Database engines that are told apart. */
export const engines = ["postgresql", "mysql", "mariadb", "redis", "valkey", "mongodb", "minio"] as const;
export type Engine = (typeof engines)[number];

export const tlsModes = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof tlsModes)[number];

/** Name of a metric of databases. */
export type DatabaseMetric = (typeof catalogue)["database"]["metrics"][number]["name"];

/**
 * What to probe. `socket` (the whole path of a unix socket) wins over `host` and `port`. `ca` is PEM text. No `user` and no
 * `password`: none are known, only asked of engines that tell something without.
 */
export type Target = {
  key: string;
  engine: Engine;
  host?: string;
  port?: number;
  socket?: string;
  /** Name of the container that it runs in: for statements to paste (`docker exec -it NAME psql ...`). */
  container?: string;
  user?: string;
  password?: string;
  database?: string;
  tls?: { mode: TlsMode; ca?: string; serverName?: string };
  /** For the whole probe, connecting included. The signal aborts then; statement timeouts should end a little sooner. */
  timeoutMs: number;
};

/** Raw counters of one probe; `at` in monotonic ms (performance.now()). Kept between probes, never sent. */
export type Counters = { at: number; [name: string]: number };

export type ProbeStatus = "up" | "down" | "timed_out" | "needs_credentials" | "error";

/**
 * What one probe found. `attributes` as in the kind's contract, without what the caller knows (engine, host, port,
 * container, source, credentials, error, probedAt, disks); an own `grants` (a right that is missing) is kept. `labels`: role
 * and version (major) where known. NaN or absent values are missing. `reason`: one line, no secrets.
 */
export type ProbeResult = {
  status: ProbeStatus;
  reason?: string;
  values: Partial<Record<DatabaseMetric, number>>;
  attributes: Record<string, unknown>;
  labels: Record<string, string>;
  counters: Counters;
};

/** One file an engine (or a family of engines), one line in index.ts. Lives in the `databases` child alone. */
export type Probe = {
  /** The first is the one it is named for. */
  engines: readonly Engine[];
  /** True where something may be asked without credentials and without filling the database's log. */
  anonymous: boolean;
  /** Statements that make a user with the least rights, a placeholder instead of each password. Pure. */
  grants(target: Target): string[];
  /**
   * Asks the database. `previous`: counters of its last probe, undefined at first. Never rejects for what the database
   * does (see `failure`), may keep a connection by `target.key`; calls for one key never overlap. At the abort it must give
   * up its connection.
   */
  probe(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult>;
  /** The target is gone or has other credentials: closes what is kept for it. */
  forget?(key: string): void | Promise<void>;
};

/** Per second since the last probe; NaN without one, or when the counter fell (a restart). */
export function rate(now: Counters, before: Counters | undefined, name: string): number {
  const step = increase(now, before, name);
  const seconds = before === undefined ? 0 : (now.at - before.at) / 1000;
  return seconds > 0 ? step / seconds : Number.NaN;
}

/** Growth of a counter since the last probe; NaN without one, or when it fell. */
export function increase(now: Counters, before: Counters | undefined, name: string): number {
  const step = (now[name] ?? Number.NaN) - (before?.[name] ?? Number.NaN);
  return step >= 0 ? step : Number.NaN;
}

/** Share of `hits` in hits and misses since the last probe; NaN where nothing was asked for in between. */
export function hitRatio(now: Counters, before: Counters | undefined, hits: string, misses: string): number {
  const hit = increase(now, before, hits);
  return ratio(hit, hit + increase(now, before, misses));
}

/** part / whole; NaN where the whole is 0 or either is missing. */
export function ratio(part: number | undefined, whole: number | undefined): number {
  return part === undefined || whole === undefined || !(whole > 0) ? Number.NaN : part / whole;
}

/** An end of a probe that has a status of its own. Thrown by a probe's parts, made a result by `failure`. */
export class ProbeError extends Error {
  readonly status: ProbeStatus;
  constructor(status: ProbeStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/**
 * The result for a probe that failed: refused, unreachable -> down; no answer in time -> timed_out; else `error`. What the
 * engine alone knows (a refused password -> needs_credentials) comes as a ProbeError.
 */
export function failure(error: unknown, target: Target): ProbeResult {
  const { status, reason } = classify(error, target);
  return {
    status,
    reason,
    values: status === "needs_credentials" ? {} : { up: status === "error" ? 1 : 0 },
    attributes: {},
    labels: {},
    counters: { at: performance.now() },
  };
}

/** Status and one line for what a driver threw. */
export function classify(error: unknown, target: Target): { status: ProbeStatus; reason: string } {
  const told = (status: ProbeStatus, text: string) => ({ status, reason: oneLine(text, target) });
  if (error instanceof ProbeError) return told(error.status, error.message);
  const { code, name, text } = innermost(error);
  const where = address(target);
  if (code === "ECONNREFUSED") return told("down", `nothing accepts connections at ${where}`);
  if (code === "ENOENT") return told("down", `no socket ${where}`);
  if (code === "EACCES" || code === "EPERM") return told("error", `${where}: permission denied: run the agent as root`);
  if (unreachable.has(code)) return told("down", `${where} can't be reached (${code})`);
  if (code === "ETIMEDOUT" || name === "TimeoutError" || name === "AbortError") {
    return told("timed_out", `no answer from ${where} within ${target.timeoutMs} ms`);
  }
  if (code === "ECONNRESET" || code === "EPIPE") return told("down", `${where} closed the connection`);
  if (isTlsCode(code)) return told("error", `TLS with ${where} failed: ${text}: check tls.mode and tls.ca`);
  return told("error", text);
}

const unreachable = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENOTFOUND", "EAI_AGAIN", "EADDRNOTAVAIL"]);

function isTlsCode(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO$|ERR_OSSL)/.test(code);
}

// Drivers wrap what the socket said, several tries at once among it.
function innermost(error: unknown): { code: string; name: string; text: string } {
  let at = error as { code?: unknown; cause?: unknown; errors?: unknown[]; name?: unknown; message?: unknown };
  for (let depth = 0; depth < 8; depth++) {
    const inner = at?.errors?.[0] ?? at?.cause;
    if (typeof at?.code === "string" || typeof inner !== "object" || inner === null) break;
    at = inner;
  }
  return {
    code: typeof at?.code === "string" ? at.code : "",
    name: typeof at?.name === "string" ? at.name : "",
    text: typeof at?.message === "string" && at.message !== "" ? at.message : String(error),
  };
}

/** Where a target listens, for people. */
export function address(target: Pick<Target, "host" | "port" | "socket">): string {
  if (target.socket !== undefined) return target.socket;
  const host = target.host ?? "127.0.0.1";
  return `${host.includes(":") ? `[${host}]` : host}:${target.port ?? 0}`;
}

/** One line of at most 300 characters without the target's password. */
export function oneLine(text: string, target: Pick<Target, "password">): string {
  const { password } = target;
  const safe = password === undefined || password === "" ? text : text.replaceAll(password, "***");
  const line = safe.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}

/** True where the target is on this host: there TLS is used only when it is asked for. */
export function isLocal(target: Pick<Target, "host" | "socket">): boolean {
  const { host = "127.0.0.1", socket } = target;
  return socket !== undefined || host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** The mode to use: what is set, else none on this host and `prefer` elsewhere. */
export function tlsMode(target: Target): TlsMode {
  return target.tls?.mode ?? (isLocal(target) || target.container !== undefined ? "disable" : "prefer");
}

/** Options for node:tls by the target's mode; undefined for `disable`. `prefer` (plain where TLS is refused) is the caller's. */
export function tlsOptions(target: Target): ConnectionOptions | undefined {
  const mode = tlsMode(target);
  if (mode === "disable") return undefined;
  if (mode === "prefer" || mode === "require") return { rejectUnauthorized: false };
  const servername = target.tls?.serverName ?? target.host;
  return {
    rejectUnauthorized: true,
    ...(target.tls?.ca === undefined ? {} : { ca: target.tls.ca }),
    // An address is no server name.
    ...(servername === undefined || /^[\d.]+$|:/.test(servername) ? {} : { servername }),
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
  };
}

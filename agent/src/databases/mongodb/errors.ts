import { address, classify, ProbeError, type Target, tlsMode } from "../probe.ts";
import { grantRole } from "./grants.ts";

type Failure = { code?: unknown; name?: unknown; message?: unknown; cause?: unknown };

/** Unauthorized: no right to this command. */
export function isDenied(error: unknown): boolean {
  return (error as Failure)?.code === 13;
}

/** AuthenticationFailed, or its like of a hosted server. */
export function isRefused(error: unknown): boolean {
  const { code } = (error ?? {}) as Failure;
  return code === 18 || code === 8000 || code === 11;
}

/** CommandNotFound, NotYetInitialized, no replication enabled: not there, no failure. */
export function isAbsent(error: unknown): boolean {
  const { code } = (error ?? {}) as Failure;
  return code === 59 || code === 76 || code === 94 || code === 96 || code === 115 || code === 40324 || code === 72;
}

/** MaxTimeMSExpired. */
export function isCut(error: unknown): boolean {
  return (error as Failure)?.code === 50;
}

/** True where the answer came from the server, and the connection is as good as before. */
export function isAnswer(error: unknown): boolean {
  return (error as Failure)?.name === "MongoServerError";
}

/** What failed as what it means for the database, with the remedy. */
export function connectError(error: unknown, target: Target): ProbeError {
  if (error instanceof ProbeError) return error;
  const where = address(target);
  const failure = (error ?? {}) as Failure;
  const told = (status: ProbeError["status"], text: string) => new ProbeError(status, text, { cause: error });
  if (isRefused(error)) {
    return told(
      "needs_credentials",
      `${where} refuses user "${target.user}": wrong password, no such user, or another database than "${target.database ?? "admin"}"`,
    );
  }
  if (isDenied(error)) {
    return target.user === undefined
      ? told("needs_credentials", "it asks for a user and a password")
      : told("needs_credentials", `user "${target.user}" lacks the role clusterMonitor: ${grantRole(target)}`);
  }
  if (isAnswer(error)) return told("error", String(failure.message));
  const text = texts(error).join(" ");
  if (/wire version/.test(text)) return told("error", String(failure.message));
  const { status, reason } = classify(rootOf(error), target);
  const closed = /closed|ECONNRESET|socket hang up/i.test(text);
  if (closed && status !== "timed_out" && tlsMode(target) === "disable") {
    return told("down", `${where} closed the connection: if it wants TLS, set tls.mode to require`);
  }
  if (/ServerSelection/.test(String(failure.name)) && status === "error") {
    return told(
      /timed out/i.test(text) && !/ECONN|closed|ENOENT/.test(text) ? "timed_out" : "down",
      `${where}: ${reason}`,
    );
  }
  return told(status, reason);
}

// The driver says what it waited for; what went wrong stands in the description of the server.
function rootOf(error: unknown): unknown {
  const servers = (error as { reason?: { servers?: unknown } })?.reason?.servers;
  const first = servers instanceof Map ? [...servers.values()][0] : undefined;
  const cause = (first as { error?: unknown } | undefined)?.error ?? (error as Failure)?.cause;
  return typeof cause === "object" && cause !== null && cause !== error ? rootOf(cause) : error;
}

function texts(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const { message, code } = error as Failure;
  return [
    String(message ?? ""),
    String(code ?? ""),
    ...texts(rootOf(error) === error ? undefined : rootOf(error), depth + 1),
  ];
}

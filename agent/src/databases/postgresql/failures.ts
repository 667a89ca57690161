import { address, ProbeError, type Target } from "../probe.ts";

/** What the server says of an error: https://www.postgresql.org/docs/current/protocol-error-fields.html */
export type ServerError = { code?: string; message?: string; routine?: string; severity?: string };

/** SQLSTATE of what the server said, undefined for errors of the network or our own. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as ServerError;
  return typeof code === "string" && typeof severity === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True where the connection is gone and another one may work: the server ended it, or the network did. */
export function isLost(error: unknown): boolean {
  if (error instanceof ProbeError) return false;
  const state = sqlState(error);
  if (state !== undefined) return /^(08|57P0[1-5])/.test(state);
  const { code, message = "" } = error as ServerError;
  return /^(ECONN|EPIPE)/.test(code ?? "") || /^(Connection terminated|Client has encountered)/.test(message);
}

/** What a role lacks, told by the way it was refused. */
export type Refusal = "password" | "hba" | "role" | undefined;

/** How the server refused the role. The routine tells it whatever the language of its messages. */
export function refusal(error: unknown): Refusal {
  const state = sqlState(error);
  if (state === "28P01") return "password";
  if (state !== "28000") return undefined;
  return (error as ServerError).routine === "ClientAuthentication" ? "hba" : "role";
}

/** True where all connections of the server are taken, not only those of the role or the database. */
export function isFull(error: unknown): boolean {
  const { routine } = error as ServerError;
  return sqlState(error) === "53300" && routine !== "InitializeSessionUserId" && routine !== "CheckMyDatabase";
}

/** Status and sentence for what the server said; any other error as it is. */
export function readFailure(error: unknown, target: Target): unknown {
  if (error instanceof ProbeError) return error;
  const told = (status: ProbeError["status"], text: string) => new ProbeError(status, text, { cause: error });
  const { message = "" } = error as ServerError;
  const state = sqlState(error);
  if (state === undefined) return readLocal(error as ServerError, target);
  if (refusal(error) !== undefined) return told("needs_credentials", `refused: ${message}`);
  if (/^57P0[1-5]$/.test(state)) return told("down", message);
  if (state === "53300") {
    const whose = isFull(error) ? "all connections are taken" : "no connection is left for this user or database";
    return told("error", `it answers, but ${whose}: ${message}`);
  }
  if (state === "57014") return told("timed_out", `the server cancelled the probe at its time limit: ${message}`);
  if (state === "55P03") return told("timed_out", `a catalogue that the probe reads is locked: ${message}`);
  if (state === "3D000") return told("error", `${message}: set the database to connect to`);
  if (state === "08P01" && /startup parameter/.test(message)) return told("error", pooler(target));
  if (state === "0A000" && /protocol/.test(message)) return told("error", `the server is too old: ${message}`);
  return told("error", `${message} (${state})`);
}

/** Sentence for a pooler: its figures are not the server's. */
export function pooler(target: Target): string {
  return `${address(target)} is a connection pooler (PgBouncer or alike): set the address of the server behind it`;
}

function readLocal(error: ServerError, target: Target): unknown {
  const { message = "" } = error;
  if (/does not support SSL/.test(message)) {
    return new ProbeError("error", `${address(target)} has no TLS: switch it on there, or set tls.mode to disable`);
  }
  if (/establishing an SSL connection/.test(message)) {
    return new ProbeError("error", `${address(target)} does not speak PostgreSQL's protocol`);
  }
  if (/^Connection terminated/.test(message)) {
    return new ProbeError("down", `${address(target)} closed the connection`);
  }
  if (/^SASL/.test(message)) return new ProbeError("error", message);
  if (error.code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return new ProbeError("error", `the certificate of ${address(target)} is for another name: set tls.serverName`);
  }
  return error;
}

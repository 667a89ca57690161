import { connect as dial } from "node:net";
import { connect as dialTls } from "node:tls";
import { address, failure, ProbeError, type ProbeResult, type Target, tlsMode } from "../probe.ts";

/** Less than a probe may take after its time. */
const firstWordsMs = 300;

/** Why a probe failed: where the library can't tell, the server is asked once more by hand. */
export async function failed(error: unknown, target: Target, signal: AbortSignal): Promise<ProbeResult> {
  const own = signal.aborted ? undefined : replyError(messageOf(error), target);
  const lost = isLost(error) ? new ProbeError("down", `${address(target)} closed the connection`) : error;
  const result = failure(own ?? (signal.aborted ? signal.reason : lost), target);
  const unexplained = result.status === "timed_out" || isLost(error);
  if (own !== undefined || !unexplained || tlsMode(target) !== "disable") return result;
  // The library tells nothing of what a server says before it closes, nor of what is no answer in its protocol.
  const said = await firstWords(target);
  if (result.status !== "timed_out" && !/^[-+]/.test(said) && (await speaksTls(target))) {
    return failure(
      new ProbeError("error", "it wants TLS: set tls.mode of it in databases, or with its credentials"),
      target,
    );
  }
  if (said === "") return result;
  const told = replyError(said.slice(1), target);
  const stranger = new ProbeError("error", `what listens at ${address(target)} does not speak Redis' protocol`);
  const explained = failure(told ?? (/^[-+]/.test(said) ? error : stranger), target);
  if (!/max number of clients/.test(said)) return explained;
  return { ...explained, values: { up: 1, connections_used_ratio: 1 } };
}

/** True where a TLS handshake succeeds, whoever it is. */
function speaksTls(target: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const { socket: path, host = "127.0.0.1", port = 6379 } = target;
    const socket = dialTls({ ...(path === undefined ? { host, port } : { path }), rejectUnauthorized: false });
    const timer = setTimeout(() => done(false), firstWordsMs);
    const done = (secure: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(secure);
    };
    socket.on("secureConnect", () => done(true));
    socket.on("error", () => done(false));
    socket.on("close", () => done(false));
  });
}

/** What it answers a PING of another connection; empty where it says nothing at once. */
function firstWords(target: Target): Promise<string> {
  return new Promise((resolve) => {
    const { socket: path, host = "127.0.0.1", port = 6379 } = target;
    const socket = dial(path === undefined ? { host, port } : { path });
    const timer = setTimeout(() => done(""), firstWordsMs);
    const done = (text: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    socket.on("connect", () => socket.write("PING\r\n"));
    socket.on("data", (chunk: Buffer) => done(chunk.toString("latin1", 0, 300)));
    socket.on("error", () => done(""));
    socket.on("close", () => done(""));
  });
}

/** What the server's refusals mean; undefined for any other text. */
export function replyError(text: string, target: Target): ProbeError | undefined {
  const who = target.user === undefined ? "the password" : `user ${target.user}`;
  if (text.startsWith("NOAUTH")) return new ProbeError("needs_credentials", "it asks for a password");
  if (text.startsWith("WRONGPASS") || /invalid password/.test(text))
    return new ProbeError("needs_credentials", `${who} is refused`);
  if (/AUTH.* without any password configured/.test(text))
    return new ProbeError("error", "it has no password, but one is configured: remove it");
  if (text.startsWith("NOPERM"))
    return new ProbeError("error", `${who} may not run INFO: ACL SETUSER ${target.user ?? "default"} +ping +info`);
  if (/^ERR unknown command/.test(text))
    return new ProbeError("error", "INFO is renamed or disabled there: it can't be watched");
  if (text.startsWith("BUSY"))
    return new ProbeError("error", "it is busy with a script: SCRIPT KILL or FUNCTION KILL ends it");
  if (text.startsWith("DENIED"))
    return new ProbeError(
      "error",
      "its protected mode refuses other hosts: set a password, or bind it to the address that is used",
    );
  if (text.startsWith("LOADING")) return new ProbeError("error", "it loads its data");
  if (text.startsWith("MASTERDOWN"))
    return new ProbeError("error", "its link to the primary is down, and it serves no stale data");
  if (/max number of clients/.test(text))
    return new ProbeError("error", "the limit of clients is reached: it refuses new ones");
  return undefined;
}

/** True where the connection is gone. */
export function isLost(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string; constructor?: { name?: string } };
  const kind = (error as object)?.constructor?.name ?? "";
  return /Closed|Offline|Disconnects|SocketTimeout/.test(`${name}${kind}`) || code === "ECONNRESET" || code === "EPIPE";
}

/** What was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

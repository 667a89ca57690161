import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect } from "node:net";
import type { ContainerRuntime, Reach } from "../../runtimes/runtime.ts";
import type { GateSpec } from "../container-command.ts";
import { Refusal } from "../run-context.ts";

const mostBody = 1 << 20;
const connectMs = 10_000;
/** A timer of more than that fires at once. */
const longestMs = 2 ** 31 - 1;

/**
 * One try of a gate that ends within `leftMs`: undefined when it passed, else what it said, in one line. A program may take
 * all of that time, an answer half of it, a connection 10 s. Throws Refusal where it can't be tried.
 */
export async function tryGate(
  gate: GateSpec,
  reach: Reach,
  runtime: ContainerRuntime,
  leftMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (gate.kind === "exec") return await tryExec(gate.command, reach.id, runtime, within(leftMs, signal));
  const targets = targetsOf(gate.port, reach);
  if (targets.length === 0) {
    throw new Refusal(
      `port ${gate.port} can't be reached from the host: it is not published and the container has no network; take an exec gate`,
    );
  }
  // One that does not answer leaves time for the others, and for another try once the service is up.
  const patient = gate.kind === "tcp" ? connectMs : Math.max(connectMs, leftMs / 2);
  const each = Math.min(leftMs, patient) / targets.length;
  let said = "";
  for (const target of targets) {
    const limit = within(each, signal);
    const failure = gate.kind === "tcp" ? await tryTcp(target, limit) : await tryHttp(gate, target, limit);
    if (failure === undefined) return undefined;
    said = failure;
  }
  return said;
}

type Limit = { signal: AbortSignal; ms: number };

function within(leftMs: number, signal: AbortSignal): Limit {
  const ms = Math.min(longestMs, Math.max(1, Math.round(leftMs)));
  return { ms, signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]) };
}

/** "within 5 s" */
function inTime({ ms }: Limit): string {
  return `within ${Number((ms / 1000).toPrecision(2))} s`;
}

type Target = { host: string; port: number };

function targetsOf(port: number, { addresses, published }: Reach): Target[] {
  const own = addresses.map((host) => ({ host, port }));
  const mapped = published
    .filter(({ containerPort }) => containerPort === port)
    .map(({ hostIp, hostPort }) => ({ host: loopback(hostIp), port: hostPort }));
  return [...own, ...mapped];
}

function loopback(ip: string): string {
  return ip === "" || ip === "0.0.0.0" ? "127.0.0.1" : ip === "::" ? "::1" : ip;
}

function tryTcp({ host, port }: Target, limit: Limit): Promise<string | undefined> {
  const { signal } = limit;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (said: string | undefined) => {
      signal.removeEventListener("abort", late);
      socket.destroy();
      resolve(said);
    };
    const late = () => end(`${host}:${port}: no answer ${inTime(limit)}`);
    signal.addEventListener("abort", late, { once: true });
    socket.once("connect", () => end(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => end(`${host}:${port}: ${error.code ?? error.message}`));
  });
}

type HttpGate = Extract<GateSpec, { kind: "http" }>;

function tryHttp(gate: HttpGate, { host, port }: Target, limit: Limit): Promise<string | undefined> {
  const { signal } = limit;
  const where = `${gate.tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}${gate.path}`;
  return new Promise((resolve) => {
    // A service's own certificate is its own affair: the gate asks whether it answers.
    const options = { host, port, path: gate.path, method: "GET", agent: false, rejectUnauthorized: false, signal };
    const made = (gate.tls ? tlsRequest : plainRequest)({ ...options, headers: { "user-agent": "fairlead-agent" } });
    made.once("error", (error: NodeJS.ErrnoException) => {
      resolve(`${where}: ${signal.aborted ? `no answer ${inTime(limit)}` : (error.code ?? error.message)}`);
    });
    made.once("response", (response) => {
      // What goes wrong from here on ends the answer, too.
      made.removeAllListeners("error").on("error", () => undefined);
      const code = response.statusCode ?? 0;
      if (!fitsStatus(gate.status, code)) {
        response.destroy();
        resolve(`${where}: status ${code}`);
        return;
      }
      if (gate.contains === "") {
        response.destroy();
        resolve(undefined);
        return;
      }
      holds(response, gate.contains, () => inTime(limit)).then((lack) =>
        resolve(lack === undefined ? undefined : `${where}: ${lack}`),
      );
    });
    made.end();
  });
}

/** Why the answer is not seen to hold that text, or undefined; no more of it is read than it takes to tell. */
function holds(response: IncomingMessage, text: string, late: () => string): Promise<string | undefined> {
  const wanted = JSON.stringify(text.slice(0, 60));
  return new Promise((resolve) => {
    let end = "";
    let read = 0;
    let found = false;
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      if (found || read > mostBody) return;
      read += chunk.length;
      const seen = end + chunk;
      found = seen.includes(text);
      end = text.length > 1 ? seen.slice(1 - text.length) : "";
      if (found || read > mostBody) response.destroy();
    });
    response.once("error", () => undefined);
    response.once("close", () => {
      if (found) resolve(undefined);
      else if (read > mostBody) resolve(`the first MiB of the answer does not hold ${wanted}`);
      else if (response.complete) resolve(`the answer does not hold ${wanted}`);
      else resolve(`the answer did not end ${late()}, what came of it does not hold ${wanted}`);
    });
  });
}

/** True where "200", "2xx", "200-399" or a list of them holds the code; "" stands for 200-399. */
export function fitsStatus(wanted: string, code: number): boolean {
  return (wanted === "" ? "200-399" : wanted).split(",").some((part) => {
    const [from = "", to] = part.split("-");
    const low = Number(from.replace(/x/gi, "0"));
    const high = to === undefined ? Number(from.replace(/x/gi, "9")) : Number(to);
    return code >= low && code <= high;
  });
}

async function tryExec(
  command: readonly string[],
  id: string,
  runtime: ContainerRuntime,
  limit: Limit,
): Promise<string | undefined> {
  const { signal } = limit;
  let tail = "";
  const keep = (_: string, chunk: Uint8Array) => {
    tail = (tail + Buffer.from(chunk).toString("utf8")).slice(-400);
  };
  try {
    const { exitCode } = await runtime.exec(id, { command }, keep, signal);
    const last = tail.trim().split("\n").at(-1)?.replace(/\s+/g, " ").slice(0, 200) ?? "";
    if (exitCode === 126 || exitCode === 127)
      throw new Refusal(`${command[0]} can't be run there: ${last || `exit code ${exitCode}`}`);
    return exitCode === 0 ? undefined : `${command[0]}: exit code ${exitCode}${last === "" ? "" : `: ${last}`}`;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (signal.aborted) return `${command[0]}: no end ${inTime(limit)}`;
    const said = (error as Error).message;
    // No time will bring the program there.
    if (/no such file or directory|executable file not found/.test(said)) throw new Refusal(said);
    return said;
  }
}

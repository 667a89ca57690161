import { chmodSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { CollectorHealth } from "./collectors/pass.ts";
import { type RunLocal, serveCommand } from "./control-command.ts";
import { makePrivateFolder } from "./state-file.ts";
import { AlreadyRunning } from "./state-folder.ts";
import type { UplinkStatus } from "./stream/uplink.ts";

/** What a running agent says of itself. Times in Unix ms, 0 = never. */
export type AgentStatus = {
  version: string;
  pid: number;
  instanceId: string;
  startedAt: number;
  server: string;
  serverId: string;
  connection: UplinkStatus;
  lastReportAt: number;
  resources: number;
  spool: { id: string; records: number; bytes: number; dropped: number; oldestSeconds: number; problem: string };
  collectors: CollectorHealth[];
  config: { intervalSeconds: number; disabledCollectors: string[]; paused: boolean; fromServer: boolean };
  live: { intervalMs: number };
  commands: { allowed: string[]; unconfirmed: number };
};

/** What the agent offers on its control socket. */
export type ControlService = { status(): AgentStatus; run?: RunLocal };

/** Programs that ask at the same time; further ones are closed at once. */
const mostConnections = 32;
/** One of before commands could be given asks by its coming alone. */
const silentMs = 200;
const longestLine = 1 << 20;

/**
 * Listens on stateDir/control.sock, which only the agent's user and root may open. A connection asks with one line: for
 * the status, answered with a line of JSON, or to run a command (control-command.ts). Throws AlreadyRunning.
 */
export async function serveControl(stateDir: string, service: ControlService): Promise<{ close(): Promise<void> }> {
  makePrivateFolder(stateDir);
  const path = controlPath(stateDir);
  const other = await readStatus(stateDir);
  if (other) throw new AlreadyRunning(`another agent (pid ${other.pid}) runs on ${stateDir}: stop it first`);
  try {
    unlinkSync(path);
  } catch {
    // None was left behind.
  }
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    if (open.size > mostConnections) socket.destroy();
    else answer(socket, service);
  });
  await listen(server, path);
  chmodSync(path, 0o600);
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroySoon();
      }),
  };
}

/** The status of the agent that runs on this folder, or undefined when none does. Rejects when it does not answer. */
export function readStatus(stateDir: string): Promise<AgentStatus | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlPath(stateDir));
    let text = "";
    socket.setTimeout(3_000, () => socket.destroy(new Error("the agent does not answer on its control socket")));
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(`${JSON.stringify({ request: "status" })}\n`));
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error.code === "EACCES" ? new Error("no permission for the control socket: run as root") : error);
    });
    socket.on("end", () => {
      try {
        resolve(JSON.parse(text) as AgentStatus);
      } catch (cause) {
        reject(new Error("the agent's control socket gave no status", { cause }));
      }
    });
  });
}

/** Where the agent that runs on that folder listens. */
export function controlPath(stateDir: string): string {
  return join(stateDir, "control.sock");
}

/** Reads what a connection asks for and answers it; whatever comes does not disturb the agent. */
function answer(socket: Socket, service: ControlService): void {
  let text = "";
  const status = () => {
    settle();
    socket.setTimeout(5_000, () => socket.destroy());
    try {
      socket.end(`${JSON.stringify(service.status())}\n`);
    } catch {
      // It has only begun to start.
      socket.destroy();
    }
  };
  const onData = (chunk: string) => {
    text += chunk;
    const end = text.indexOf("\n");
    if (end < 0) {
      if (text.length > longestLine) socket.destroy();
      return;
    }
    const asked = requestOf(text.slice(0, end));
    if (asked?.request !== "command") return status();
    settle();
    if (service.run) serveCommand(socket, asked.command, text.slice(end + 1), service.run);
    else socket.end(`${JSON.stringify({ refused: "this agent takes no commands here" })}\n`);
  };
  const timer = setTimeout(status, silentMs).unref();
  const settle = () => {
    clearTimeout(timer);
    socket.off("data", onData);
    socket.off("end", status);
  };
  socket.setEncoding("utf8");
  socket.on("data", onData);
  socket.once("end", status);
}

function requestOf(line: string): { request?: unknown; command?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

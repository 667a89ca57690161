import { chmodSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import type { CollectorHealth } from "./collectors/pass.ts";
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

/** Answers each connection to stateDir/control.sock with the status as one line of JSON. Throws AlreadyRunning. */
export async function serveStatus(stateDir: string, status: () => AgentStatus): Promise<{ close(): Promise<void> }> {
  makePrivateFolder(stateDir);
  const path = socketPath(stateDir);
  const other = await readStatus(stateDir);
  if (other) throw new AlreadyRunning(`another agent (pid ${other.pid}) runs on ${stateDir}: stop it first`);
  try {
    unlinkSync(path);
  } catch {
    // None was left behind.
  }
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(`${JSON.stringify(status())}\n`);
  });
  await listen(server, path);
  chmodSync(path, 0o600);
  server.unref();
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The status of the agent that runs on this folder, or undefined when none does. Rejects when it does not answer. */
export function readStatus(stateDir: string): Promise<AgentStatus | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath(stateDir));
    let text = "";
    socket.setTimeout(3_000, () => socket.destroy(new Error("the agent does not answer on its control socket")));
    socket.setEncoding("utf8");
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

function socketPath(stateDir: string): string {
  return join(stateDir, "control.sock");
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

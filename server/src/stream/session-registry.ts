import type { pb } from "@fairlead/proto";
import { status } from "@grpc/grpc-js";
import { Failure } from "../failure.ts";
import type { LogPart, LogRequest } from "./log-streams.ts";
import type { AgentSessions } from "./sessions.ts";

/** An agent's stream that got its Welcome. */
export type AgentSession = {
  readonly id: string;
  readonly serverId: string;
  /** Of the client certificate. */
  readonly serial: string;
  readonly instanceId: string;
  readonly bootId: string | null;
  readonly machineId: string | null;
  readonly openedAt: Date;
  send(frame: pb.ConnectResponse.$Properties): void;
  /** Ends the stream with that status; the details reach the agent. */
  end(code: status, details: string): void;
};

/** What the gRPC server hooks in when it starts. */
export type SessionHooks = {
  wake(session: AgentSession): void;
  readLog(serverId: string, request: LogRequest, signal: AbortSignal): AsyncIterable<LogPart>;
};

/** The open streams of this process; `context.sessions` must be one made by `createSessions`. */
export type SessionRegistry = AgentSessions & {
  get(serverId: string): AgentSession | undefined;
  all(): Iterable<AgentSession>;
  /** Makes it the server's session; the one before ends with ABORTED. */
  open(session: AgentSession): void;
  /** False when another one has taken its place meanwhile. */
  close(session: AgentSession): boolean;
  hook(hooks: SessionHooks): void;
  /** Sends Live again to all watched agents, which stop by themselves when that ceases. */
  renewLive(): void;
};

const liveIntervalMs = 1_000;

/** An empty registry. Watches of live data outlast the sessions. */
export function createSessions(): SessionRegistry {
  const sessions = new Map<string, AgentSession>();
  const watches = new Map<string, number>();
  let hooks: SessionHooks | undefined;

  function tellLive(serverId: string): void {
    const intervalMs = watches.has(serverId) ? liveIntervalMs : 0;
    sessions.get(serverId)?.send({ live: { intervalMs } });
  }

  return {
    isConnected: (serverId) => sessions.has(serverId),
    count: () => sessions.size,
    get: (serverId) => sessions.get(serverId),
    all: () => sessions.values(),
    hook(given) {
      hooks = given;
    },
    wake(serverId) {
      const session = sessions.get(serverId);
      if (session !== undefined) hooks?.wake(session);
    },
    watchLive(serverId) {
      const before = watches.get(serverId) ?? 0;
      watches.set(serverId, before + 1);
      if (before === 0) tellLive(serverId);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (watches.get(serverId) ?? 1) - 1;
        if (left > 0) return void watches.set(serverId, left);
        watches.delete(serverId);
        tellLive(serverId);
      };
    },
    readLog(serverId, request, signal) {
      if (hooks === undefined) throw new Failure("unavailable", "The server is starting: try again in a moment");
      return hooks.readLog(serverId, request, signal);
    },
    disconnect: (serverId, reason) => sessions.get(serverId)?.end(status.UNAUTHENTICATED, reason),
    open(session) {
      const old = sessions.get(session.serverId);
      sessions.set(session.serverId, session);
      old?.end(status.ABORTED, "replaced by a newer session");
      if (watches.has(session.serverId)) tellLive(session.serverId);
    },
    close(session) {
      if (sessions.get(session.serverId) !== session) return false;
      sessions.delete(session.serverId);
      return true;
    },
    renewLive() {
      for (const serverId of watches.keys()) tellLive(serverId);
    },
  };
}

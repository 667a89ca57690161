import type { pb } from "@fairlead/proto";
import { status } from "@grpc/grpc-js";
import type { CertificateAuthority } from "../ca/certificate-authority.ts";
import type { Context } from "../context.ts";
import type { ArrivedServer } from "../db/queries/servers-state.ts";
import type { Declaration, Ingest } from "../ingest/ingest.ts";
import type { AckRanges } from "./ack-ranges.ts";
import type { CloneWatch } from "./clone-watch.ts";
import type { CommandDispatch } from "./command-dispatch.ts";
import type { CheckedHello } from "./hello.ts";
import type { LogStreams } from "./log-streams.ts";
import type { PresenceWriter } from "./presence-writer.ts";
import type { Entry, ResourceTable } from "./resource-table.ts";
import type { AgentSession, SessionRegistry } from "./session-registry.ts";
import type { StateMonitor, Watched } from "./state-monitor.ts";
import type { StreamMetrics } from "./stream-metrics.ts";

/** What sessions share. */
export type SessionNeeds = {
  context: Pick<Context, "db" | "bus" | "log" | "now" | "config">;
  ca: CertificateAuthority;
  ingest: Ingest;
  sessions: SessionRegistry;
  presence: PresenceWriter;
  monitor: StateMonitor;
  commands: CommandDispatch;
  logs: LogStreams;
  clones: CloneWatch;
  metrics: StreamMetrics;
  /** Tells the other processes that this one has the server's session now. */
  announce(session: AgentSession): void;
};

/** A session after its Welcome: what the handlers of frames work on. */
export type SessionState = {
  readonly needs: SessionNeeds;
  readonly session: AgentSession;
  readonly hello: CheckedHello;
  readonly server: ArrivedServer;
  readonly watched: Watched;
  readonly table: ResourceTable;
  readonly acks: AckRanges;
  /** Declared and not yet known to the database, in order. */
  readonly undeclared: Map<string, { entries: Entry[]; declaration: Declaration }>;
  /** Kinds and keys that the server has, read when its bound is near. */
  known: Set<string> | undefined;
  readonly collectors: Set<string>;
  refusals: pb.Refusal.$Properties[];
  clockSkew: number;
  lastReport: number | undefined;
  spoolDropped: number;
  inFlight: number;
  ended: boolean;
  /** Makes an Ack go out soon. */
  ackSoon(): void;
  /** Resolves when fewer records of this session wait for their commit, or the session ended. */
  settled(): Promise<void>;
};

/** A frame that breaks the contract, or a bound that was passed: ends the session with that status. */
export class SessionEnd extends Error {
  readonly code: status;
  constructor(code: status, details: string) {
    super(details);
    this.code = code;
  }
}

/** The agent broke the contract; the message names the frame. */
export function malformed(frame: string, what: string): SessionEnd {
  return new SessionEnd(status.INVALID_ARGUMENT, `${frame} ${what}`);
}

/** Counts something that this server refused, by reason, in the server's row and in the metrics. */
export function countRefused(state: SessionState, reason: string, amount = 1): void {
  state.needs.metrics.refused.add(amount, { reason });
  state.needs.presence.refused(state.session.serverId, reason, amount);
}

/** Notes for the batched write that the agent was heard now, and what else is new. */
export function noteSeen(
  state: SessionState,
  more: { lastReport?: number; clockSkewMs?: number; ackedSeq?: number } = {},
): void {
  state.needs.presence.note({
    serverId: state.session.serverId,
    lastSeen: state.watched.lastHeard,
    lastReport: more.lastReport,
    clockSkewMs: more.clockSkewMs,
    spoolId: state.hello.spool?.id ?? null,
    ackedSeq: more.ackedSeq,
  });
}

/** A clock skew as the database keeps it, a 32-bit number of milliseconds: more than 23 days are cut. */
export function storedSkew(skew: number): number {
  return Math.max(-2_000_000_000, Math.min(2_000_000_000, Math.round(skew)));
}

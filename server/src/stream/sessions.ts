import type { LogPart, LogRequest } from "./log-streams.ts";

/** The agents connected to this process. */
export type AgentSessions = {
  /** True while the agent's stream is open here. */
  isConnected(serverId: string): boolean;
  /** Number of open streams. */
  count(): number;
  /** Looks for queued commands of this server and sends them; cheap when there are none. */
  wake(serverId: string): void;
  /** Asks for live reports while at least one watch is held; the returned function ends this watch. Works offline too. */
  watchLive(serverId: string): () => void;
  /**
   * Reads a log from the server's agent; ends after the part that has `end`, or with the signal. Throws "unavailable" when
   * the agent can't be reached, "too_many_requests" when too many are being read.
   */
  readLog(serverId: string, request: LogRequest, signal: AbortSignal): AsyncIterable<LogPart>;
  /** Ends the stream; the reason goes to the agent and the log. */
  disconnect(serverId: string, reason: string): void;
};

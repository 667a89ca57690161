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
  /** Ends the stream; the reason goes to the agent and the log. */
  disconnect(serverId: string, reason: string): void;
};

/** A server's state as people see it. */
export type ServerState = "online" | "degraded" | "offline" | "never_seen" | "paused";

/** What is known of a server. Durations in milliseconds. */
export type ServerFacts = {
  /** The state it is in now. */
  previous: ServerState;
  previousReason: string;
  paused: boolean;
  /** True once an agent of this server has connected. */
  seen: boolean;
  /** A session is open. */
  connected: boolean;
  /** Time since the last valid message; while reading from the agent is held back by the server, 0. */
  silent: number;
  /** The peer closed its connection itself, so its kernel was alive then. */
  closedByPeer: boolean;
  intervalSeconds: number;
  /** Agent's clock less the server's; null where not measured. */
  clockSkew: number | null;
  /** Time since a clone of this agent was last noticed; null: never. */
  sinceClone: number | null;
  /** Time since the agent's spool last dropped records; null: never. */
  sinceSpoolDrop: number | null;
  /** Collectors that fail or time out. */
  failingCollectors: readonly string[];
};

/** `recheckIn`: when time alone may change the answer, in milliseconds; null: never. */
export type Verdict = { state: ServerState; reason: string; recheckIn: number | null };

const skewLimit = 30_000;
/** How long a noticed clone or dropped records keep a server degraded. */
export const cloneMemory = 15 * 60_000;
export const spoolDropMemory = 5 * 60_000;

/** How long a server may be silent before it is offline: 3 intervals, between 10 and 30 seconds. Milliseconds. */
export function offlineAfter(intervalSeconds: number): number {
  return Math.max(10, Math.min(30, 3 * intervalSeconds)) * 1000;
}

/** Judges a server. */
export function judgeServer(facts: ServerFacts): Verdict {
  if (facts.paused) return { state: "paused", reason: "", recheckIn: null };
  if (!facts.seen) return { state: "never_seen", reason: "", recheckIn: null };
  const window = offlineAfter(facts.intervalSeconds);
  if (facts.silent >= window) return { state: "offline", reason: silence(facts, window), recheckIn: null };
  const untilOffline = window - facts.silent;
  if (!facts.connected) return waiting(facts, untilOffline);
  const { reasons, recheckIn } = troubles(facts);
  return {
    state: reasons.length === 0 ? "online" : "degraded",
    reason: reasons.join("; "),
    recheckIn: Math.min(untilOffline, recheckIn),
  };
}

/** A short break keeps the state; whoever was offline or paused before is not online without a session. */
function waiting(facts: ServerFacts, untilOffline: number): Verdict {
  if (facts.previous === "online" || facts.previous === "degraded") {
    return { state: facts.previous, reason: facts.previousReason, recheckIn: untilOffline };
  }
  return { state: "offline", reason: "not connected", recheckIn: null };
}

function silence(facts: ServerFacts, window: number): string {
  const seconds = Math.round(window / 1000);
  return facts.closedByPeer
    ? `the agent closed its connection and was not heard for ${seconds} s: agent or host stopped`
    : `nothing heard for ${seconds} s: host down or network cut`;
}

function troubles(facts: ServerFacts): { reasons: string[]; recheckIn: number } {
  const reasons: string[] = [];
  let recheckIn = Number.POSITIVE_INFINITY;
  if (facts.sinceClone !== null && facts.sinceClone < cloneMemory) {
    reasons.push("two agents use this certificate: enrol the copy again");
    recheckIn = Math.min(recheckIn, cloneMemory - facts.sinceClone);
  }
  if (facts.clockSkew !== null && Math.abs(facts.clockSkew) > skewLimit) {
    reasons.push(`its clock is ${duration(Math.abs(facts.clockSkew))} ${facts.clockSkew > 0 ? "ahead" : "behind"}`);
  }
  if (facts.sinceSpoolDrop !== null && facts.sinceSpoolDrop < spoolDropMemory) {
    reasons.push("its spool drops records");
    recheckIn = Math.min(recheckIn, spoolDropMemory - facts.sinceSpoolDrop);
  }
  const failing = facts.failingCollectors;
  if (failing.length > 0) {
    const shown = failing.slice(0, 5).join(", ");
    const more = failing.length > 5 ? ` and ${failing.length - 5} more` : "";
    reasons.push(`${failing.length === 1 ? "collector" : "collectors"} ${shown}${more} failing`);
  }
  return { reasons, recheckIn };
}

function duration(ms: number): string {
  const steps: [number, string][] = [
    [86_400_000 * 365, "years"],
    [86_400_000, "days"],
    [3_600_000, "hours"],
    [60_000, "minutes"],
  ];
  for (const [size, name] of steps) if (ms >= 2 * size) return `${Math.floor(ms / size)} ${name}`;
  return `${Math.round(ms / 1000)} s`;
}

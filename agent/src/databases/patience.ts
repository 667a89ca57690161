import type { ProbeResult } from "./probe.ts";

/** When to leave a server alone that does not let us in. One for each target. */
export type Patience = {
  /** The answer to give without asking the server, or undefined: ask. `now` in monotonic ms. */
  answer(now: number): ProbeResult | undefined;
  succeeded(): void;
  /** Notes how it failed; returns that result. */
  failed(result: ProbeResult, now: number): ProbeResult;
};

const refusedTries = 3;
const refusedPauseMs = 5 * 60_000;
const cutTries = 10;
const longestPauseMs = 10 * 60_000;

/**
 * A refused login is tried three times at the usual pace, then each 5 min (or as soon as the credentials change: the
 * caller makes a new one): servers and their audits lock accounts and count refusals. A connection that got no answer is
 * tried ten times, then ever more seldom, down to each 10 min: a server blocks a host after max_connect_errors (100)
 * handshakes in a row that were given up. What nobody listens to costs nobody anything and is asked each time.
 */
export function createPatience(): Patience {
  let refused = 0;
  let unanswered = 0;
  let resumeAt = 0;
  let last: ProbeResult | undefined;
  return {
    answer(now) {
      if (last === undefined || now >= resumeAt) return undefined;
      const seconds = Math.ceil((resumeAt - now) / 1000);
      return { ...last, reason: `${last.reason ?? ""} (tried again in ${seconds} s)`, counters: { at: now } };
    },
    succeeded() {
      refused = 0;
      unanswered = 0;
      resumeAt = 0;
      last = undefined;
    },
    failed(result, now) {
      last = result;
      refused = result.status === "needs_credentials" ? refused + 1 : 0;
      unanswered = result.status === "timed_out" || isBlocked(result) ? unanswered + 1 : 0;
      if (refused >= refusedTries || isBlocked(result)) resumeAt = now + refusedPauseMs;
      else if (unanswered >= cutTries) resumeAt = now + Math.min(longestPauseMs, 30_000 * 2 ** (unanswered - cutTries));
      else resumeAt = 0;
      return result;
    },
  };
}

function isBlocked({ reason }: ProbeResult): boolean {
  return reason?.includes("has blocked this host") === true;
}

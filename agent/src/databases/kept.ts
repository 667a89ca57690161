import { createHash } from "node:crypto";
import { createPatience, type Patience } from "./patience.ts";
import type { Target } from "./probe.ts";

/** What is kept for a target between its probes: its session while one is open, facts that are asked for seldom. */
export type Kept<Session, Facts> = { session: Session | undefined; facts: Partial<Facts>; patience: Patience };

/**
 * Keeps one session for each target, with what belongs to it. Other credentials or another address make a new one: the old
 * session is closed, and how often it was refused is forgotten.
 */
export function createKeeper<Session extends { close(): void }, Facts extends object>() {
  const all = new Map<string, Kept<Session, Facts> & { identity: string }>();

  function end(one: Kept<Session, Facts> | undefined): void {
    one?.session?.close();
    if (one !== undefined) one.session = undefined;
  }

  return {
    /** What is kept for this target; new and without a session where nothing is. */
    of(target: Target): Kept<Session, Facts> {
      const identity = identityOf(target);
      const found = all.get(target.key);
      if (found?.identity === identity) return found;
      end(found);
      const made = { identity, session: undefined, facts: {}, patience: createPatience() };
      all.set(target.key, made);
      return made;
    },
    /** Closes its session, if there is one, and keeps the rest. */
    end,
    forget(key: string): void {
      end(all.get(key));
      all.delete(key);
    },
  };
}

// A hash: the password is not to lie in memory once more.
function identityOf({ host, port, socket, user, password, database, tls }: Target): string {
  return createHash("sha256")
    .update(JSON.stringify([host, port, socket, user, password, database, tls]))
    .digest("hex");
}

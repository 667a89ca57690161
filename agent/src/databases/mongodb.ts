import { createHash } from "node:crypto";
import { openSession, type Session } from "./mongodb/connect.ts";
import { connectError, isAnswer, isDenied } from "./mongodb/errors.ts";
import { type Facts, readFacts, readLittle } from "./mongodb/facts.ts";
import { grantRole, grants } from "./mongodb/grants.ts";
import { createPatience, type Patience } from "./patience.ts";
import { type Counters, failure, type Probe, type ProbeResult, type Target } from "./probe.ts";

/** What is kept for a target between its probes. */
type Kept = { identity: string; session: Session | undefined; facts: Facts; patience: Patience };

const kept = new Map<string, Kept>();

/**
 * MongoDB 4.4 to 8. The client is kept, with two connections: a login is a slow key derivation by intent, and each
 * connection is two lines in the server's log. Without a user it still tells role and version.
 */
export const mongodb: Probe = {
  engines: ["mongodb"],
  anonymous: true,
  grants,
  probe: async (target, previous, signal) => {
    const mine = keptFor(target);
    const started = performance.now();
    const early = mine.patience.answer(started);
    if (early !== undefined) return early;
    try {
      const result = await read(target, mine, previous, signal);
      // Without credentials the connection is kept and nothing is refused: no reason to wait.
      mine.patience.succeeded();
      const seconds = (performance.now() - started) / 1000;
      const known = result.status === "up" ? { up: 1, probe_seconds: seconds } : {};
      return { ...result, values: { ...result.values, ...known } };
    } catch (error) {
      mine.session?.close();
      mine.session = undefined;
      return mine.patience.failed(failure(connectError(error, target), target), performance.now());
    }
  },
  forget: (key) => {
    kept.get(key)?.session?.close();
    kept.delete(key);
  },
};

async function read(
  target: Target,
  mine: Kept,
  previous: Counters | undefined,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const reused = mine.session !== undefined;
  try {
    mine.session ??= await openSession(target, signal);
    return await readAllowed(mine.session, target, mine, previous, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // It was restarted: once more, with a new client.
    if (!reused || isAnswer(error)) throw error;
    mine.session?.close();
    mine.session = undefined;
    return await read(target, mine, previous, signal);
  }
}

async function readAllowed(
  session: Session,
  target: Target,
  mine: Kept,
  previous: Counters | undefined,
  signal: AbortSignal,
): Promise<ProbeResult> {
  try {
    return await readFacts(session, target, mine.facts, previous, signal);
  } catch (error) {
    if (!isDenied(error)) throw error;
    const little = await readLittle(session, signal);
    const counters = { at: performance.now() };
    // It holds no data and so no users; the driver does not log in there.
    if (little.labels.role === "arbiter") return { status: "up", values: {}, counters, ...little };
    const missing = target.user === undefined ? {} : { grants: [grantRole(target)] };
    const result = failure(connectError(error, target), target);
    return { ...result, labels: little.labels, attributes: { ...little.attributes, ...missing }, counters };
  }
}

function keptFor(target: Target): Kept {
  const { key, host, port, socket, user, password, database, tls } = target;
  const identity = createHash("sha256")
    .update(JSON.stringify([host, port, socket, user, password, database, tls]))
    .digest("hex");
  const found = kept.get(key);
  if (found?.identity === identity) return found;
  found?.session?.close();
  const made: Kept = { identity, session: undefined, facts: {}, patience: createPatience() };
  kept.set(key, made);
  return made;
}

import { createKeeper } from "./kept.ts";
import { openSession, type Session } from "./mongodb/connect.ts";
import { connectError, isAnswer, isDenied } from "./mongodb/errors.ts";
import { type Facts, readFacts, readLittle } from "./mongodb/facts.ts";
import { grantRole, grants } from "./mongodb/grants.ts";
import { type Counters, failure, type Probe, type ProbeResult, type Target } from "./probe.ts";

const keeper = createKeeper<Session, Facts>();
type Mine = ReturnType<typeof keeper.of>;

/**
 * MongoDB 4.4 to 8. The client is kept, with two connections: a login is a slow key derivation by intent, and each
 * connection is two lines in the server's log. Without a user it still tells role and version.
 */
export const mongodb: Probe = {
  engines: ["mongodb"],
  anonymous: true,
  grants,
  probe: async (target, previous, signal) => {
    const mine = keeper.of(target);
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
      keeper.end(mine);
      return mine.patience.failed(failure(connectError(error, target), target), performance.now());
    }
  },
  forget: keeper.forget,
};

async function read(
  target: Target,
  mine: Mine,
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
    keeper.end(mine);
    return await read(target, mine, previous, signal);
  }
}

async function readAllowed(
  session: Session,
  target: Target,
  mine: Mine,
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

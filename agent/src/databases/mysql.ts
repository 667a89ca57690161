import { createKeeper } from "./kept.ts";
import { openSession, type Session } from "./mysql/connect.ts";
import { partError } from "./mysql/errors.ts";
import { type Facts, readFacts } from "./mysql/facts.ts";
import { grants } from "./mysql/grants.ts";
import { type Counters, failure, oneLine, type Probe, ProbeError, type ProbeResult, type Target } from "./probe.ts";

const keeper = createKeeper<Session, Facts>();
type Mine = ReturnType<typeof keeper.of>;

/**
 * MySQL 5.7 to 9 and MariaDB 10.3 to 12. One connection is kept: a login costs the server a thread, a key exchange and a
 * line in its log, and a kept one still tells something while max_connections keep others out.
 */
export const mysql: Probe = {
  engines: ["mysql", "mariadb"],
  anonymous: false,
  grants,
  probe: async (target, previous, signal) => {
    const mine = keeper.of(target);
    const started = performance.now();
    const early = mine.patience.answer(started);
    if (early !== undefined) return early;
    try {
      if (target.user === undefined) throw new ProbeError("needs_credentials", "it asks for a user and a password");
      const result = await read(target, mine, previous, signal);
      mine.patience.succeeded();
      return { ...result, values: { ...result.values, up: 1, probe_seconds: (performance.now() - started) / 1000 } };
    } catch (error) {
      keeper.end(mine);
      return mine.patience.failed(failed(error, target), performance.now());
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
  const reused = mine.session?.isOpen() === true;
  if (!reused) mine.session = await openSession(target, signal);
  try {
    return await readFacts(mine.session as Session, mine.facts, previous, signal);
  } catch (error) {
    // The server was restarted, or its administrator ended the connection: once more, with a new one.
    if (!reused || signal.aborted || partError(error) !== "lost") throw error;
    keeper.end(mine);
    mine.session = await openSession(target, signal);
    return await readFacts(mine.session, mine.facts, previous, signal);
  }
}

function failed(error: unknown, target: Target): ProbeResult {
  const result = failure(error, target);
  const { errno } = ((error as Error)?.cause ?? {}) as { errno?: unknown };
  // 1040: it is full, and says so.
  if (errno === 1040) result.values.connections_used_ratio = 1;
  return { ...result, ...(result.reason === undefined ? {} : { reason: oneLine(result.reason, target) }) };
}

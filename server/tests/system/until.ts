import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks until the answer is there (not undefined, not false) and returns it. An error counts as "not yet"; the last one
 * is the cause when the deadline (ms from now) passes.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { patienceMs = 30_000, everyMs = 100, explain = (): string => "" } = {},
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${what} ${explain()}`, { cause });
    await delay(everyMs);
  }
}

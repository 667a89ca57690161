import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "../../log.ts";
import { RuntimeFailure } from "../../runtimes/runtime.ts";
import { Halted, Refusal, type RunContext } from "../run-context.ts";

/** Told while an engine is silent, for so many ms by now: in steps of ten minutes, so that it shows that it is still tried. */
export function silence(ms = 0): string {
  const minutes = Math.floor(ms / 600_000) * 10;
  return `the engine does not answer, trying again${minutes === 0 ? "" : `, for over ${minutes} min`}`;
}

/**
 * Repeats while the engine does not answer (for ever: half-done is worse than late), so many times on other errors: 4
 * take a second, 7 twelve. Other commands have its turn while it waits for an engine.
 */
export async function insist<T>(context: RunContext, attempt: () => Promise<T>, attempts = 4): Promise<T> {
  let others = 0;
  const begun = performance.now();
  for (let wait = 200; ; wait = Math.min(10_000, wait * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (context.halted.aborted) throw new Halted("halted", { cause: error });
      if (error instanceof Refusal || (!isSilence(error) && ++others >= attempts)) throw error;
      context.log.warn("container engine, trying again", { error: errorText(error), waitMs: wait });
      if (isSilence(error)) {
        context.yieldTurn();
        context.progress(silence(performance.now() - begun), -1);
      }
      await delay(wait, undefined, { signal: context.halted }).catch(() => {});
    }
  }
}

/** The engine does not answer: nothing is known of what it did. */
export function isSilence(error: unknown): boolean {
  return error instanceof RuntimeFailure && ["unreachable", "absent", "forbidden"].includes(error.code);
}

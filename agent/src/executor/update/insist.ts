import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "../../log.ts";
import { RuntimeFailure } from "../../runtimes/runtime.ts";
import { Halted, Refusal, type RunContext } from "../run-context.ts";

/** Repeats while the engine does not answer (for ever: half-done is worse than late), a few times on other errors. */
export async function insist<T>(context: RunContext, attempt: () => Promise<T>): Promise<T> {
  let others = 0;
  for (let wait = 200; ; wait = Math.min(10_000, wait * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (context.halted.aborted) throw new Halted("halted", { cause: error });
      const silent = error instanceof RuntimeFailure && ["unreachable", "absent", "forbidden"].includes(error.code);
      if (error instanceof Refusal || (!silent && ++others >= 4)) throw error;
      context.log.warn("container engine, trying again", { error: errorText(error), waitMs: wait });
      await delay(wait, undefined, { signal: context.halted }).catch(() => {});
    }
  }
}

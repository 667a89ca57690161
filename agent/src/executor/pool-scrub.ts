import type { ScrubArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Starts, pauses or stops a scrub. */
export async function scrubPool(_: ScrubArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

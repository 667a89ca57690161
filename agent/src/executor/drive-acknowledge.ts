import type { AcknowledgeArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Accepts the counts that a drive shows now. */
export async function acknowledgeDrive(_: AcknowledgeArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

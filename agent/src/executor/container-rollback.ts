import type { RollbackArguments } from "./container-command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Puts a container back to the image of before an update. */
export async function rollBackContainer(_: RollbackArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

/** Puts a container back to the image of before an update. */
export async function resumeRollback(_: RollbackArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

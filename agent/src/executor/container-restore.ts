import type { RestoreArguments } from "./container-command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Makes a container again from a backup. */
export async function restoreContainer(_: RestoreArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

/** Makes a container again from a backup. */
export async function resumeRestore(_: RestoreArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

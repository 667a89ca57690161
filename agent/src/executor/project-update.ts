import type { ProjectUpdateArguments } from "./container-command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Updates services of a compose project, all or none. */
export async function updateProject(_: ProjectUpdateArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

/** Updates services of a compose project, all or none. */
export async function resumeProject(_: ProjectUpdateArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

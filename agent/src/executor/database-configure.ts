import type { ConfigureArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Keeps how to sign in to a database. */
export async function configureDatabase(_: ConfigureArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

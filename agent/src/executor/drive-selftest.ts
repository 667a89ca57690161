import type { SelfTestArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Starts a self-test and follows it to its end. */
export async function runSelfTest(_: SelfTestArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

/** Starts a self-test and follows it to its end. */
export async function resumeSelfTest(_: SelfTestArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Reads a backup whole and compares its checksums. */
export async function verifyBackup(_: { backup: string }, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

/** Removes a backup. */
export async function deleteBackup(_: { backup: string }, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

import type { BackupArguments } from "./container-command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Saves a container. */
export async function backUpContainer(_: BackupArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

/** Saves a container. */
export async function resumeBackup(_: BackupArguments, __: RunContext): Promise<Outcome> {
  throw new Refusal("this agent can not do that yet");
}

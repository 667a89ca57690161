import { errorText } from "../log.ts";
import { RuntimeFailure } from "../runtimes/runtime.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Sends a container a signal; its restart policy decides what becomes of it. */
export async function killContainer(
  { container, signal }: { container: string; signal: string },
  context: RunContext,
): Promise<Outcome> {
  context.phase("kill");
  const { runtime, id, name } = await context.runtimes.resolve(container, context.halted);
  await runtime.kill(id, signal || undefined, context.halted);
  const { state } = await runtime.describe(id, context.halted);
  return { status: "SUCCEEDED", output: { id, name, signal: signal || "SIGKILL", state } };
}

/** A signal that may have been sent is not sent again. */
export async function settleKill({ container }: { container: string }, context: RunContext): Promise<Outcome> {
  const found = await context.runtimes.resolve(container, context.halted);
  const { state } = await found.runtime.describe(found.id, context.halted);
  return { status: "FAILED", reason: `the agent was stopped meanwhile: the container is ${state}` };
}

/** Removes a container; never the one that the agent runs in. Its named volumes stay. */
export async function removeContainer(
  args: { container: string; force: boolean; volumes: boolean },
  context: RunContext,
): Promise<Outcome> {
  context.phase("remove");
  const { runtime, id, name } = await context.runtimes.resolve(args.container, context.halted);
  if (id === runtime.ownContainerId) throw new Refusal(`${name} is the container that this agent runs in`);
  await runtime.remove(id, { force: args.force, volumes: args.volumes }, context.halted);
  return { status: "SUCCEEDED", output: { id, name } };
}

/** Removed meanwhile is what was asked for; a container of that name that is another one stays. */
export async function settleRemove(
  args: { container: string; force: boolean; volumes: boolean },
  context: RunContext,
): Promise<Outcome> {
  try {
    await context.runtimes.resolve(args.container, context.halted);
  } catch (error) {
    if (error instanceof RuntimeFailure && error.code === "not_found") return { status: "SUCCEEDED" };
    return { status: "FAILED", reason: `the agent was stopped meanwhile: ${errorText(error)}` };
  }
  return { status: "FAILED", reason: "the agent was stopped meanwhile: there is a container of that name, look at it" };
}

import { parseImageReference } from "@fairlead/shared/image-reference";
import type { PruneScope } from "../runtimes/runtime.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/** Pulls an image, telling its progress; cancelling it ends it. */
export async function pullImage(args: { runtime: string; image: string }, context: RunContext): Promise<Outcome> {
  const parsed = parseImageReference(args.image);
  if (!parsed.ok) throw new Refusal(`image: ${parsed.error}`);
  const runtime = await context.runtimes.get(args.runtime);
  context.phase("pull", `pull ${args.image}`);
  const either = AbortSignal.any([context.cancelled, context.halted]);
  const { id, digests, platform } = await runtime.pullImage(
    parsed.reference,
    ({ message, percent }) => context.progress(message, percent),
    either,
  );
  return { status: "SUCCEEDED", output: { id, digests, platform } };
}

/** Removes an image, or a tag of it. One that a container uses stays and is told of. */
export async function removeImage(
  args: { runtime: string; image: string; force: boolean },
  context: RunContext,
): Promise<Outcome> {
  const runtime = await context.runtimes.get(args.runtime);
  context.phase("remove", `remove ${args.image}`);
  await runtime.removeImage(args.image, { force: args.force }, context.halted);
  return { status: "SUCCEEDED", output: { image: args.image } };
}

/** Removes what nothing uses. Doing it once more after an interruption does no harm. */
export async function pruneRuntime(
  args: { runtime: string; scope: PruneScope },
  context: RunContext,
): Promise<Outcome> {
  const runtime = await context.runtimes.get(args.runtime);
  context.phase("prune", `prune ${args.scope}`);
  const { removed, freedBytes } = await runtime.prune(args.scope, context.halted);
  return { status: "SUCCEEDED", output: { removed, freedBytes: Number.isNaN(freedBytes) ? null : freedBytes } };
}

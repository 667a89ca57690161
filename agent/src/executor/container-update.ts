import { errorText } from "../log.ts";
import { RuntimeFailure } from "../runtimes/runtime.ts";
import type { UpdateArguments, UpdateOptions } from "./container-command.ts";
import type { Outcome } from "./journal.ts";
import { Halted, type RunContext } from "./run-context.ts";
import { type Engine, engineNamed, engineOf } from "./update/engine.ts";
import { insist } from "./update/insist.ts";
import { outputOf, plannedOutput } from "./update/output.ts";
import { replacedOf, type UpdatePlan } from "./update/plan.ts";
import { type Prepared, prepare } from "./update/prepare.ts";
import { putBack } from "./update/put-back.ts";
import { Guarded } from "./update/refuse.ts";
import { runPlan } from "./update/run-plan.ts";
import { attendSwap } from "./update/swap.ts";
import { pullsOf, unpull } from "./update/tags.ts";
import type { Target } from "./update/target.ts";
import { withNames } from "./update/with-names.ts";

/**
 * Replaces a container by one of another image, beside it: the new one is created while the old one runs, has to prove
 * itself, and on any failure the old one is put back. What shares its namespaces or volumes goes along. Whatever happens
 * to this process, the journal lets `resumeUpdate` finish or undo it.
 */
export async function updateContainer(args: UpdateArguments, context: RunContext): Promise<Outcome> {
  return await update(context, args, async (signal) => {
    const { runtime, id } = await context.runtimes.resolve(args.container, signal);
    return { engine: engineOf(runtime), targets: [{ container: id, image: args.image, gates: args.gates }] };
  });
}

/** Updates what `find` names, with all that hangs on it, all or none. */
export async function update(
  context: RunContext,
  options: UpdateOptions,
  find: (signal: AbortSignal) => Promise<{ engine: Engine; targets: Target[] }>,
): Promise<Outcome> {
  const either = AbortSignal.any([context.cancelled, context.halted]);
  let prepared: Prepared;
  let found: Engine | undefined;
  try {
    const { engine, targets } = await find(either);
    found = engine;
    prepared = await prepare(engine, targets, options, context, either);
    context.cancelled.throwIfAborted();
  } catch (error) {
    if (context.halted.aborted) throw new Halted("halted", { cause: error });
    await forgetPulls(found, context);
    if (context.cancelled.aborted) return { status: "CANCELLED", reason: "cancelled; nothing was changed" };
    if (error instanceof Guarded) return { status: "FAILED", reason: error.message, output: { guards: error.guards } };
    return { status: "FAILED", reason: `${withNames(errorText(error))}; nothing was changed` };
  }
  const { plan, engine, differences, unchanged } = prepared;
  if (options.dryRun) {
    await forgetPulls(engine, context);
    return { status: "SUCCEEDED", output: plannedOutput(plan, differences, unchanged) };
  }
  if (plan.members.length === 0) {
    const output = outputOf({ ...plan, members: unchanged });
    return { status: "SUCCEEDED", output: { ...output, newId: unchanged[0]?.snapshot.id ?? null, changed: false } };
  }
  return await runPlan(plan, "create", engine, context);
}

async function forgetPulls(engine: Engine | undefined, context: RunContext): Promise<void> {
  const pulls = pullsOf(context.entry.plan);
  if (engine !== undefined && pulls !== undefined) await unpull(pulls, engine, context);
}

/** Finishes or undoes an update that was interrupted at any point. */
export async function resumeUpdate(context: RunContext): Promise<Outcome> {
  const pulls = pullsOf(context.entry.plan);
  if (pulls !== undefined) {
    await unpull(pulls, await insist(context, () => engineNamed(pulls.runtime, context)), context);
    return { status: "FAILED", reason: "the agent was stopped during the pull; nothing was changed" };
  }
  const plan = context.entry.plan as UpdatePlan | undefined;
  if (!plan) return { status: "FAILED", reason: "the agent was stopped before the update began; nothing was changed" };
  const engine = await insist(context, () => engineNamed(plan.runtime, context));
  if (plan.helper !== undefined && plan.helper.tries > 0 && context.swap === undefined) {
    return await attendSwap(plan, engine, context);
  }
  if (plan.step === "commit") return await runPlan(plan, "commit", engine, context);
  if (plan.step === "start" || plan.step === "gate" || plan.step === "restart") {
    if (await targetsRun(plan, engine, context)) {
      return await runPlan(plan, plan.step === "start" ? "start" : plan.step, engine, context);
    }
  }
  const reason = plan.failure?.reason ?? `the agent was stopped during the step "${plan.step}"`;
  return await putBack(plan, reason, plan.failure?.status ?? "ROLLED_BACK", engine, context);
}

/** True where the first of the new containers that should run does: the rest is started, and all have to pass. */
async function targetsRun(plan: UpdatePlan, { recreation }: Engine, context: RunContext): Promise<boolean> {
  const first = replacedOf(plan).find(({ snapshot }) => snapshot.running);
  if (first === undefined) return true;
  const id = first.newId ?? "";
  const fitness = await insist(context, () => recreation.fitness(id, context.halted).catch(unlessMissing));
  return fitness?.state === "running";
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}

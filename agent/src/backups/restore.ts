import { gate } from "../executor/gate.ts";
import type { Outcome } from "../executor/journal.ts";
import { Halted, Refusal, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { insist } from "../executor/update/insist.ts";
import { errorText } from "../log.ts";
import { type DumpEngine, recipes } from "./dump.ts";
import { fillNew, replaceData, saveEmptied } from "./restore-data.ts";
import { loadDump, placeDump } from "./restore-load.ts";
import { restoreOutput } from "./restore-output.ts";
import { type RestorePlan, type RestoreStep, stopSignal } from "./restore-plan.ts";
import { undoRestore } from "./restore-undo.ts";
import { release } from "./retention.ts";

type Take = (plan: RestorePlan, engine: Engine, context: RunContext) => Promise<void>;

const stableMs = 2_000;

const takes: Record<Exclude<RestoreStep, "commit" | "rollback">, Take> = {
  fill: fillNew,
  stop: stopPresent,
  safety: saveEmptied,
  empty: replaceData,
  create: createNew,
  swap: swapNames,
  start: startNew,
  load: loadDump,
};

const messages: Record<RestoreStep, string> = {
  fill: "fill new volumes",
  stop: "stop the present container",
  safety: "save what is to be overwritten",
  empty: "empty the volumes and fill them again",
  create: "create the container",
  swap: "take over the name",
  start: "start the container",
  load: "load the dump",
  commit: "remove the container that was replaced",
  rollback: "put everything back",
};

/** The steps of a restore, in order. Where volumes are overwritten nothing can be made beside the present container. */
export function stepsOf(plan: RestorePlan): RestoreStep[] {
  const stops: RestoreStep[] = plan.present?.running ? ["stop"] : [];
  const swaps: RestoreStep[] = ["swap"];
  const end: RestoreStep[] = [
    ...(plan.start ? (["start"] as const) : []),
    ...(plan.dump?.load ? (["load"] as const) : []),
    "commit",
  ];
  if (plan.emptied.length > 0) return ["fill", ...stops, "safety", "empty", "create", ...swaps, ...end];
  return ["fill", "create", ...swaps, ...stops, ...end];
}

/** Takes the steps of a plan; whatever fails, everything is put back. */
export async function runRestore(
  plan: RestorePlan,
  from: RestoreStep,
  engine: Engine,
  context: RunContext,
): Promise<Outcome> {
  try {
    return await takeSteps(plan, from, engine, context);
  } finally {
    if (plan.safety !== undefined) release(plan.safety);
  }
}

async function takeSteps(plan: RestorePlan, from: RestoreStep, engine: Engine, context: RunContext): Promise<Outcome> {
  const order = stepsOf(plan);
  try {
    for (const step of order.slice(order.indexOf(from))) {
      if (from !== "commit") stopSignal(context).throwIfAborted();
      plan.step = step;
      context.keep(plan);
      context.phase(step, messages[step]);
      if (step === "commit") break;
      if (step !== "rollback") await takes[step](plan, engine, context);
    }
  } catch (error) {
    if (context.halted.aborted) throw new Halted("halted", { cause: error });
    const reason = context.cancelled.aborted
      ? "cancelled"
      : context.leaving.aborted
        ? "the agent is being stopped"
        : errorText(error);
    return await undoRestore(
      plan,
      { status: context.cancelled.aborted ? "CANCELLED" : "ROLLED_BACK", reason },
      engine,
      context,
    );
  }
  return await commit(plan, engine, context);
}

async function stopPresent(plan: RestorePlan, { runtime, recreation }: Engine, context: RunContext): Promise<void> {
  const { present } = plan;
  if (present === undefined) return;
  plan.downAt ??= context.now();
  context.keep(plan);
  // Else the engine starts it again behind our back.
  await recreation.setRestartPolicy(present.id, { Name: "no" }, context.halted);
  await runtime.stop(present.id, undefined, context.halted);
}

async function createNew(plan: RestorePlan, { recreation }: Engine, context: RunContext): Promise<void> {
  plan.newId = await recreation.create(plan.temporary, plan.create, context.halted);
  context.keep(plan);
}

async function swapNames(plan: RestorePlan, { recreation }: Engine, context: RunContext): Promise<void> {
  const { present, newId = "" } = plan;
  const old = present && (await recreation.find(present.id, context.halted));
  if (old !== undefined && present !== undefined) {
    plan.downAt ??= context.now();
    context.keep(plan);
    await recreation.setRestartPolicy(old.id, { Name: "no" }, context.halted);
    await recreation.rename(old.id, plan.aside, context.halted);
  }
  await recreation.rename(newId, plan.name, context.halted);
}

async function startNew(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { runtime, recreation } = engine;
  const { newId = "", dump } = plan;
  if (dump?.load && recipes[dump.engine as DumpEngine].load === undefined) await placeDump(plan, engine, context);
  await runtime.start(newId, context.halted);
  plan.upAt = context.now();
  const verdict = await gate(
    () => recreation.fitness(newId, context.halted),
    { stableMs, healthTimeoutMs: 0 },
    ({ state, health }) => context.progress(`${state}${health ? `, ${health}` : ""}`, -1),
    stopSignal(context),
  );
  if (!verdict.passed) {
    const [last] = (await runtime.logs(newId, 1, context.halted).catch(() => [])).slice(-1);
    throw new Refusal(`${verdict.reason}${last ? `; its log ends with: ${last.slice(0, 200)}` : ""}`);
  }
}

/** The new one is there: the one that it replaces goes. From here on there is no way back. */
async function commit(plan: RestorePlan, { recreation }: Engine, context: RunContext): Promise<Outcome> {
  const { present } = plan;
  if (present !== undefined) {
    try {
      await insist(context, () => recreation.remove(present.id, { force: true }, context.halted));
    } catch (error) {
      if (error instanceof Halted) throw error;
      plan.notes.push(
        `the container that was replaced could not be removed, it is stopped as ${plan.aside}: ${errorText(error)}`,
      );
    }
  }
  return { status: "SUCCEEDED", output: restoreOutput(plan) };
}

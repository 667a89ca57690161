import { estimate, saveContainer } from "../../backups/save.ts";
import type { RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import { newIdOf, targetsOf, type UpdatePlan } from "./plan.ts";

/** Saves what the targets hold, as the plan asks, and notes the ids in it. */
export async function saveMembers(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  const { backup } = plan;
  if (backup === undefined) return;
  const { request } = backup;
  // A long one ends when the agent begins to stop, so that nothing stays paused.
  const signal = AbortSignal.any([context.cancelled, context.leaving, context.halted]);
  for (const member of targetsOf(plan)) {
    const { snapshot } = member;
    if (plan.backups[snapshot.name] !== undefined) continue;
    const isStopped = request.consistency === "stop" || !snapshot.running;
    // One that was started with --rm is gone by now; the new one has the same volumes.
    const there = isStopped ? await engine.recreation.find(snapshot.id, signal) : undefined;
    const manifest = await saveContainer(
      {
        engine,
        snapshot,
        request,
        reason: context.entry.type,
        ...(isStopped ? { stopped: { readFrom: there?.id ?? newIdOf(member) } } : {}),
        hold: (held) => {
          if (held === undefined) delete backup.paused;
          else backup.paused = held.id;
          context.keep(plan);
        },
        signal,
      },
      context,
    );
    plan.backups[snapshot.name] = manifest.id;
    context.keep(plan);
  }
}

/** Bytes that the backup of the plan's targets would take at most. */
export async function estimateMembers(plan: UpdatePlan, engine: Engine, context: RunContext, signal: AbortSignal) {
  const sizes = [];
  for (const { snapshot } of plan.backup === undefined ? [] : targetsOf(plan)) {
    const { request } = plan.backup ?? {};
    if (request !== undefined) sizes.push(await estimate({ engine, snapshot, request, signal }, context));
  }
  return { bytes: sizes.reduce((sum, one) => sum + one.bytes, 0), unknown: sizes.some(({ unknown }) => unknown) };
}

import { beginWithDump, dropBegun, estimate, saveContainer } from "../../backups/save.ts";
import type { Begun } from "../../backups/work.ts";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import { newIdOf, targetsOf, type UpdatePlan } from "./plan.ts";

/** Backups of this process that hold the dump alone so far, by container. */
const dumped = new WeakMap<UpdatePlan, Map<string, Begun>>();

/** Dumps the databases of targets that are saved after they have stopped: it takes them running. */
export async function dumpAhead(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  const request = plan.backup?.request;
  if (request?.dump !== true || request.consistency !== "stop") return;
  const signal = AbortSignal.any([context.cancelled, context.leaving, context.halted]);
  const begun = new Map<string, Begun>();
  dumped.set(plan, begun);
  for (const { snapshot } of targetsOf(plan)) {
    const paused = (snapshot.inspect as EngineContainer).State.Paused === true;
    if (!snapshot.running || paused || plan.backups[snapshot.name] !== undefined) continue;
    const options = { engine, snapshot, request, reason: context.entry.type, signal };
    begun.set(snapshot.name, await beginWithDump(options, context));
  }
}

/** Removes the dumps of an update that comes to nothing. */
export function dropDumps(plan: UpdatePlan, context: RunContext): void {
  for (const begun of dumped.get(plan)?.values() ?? []) dropBegun(begun, context);
  dumped.delete(plan);
}

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
    const begun = dumped.get(plan)?.get(snapshot.name);
    const manifest = await saveContainer(
      {
        ...(begun === undefined ? {} : { begun }),
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

import { errorText } from "../../log.ts";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { Outcome } from "../journal.ts";
import { Halted, type RunContext } from "../run-context.ts";
import { type ComposeEdited, writeComposeFiles } from "./compose-files-write.ts";
import type { Engine } from "./engine.ts";
import { insist, isSilence } from "./insist.ts";
import { keptUpdates } from "./kept.ts";
import { outputOf } from "./output.ts";
import { type Member, newIdOf, replacedOf, targetsOf, type UpdatePlan } from "./plan.ts";
import { putBack } from "./put-back.ts";
import { serviceOf } from "./replaced-since.ts";
import { removedNew } from "./steps.ts";
import { withNames } from "./with-names.ts";

/** Repository of the tags that keep old images for a roll-back. */
export const rollbackRepository = "fairlead/rollback";

/** The new ones have proved themselves: the old ones go, their images are kept. From here on there is no way back. */
export async function commit(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<Outcome> {
  const gone = await insist(context, () => lost(plan, engine, context));
  if (gone !== undefined) return await putBack(plan, gone, "ROLLED_BACK", engine, context);
  const warnings: string[] = [];
  for (const member of replacedOf(plan)) await nameAgain(member, engine, context, warnings);
  follow(plan, context);
  for (const member of targetsOf(plan)) await keepImage(member, plan, engine, context, warnings);
  for (const { snapshot, rollback } of replacedOf(plan).reverse()) {
    try {
      await insist(context, () => engine.recreation.remove(snapshot.id, { force: true }, context.halted));
    } catch (error) {
      if (error instanceof Halted) throw error;
      const remedy = `${engine.runtime.type} rm ${rollback}`;
      warnings.push(
        `the old container could not be removed, it is stopped as ${rollback} (${remedy}): ${errorText(error)}`,
      );
    }
  }
  const files = await writeComposeFiles(plan.compose?.edits ?? [], context);
  warnings.push(...(plan.notes ?? []), ...files.warnings, ...(plan.compose?.notes ?? []));
  const [first] = targetsOf(plan);
  const output = {
    ...outputOf(plan),
    newId: first === undefined ? null : newIdOf(first),
    changed: true,
    ...editedOf(files.edited),
  };
  return { status: "SUCCEEDED", output: warnings.length > 0 ? { ...output, warning: warnings.join("; ") } : output };
}

function editedOf(composeFiles: readonly ComposeEdited[]): { composeFiles?: readonly ComposeEdited[] } {
  return composeFiles.length > 0 ? { composeFiles } : {};
}

/** A new one that someone renamed meanwhile gets the name that it is known by. */
async function nameAgain(
  member: Member,
  { recreation }: Engine,
  context: RunContext,
  warnings: string[],
): Promise<void> {
  const { name } = member.snapshot;
  let found = name;
  try {
    await insist(context, async () => {
      found = (await recreation.find(newIdOf(member), context.halted))?.name ?? name;
      if (found === name) return;
      await recreation.rename(newIdOf(member), name, context.halted);
      warnings.push(`someone renamed the new container of ${name} to ${found} meanwhile: it is ${name} again`);
    });
  } catch (error) {
    if (error instanceof Halted) throw error;
    warnings.push(`the new container of ${name} is called ${found}: ${withNames(errorText(error))}`);
  }
}

/** What was kept of earlier updates of the old ones holds for the new ones. */
function follow(plan: UpdatePlan, context: RunContext): void {
  for (const member of replacedOf(plan)) {
    try {
      keptUpdates(context.host.stateDir ?? "").follow(plan.runtime, member.snapshot.id, newIdOf(member));
    } catch (error) {
      context.log.warn("records of earlier updates not brought up to date", { error: errorText(error) });
    }
  }
}

/** Why the old ones are needed after all: a new one is gone, or does not start again after its engine died. */
async function lost(
  plan: UpdatePlan,
  { runtime, recreation }: Engine,
  { halted }: RunContext,
): Promise<string | undefined> {
  for (const member of replacedOf(plan)) {
    const { name, running } = member.snapshot;
    const id = newIdOf(member);
    if ((await recreation.find(id, halted)) === undefined) return removedNew(name);
    if (!running) continue;
    const { state } = await recreation.fitness(id, halted);
    if (state !== "exited" && state !== "created") continue;
    try {
      await runtime.start(id, halted);
    } catch (error) {
      if (halted.aborted || isSilence(error)) throw error;
      return `the new container of ${name} is ${state}: ${errorText(error)}`;
    }
  }
  return undefined;
}

// An image without a tag is the first thing that a prune takes.
async function keepImage(
  { snapshot, image, imageId, fromDigest, toDigest, newId }: Member,
  plan: UpdatePlan,
  { runtime }: Engine,
  context: RunContext,
  warnings: string[],
): Promise<void> {
  const tag = snapshot.imageId.replace(/^sha256:/, "").slice(0, 12);
  let kept: string | null = `${rollbackRepository}:${tag}`;
  try {
    await insist(context, () => runtime.tagImage(snapshot.imageId, rollbackRepository, tag, context.halted));
  } catch (error) {
    if (error instanceof Halted) throw error;
    kept = null;
    warnings.push(`the old image is not kept for a roll-back: ${errorText(error)}`);
  }
  const service = serviceOf(snapshot.inspect as EngineContainer);
  try {
    keptUpdates(context.host.stateDir ?? "").save({
      update: context.entry.id,
      runtime: plan.runtime,
      container: snapshot.name,
      at: context.now(),
      fromImage: snapshot.image,
      fromImageId: snapshot.imageId,
      fromDigest,
      toImage: image,
      toImageId: imageId,
      toDigest,
      keepUntil: context.now() + plan.keepImageMs,
      tag: kept,
      ...(newId === undefined ? {} : { newId }),
      ...(service === undefined ? {} : { service }),
    });
  } catch (error) {
    warnings.push(`a later roll-back is not possible: ${errorText(error)}`);
  }
}

import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Outcome } from "../executor/journal.ts";
import { Halted, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { insist } from "../executor/update/insist.ts";
import { errorText } from "../log.ts";
import { hostPathsOf } from "./host-paths.ts";
import { readManifest } from "./manifest.ts";
import { emptyVolumes, fillAll } from "./restore-data.ts";
import { restoreOutput } from "./restore-output.ts";
import type { RestorePlan } from "./restore-plan.ts";
import { openFolder } from "./space.ts";

/** Puts everything back. Takes the world as it finds it, so that it may be begun again at any point. */
export async function undoRestore(
  plan: RestorePlan,
  failure: { status: "ROLLED_BACK" | "CANCELLED"; reason: string },
  engine: Engine,
  context: RunContext,
): Promise<Outcome> {
  plan.failure ??= failure;
  const { status, reason } = plan.failure;
  // A journal that can't be written (a full disk) must not keep the present container from coming back.
  try {
    context.keep({ ...plan, step: "rollback" });
    context.phase("rollback", reason);
  } catch (error) {
    context.log.error("command journal could not be written", { error: errorText(error) });
  }
  try {
    await insist(context, async () => {
      await removeNew(plan, engine, context);
      await dataBack(plan, engine, context);
      await presentBack(plan, engine, context);
      await removeMade(plan, engine, context);
    });
  } catch (error) {
    if (error instanceof Halted || context.halted.aborted) throw new Halted("halted", { cause: error });
    const lost = plan.safety === undefined ? "" : ` (what it held is in the backup ${plan.safety})`;
    return { status: "FAILED", reason: `${reason}; roll-back: ${errorText(error)}${lost}`, output: undone(plan) };
  }
  return { status, reason: plan.present ? reason : `${reason}; nothing was changed`, output: undone(plan) };
}

function undone(plan: RestorePlan): Record<string, unknown> {
  return { ...restoreOutput(plan), id: null, replaced: null, started: false, volumes: [] };
}

async function removeNew(plan: RestorePlan, { runtime, recreation }: Engine, { halted }: RunContext): Promise<void> {
  for (const name of [plan.newId, plan.temporary, plan.carrier]) {
    const found = name === undefined ? undefined : await recreation.find(name, halted);
    if (found === undefined || found.id === plan.present?.id) continue;
    // Anonymous volumes that the image asked for; those of the backup have names.
    await runtime.remove(found.id, { force: true, volumes: true }, halted);
  }
}

/** Where the present container is still there its volumes were not touched. */
async function dataBack(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { present, safety, emptied } = plan;
  if (present === undefined || safety === undefined || emptied.length === 0) return;
  if ((await engine.recreation.find(present.id, context.halted)) !== undefined) return;
  if ((await engine.recreation.find(present.name, context.halted)) !== undefined) return;
  const { files } = readManifest(openFolder(context), safety);
  const placed = files.flatMap((file) =>
    file.what === "volume" && emptied.some(({ name }) => name === file.source) ? [{ file, volume: file.source }] : [],
  );
  await emptyVolumes(plan, engine, context);
  await fillAll({ ...plan, imageId: present.imageId }, safety, placed, engine, context, context.halted);
}

async function presentBack(plan: RestorePlan, { runtime, recreation }: Engine, { halted }: RunContext): Promise<void> {
  const { present } = plan;
  if (present === undefined) return;
  const old = await recreation.find(present.id, halted);
  let id = old?.id ?? (await recreation.find(present.name, halted))?.id;
  if (old !== undefined && old.name !== present.name) await recreation.rename(old.id, present.name, halted);
  if (id === undefined) {
    const body = await recreation.plan(present, present.image, present.imageId, halted);
    id = await recreation.create(present.name, body, halted);
  }
  await recreation.setRestartPolicy(id, present.restartPolicy, halted);
  if (present.running) await runtime.start(id, halted);
}

async function removeMade(plan: RestorePlan, { runtime }: Engine, { halted, log }: RunContext): Promise<void> {
  for (const { name } of plan.made) await runtime.removeVolume(name, halted);
  if (plan.paths.length === 0) return;
  const { same } = await hostPathsOf(runtime, halted);
  for (const path of plan.paths) {
    try {
      if (same(dirname(path))) rmSync(path, { recursive: true, force: true });
      else plan.notes.push(`${path} of the host was left behind`);
    } catch (error) {
      plan.notes.push(`${path} of the host was left behind`);
      log.warn("a folder of a restore was left behind", { path, error: errorText(error) });
    }
  }
}

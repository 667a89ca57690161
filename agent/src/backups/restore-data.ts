import type { RunContext } from "../executor/run-context.ts";
import { Refusal } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { fill, type Target } from "./fill.ts";
import { createPacker } from "./packer.ts";
import { type Placed, type RestorePlan, stopSignal } from "./restore-plan.ts";
import { occupy } from "./retention.ts";
import { saveContainer } from "./save.ts";
import { openFolder } from "./space.ts";

/** Makes the new volumes and fills them, and folders of the host. */
export async function fillNew(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const signal = stopSignal(context);
  for (const { name, driver, options, labels } of plan.made) {
    await engine.runtime.createVolume({ name, driver, options, labels }, signal);
  }
  const emptied = new Set(plan.emptied.map(({ name }) => name));
  await fillAll(
    plan,
    plan.backup,
    plan.placed.filter(({ volume }) => !emptied.has(volume ?? "")),
    engine,
    context,
  );
  if (plan.emptied.length === 0) return;
  // What the engine refuses must be known before anything is taken away.
  const id = await engine.recreation.create(plan.temporary, plan.create, signal);
  await engine.runtime.remove(id, { force: true, volumes: true }, context.halted);
}

/** Fills those volumes and folders out of that backup. */
export async function fillAll(
  plan: RestorePlan,
  backup: string,
  placed: readonly Placed[],
  engine: Engine,
  context: RunContext,
  signal: AbortSignal = stopSignal(context),
): Promise<void> {
  const folder = openFolder(context);
  const total = placed.reduce((sum, { file }) => sum + file.bytes, 0);
  const packer = createPacker();
  let passed = 0;
  for (const { file, volume, path } of placed) {
    const target: Target = volume === undefined ? { path: path ?? "" } : { volume };
    const { warnings } = await fill(target, {
      ...{ engine, context, packer, signal, imageId: plan.imageId, carrier: plan.carrier },
      from: { folder, id: backup, file },
      onBytes: (bytes) => context.progress(`fill ${volume ?? path}`, total > 0 ? ((passed + bytes) / total) * 100 : -1),
    });
    plan.notes.push(...warnings.slice(0, 5).map((line) => `${volume ?? path}: ${line}`));
    passed += file.bytes;
  }
}

/** Saves the volumes that are to be emptied, as they are now. */
export async function saveEmptied(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { present } = plan;
  if (present === undefined) throw new Refusal("there is no container whose volumes could be saved");
  const request = { volumes: true, binds: [], dump: false, consistency: "default" as const, keepDays: 0 };
  const manifest = await saveContainer(
    {
      ...{ engine, snapshot: present, request },
      reason: "container.restore",
      stopped: { readFrom: present.id },
      hold: () => undefined,
      signal: stopSignal(context),
    },
    context,
  );
  // Nothing else can bring the data back from here on.
  occupy(manifest.id);
  plan.safety = manifest.id;
  context.keep(plan);
}

/** Empties volumes and fills them from the backup; their container, which is kept in the plan, goes. */
export async function replaceData(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { runtime, recreation } = engine;
  if (plan.present) await recreation.remove(plan.present.id, { force: true }, context.halted);
  await emptyVolumes(plan, engine, context);
  const emptied = new Set(plan.emptied.map(({ name }) => name));
  const placed = plan.placed.filter(({ volume }) => volume !== undefined && emptied.has(volume));
  await fillAll(plan, plan.backup, placed, { runtime, recreation }, context);
}

/** Removes the volumes that are overwritten and makes them anew. */
export async function emptyVolumes(plan: RestorePlan, { runtime }: Engine, { halted }: RunContext): Promise<void> {
  for (const { name, driver, options, labels } of plan.emptied) {
    if ((await runtime.findVolume(name, halted)) !== undefined) await runtime.removeVolume(name, halted);
    await runtime.createVolume({ name, driver, options, labels }, halted);
  }
}

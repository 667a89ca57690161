import { randomBytes } from "node:crypto";
import type { RestoreArguments } from "../executor/container-command.ts";
import { Refusal, type RunContext } from "../executor/run-context.ts";
import { nameOf } from "../executor/update/component.ts";
import type { Engine } from "../executor/update/engine.ts";
import { rollbackName, temporaryName } from "../runtimes/replacement-names.ts";
import type { SavedConfig } from "./config.ts";
import type { Manifest } from "./manifest.ts";
import { dumpOf } from "./restore-dump.ts";
import { imageOf } from "./restore-image.ts";
import { placeBinds, placeVolumes } from "./restore-places.ts";
import type { RestorePlan } from "./restore-plan.ts";
import { refuseMissingNetworks, refuseShared, refuseSharedBinds, refuseUnfit } from "./restore-refusals.ts";
import { publishedPorts, restoredBody } from "./restored-body.ts";
import { refuseCrowdedEngine } from "./space.ts";

/**
 * Looks at everything that a restore needs to know, gets the image and makes the plan; changes nothing else. Throws Refusal
 * where it must not be done.
 */
export async function prepareRestore(
  args: RestoreArguments,
  manifest: Manifest,
  config: SavedConfig,
  engine: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<RestorePlan> {
  const { runtime, recreation } = engine;
  const name = args.name || manifest.container;
  const all = await recreation.all(signal);
  const present = all.find((raw) => nameOf(raw) === name);
  const copy = args.name !== "" && args.name !== manifest.container;
  refuseUnfit(name, present, copy, config, engine, all);
  if (args.overwriteVolumes) refuseShared(manifest, config, all, present);
  await refuseMissingNetworks(config, engine, signal);
  const { imageId, reference } = await imageOf(config.snapshot, manifest, engine, context, signal);

  const start = args.start === "as it was" ? manifest.running : args.start === "yes";
  if (copy && start) refuseSharedBinds(manifest, config, all);
  const token = randomBytes(4).toString("hex");
  const notes: string[] = [];
  const volumes = await placeVolumes({ manifest, config, args, copy, present, token, notes }, engine, signal);
  const binds = await placeBinds(manifest, token, engine, notes, signal);
  const added = volumes.placed.filter(({ volume }) => !volumes.emptied.some(({ name }) => name === volume));
  const needed = added.reduce((sum, { file }) => sum + file.bytes, 0);
  await refuseCrowdedEngine(runtime, needed, context, signal);
  const body = await recreation.plan(config.snapshot, reference, imageId, signal);
  const others = all.filter((raw) => raw !== present && raw.State.Running);
  const restored = restoredBody(body, {
    volumes: volumes.names,
    binds: binds.names,
    copy,
    takenPorts: new Set(others.flatMap(({ HostConfig }) => publishedPorts(HostConfig))),
  });
  const temporary = temporaryName(name, token);
  if (temporary.length > 240) throw new Refusal(`the name ${name} is too long`);
  return {
    version: 1,
    step: "fill",
    runtime: runtime.name,
    backup: manifest.id,
    name,
    temporary,
    aside: rollbackName(name, token),
    carrier: `fairlead-fill-${token}`,
    imageId,
    start,
    ...(present === undefined ? {} : { present: await recreation.snapshot(present.Id, signal) }),
    create: restored.plan,
    placed: [...volumes.placed, ...binds.placed],
    made: volumes.made,
    paths: binds.made,
    emptied: volumes.emptied,
    notes: [...notes, ...restored.notes],
    ...dumpOf(manifest, config, volumes.fresh, present !== undefined),
  };
}

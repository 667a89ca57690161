import { parseImageReference } from "@fairlead/shared/image-reference";
import type { RollbackArguments, UpdateOptions } from "./container-command.ts";
import { resumeUpdate, update } from "./container-update.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";
import { engineOf } from "./update/engine.ts";
import { type Kept, keptUpdates } from "./update/kept.ts";
import { pullUnlessSilent } from "./update/pull.ts";
import { refuseGuarded } from "./update/refuse.ts";
import { replacedSince } from "./update/replaced-since.ts";
import { findTarget } from "./update/target.ts";

/**
 * Puts a container back to the image of before an update: its present settings stay, the image's tag means the old image
 * again, and it has to prove itself as in an update.
 */
export async function rollBackContainer(args: RollbackArguments, context: RunContext): Promise<Outcome> {
  const { container, update: wanted, stableSeconds, healthTimeoutSeconds, forceReason } = args;
  const options: UpdateOptions = {
    stableSeconds,
    healthTimeoutSeconds,
    dryRun: false,
    forceReason,
    keepImageSeconds: 0,
  };
  return await update(context, options, async (signal) => {
    const { runtime, id, name } = await context.runtimes.resolve(container, signal);
    const engine = engineOf(runtime);
    const own = (kept: Kept) => kept.runtime === runtime.name && kept.container === name;
    const records = keptUpdates(context.host.stateDir ?? "")
      .list()
      .filter(own);
    const record = wanted === "" ? records[0] : records.find((kept) => kept.update === wanted);
    if (record === undefined) {
      const which = wanted === "" ? "no update of it" : `no update ${wanted} of it`;
      throw new Refusal(
        `${name} can't be rolled back: the agent knows of ${which}, or its old image is no longer kept`,
      );
    }
    const all = await engine.recreation.all(signal);
    const { raw } = findTarget({ container: id, image: record.fromImage, gates: [] }, all);
    const guards = replacedSince(record, records[0] ?? record, raw);
    refuseGuarded(guards, options);
    const { fromImage, fromImageId, fromDigest } = record;
    const present = await engine.recreation.image(fromImageId, signal).catch(() => undefined);
    const parsed = parseImageReference(fromImage);
    if (present === undefined) {
      if (fromDigest === null || !parsed.ok) {
        throw new Refusal(`${name} can't be rolled back: the image ${fromImageId} is gone and came from no registry`);
      }
      context.phase("pull", `pull ${fromImage} by its digest`);
      const { tag: _, ...rest } = parsed.reference;
      await pullUnlessSilent(engine, { ...rest, digest: fromDigest }, context, signal);
    }
    return { engine, targets: [{ container: id, image: fromImage, gates: [], imageId: fromImageId, guards }] };
  });
}

export function resumeRollback(_: RollbackArguments, context: RunContext): Promise<Outcome> {
  return resumeUpdate(context);
}

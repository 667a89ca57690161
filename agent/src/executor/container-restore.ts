import { flawOf } from "../backups/check.ts";
import { readConfig } from "../backups/config.ts";
import { noteVerdict, readManifest } from "../backups/manifest.ts";
import { createPacker } from "../backups/packer.ts";
import { runRestore } from "../backups/restore.ts";
import type { RestorePlan } from "../backups/restore-plan.ts";
import { prepareRestore } from "../backups/restore-prepare.ts";
import { undoRestore } from "../backups/restore-undo.ts";
import { using } from "../backups/retention.ts";
import { openFolder } from "../backups/space.ts";
import { errorText } from "../log.ts";
import type { RestoreArguments } from "./container-command.ts";
import type { Outcome } from "./journal.ts";
import { Halted, Refusal, type RunContext } from "./run-context.ts";
import { engineNamed, engineOf } from "./update/engine.ts";
import { insist } from "./update/insist.ts";

/**
 * Makes a container again from a backup, in place of the present one or under another name. The backup is read whole
 * before anything is touched; on any failure everything is put back.
 */
export async function restoreContainer(args: RestoreArguments, context: RunContext): Promise<Outcome> {
  return await using(args.backup, async () => {
    const signal = AbortSignal.any([context.cancelled, context.leaving, context.halted]);
    try {
      const { plan, engine } = await prepare(args, context, signal);
      context.cancelled.throwIfAborted();
      const outcome = await runRestore(plan, "fill", engine, context);
      context.soon("backups");
      return outcome;
    } catch (error) {
      if (error instanceof Halted || context.halted.aborted) throw new Halted("halted", { cause: error });
      if (context.cancelled.aborted) return { status: "CANCELLED", reason: "cancelled; nothing was changed" };
      const reason = context.leaving.aborted ? "the agent was stopped meanwhile" : errorText(error);
      return { status: "FAILED", reason: `${reason}; nothing was changed` };
    }
  });
}

async function prepare(args: RestoreArguments, context: RunContext, signal: AbortSignal) {
  const folder = openFolder(context);
  const manifest = readManifest(folder, args.backup);
  const engine = engineOf(await context.runtimes.get(manifest.runtime));
  const total = manifest.files.reduce((sum, file) => sum + file.compressedBytes, 0);
  context.phase("verify", `read the backup ${args.backup}`);
  const tell = (done: number) => context.progress(`${args.backup}`, (done / total) * 100);
  const flaw = await flawOf(folder, manifest, createPacker(), tell, signal);
  noteVerdict(folder, args.backup, { at: context.now(), problem: flaw });
  if (flaw !== "") throw new Refusal(`the backup ${args.backup} is damaged: ${flaw}`);
  context.phase("inspect");
  const config = readConfig(folder, args.backup);
  return { engine, plan: await prepareRestore(args, manifest, config, engine, context, signal) };
}

/** Finishes or undoes a restore that was interrupted at any point. */
export async function resumeRestore(args: RestoreArguments, context: RunContext): Promise<Outcome> {
  const plan = context.entry.plan as RestorePlan | undefined;
  if (!plan) return { status: "FAILED", reason: "the agent was stopped before the restore began; nothing was changed" };
  return await using(args.backup, async () => {
    const engine = await insist(context, () => engineNamed(plan.runtime, context));
    if (plan.step === "commit") return await runRestore(plan, "commit", engine, context);
    const failure = plan.failure ?? {
      status: "ROLLED_BACK" as const,
      reason: `the agent was stopped during the step "${plan.step}"`,
    };
    const undo = () => undoRestore(plan, failure, engine, context);
    return await (plan.safety === undefined ? undo() : using(plan.safety, undo));
  });
}

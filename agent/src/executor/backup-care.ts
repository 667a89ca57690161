import { existsSync } from "node:fs";
import { join } from "node:path";
import { flawOf } from "../backups/check.ts";
import { noteVerdict, readManifest } from "../backups/manifest.ts";
import { createPacker } from "../backups/packer.ts";
import { inUse, removeBackup, using } from "../backups/retention.ts";
import { backupFolder } from "../backups/settings.ts";
import type { Outcome } from "./journal.ts";
import { Halted, Refusal, type RunContext } from "./run-context.ts";

/** Reads a backup whole and compares its checksums; what it found is kept and shows in the list. */
export async function verifyBackup({ backup }: { backup: string }, context: RunContext): Promise<Outcome> {
  const folder = folderOf(context);
  const manifest = readManifest(folder, backup);
  const total = manifest.files.reduce((sum, file) => sum + file.compressedBytes, 0);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const signal = AbortSignal.any([context.cancelled, context.leaving, context.halted]);
  context.phase("verify", `read ${manifest.files.length} files`);
  try {
    const problem = await using(backup, () =>
      flawOf(
        folder,
        manifest,
        createPacker(),
        (done, file) => context.progress(file.name, (done / total) * 100),
        signal,
      ),
    );
    noteVerdict(folder, backup, { at: context.now(), problem });
    context.soon("backups");
    const output = {
      backup,
      container: manifest.container,
      files: manifest.files.length,
      bytes,
      compressedBytes: total,
    };
    if (problem !== "") return { status: "FAILED", reason: `the backup ${backup} is damaged: ${problem}`, output };
    return { status: "SUCCEEDED", output };
  } catch (error) {
    if (context.cancelled.aborted) return { status: "CANCELLED", reason: "cancelled" };
    if (context.halted.aborted || context.leaving.aborted) throw new Halted("halted", { cause: error });
    throw error;
  }
}

/** Removes a backup, one that can't be used too. */
export async function deleteBackup({ backup }: { backup: string }, context: RunContext): Promise<Outcome> {
  const folder = folderOf(context);
  // The id was checked when the command came: it names nothing outside of the folder.
  if (!existsSync(join(folder, backup))) {
    if (context.entry.phases.length > 0) return { status: "SUCCEEDED", output: { backup } };
    throw new Refusal(`there is no backup ${backup}`);
  }
  if (inUse.has(backup)) throw new Refusal(`the backup ${backup} is being read: wait for its end`);
  context.phase("remove", `remove the backup ${backup}`);
  removeBackup(folder, backup);
  context.soon("backups");
  return { status: "SUCCEEDED", output: { backup } };
}

function folderOf({ host }: RunContext): string {
  const folder = backupFolder(host);
  if (folder === undefined) throw new Refusal("this agent has no folder for backups: set backups.folder");
  return folder;
}

import { letGo } from "../backups/hold.ts";
import type { Manifest } from "../backups/manifest.ts";
import { sweepUnfinished } from "../backups/retention.ts";
import { saveContainer } from "../backups/save.ts";
import { backupFolder } from "../backups/settings.ts";
import type { Held } from "../backups/work.ts";
import { errorText } from "../log.ts";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { BackupArguments, BackupRequest } from "./container-command.ts";
import { readLabels } from "./gates/labels.ts";
import type { Outcome } from "./journal.ts";
import { Halted, type RunContext } from "./run-context.ts";
import { engineNamed, engineOf } from "./update/engine.ts";
import { insist } from "./update/insist.ts";

/** What is kept in the journal while a container is held. */
type BackupPlan = { version: 1; runtime: string; held?: Held };

/** Saves a container: its configuration, and what the command or, where it names nothing, the container's labels ask for. */
export async function backUpContainer(args: BackupArguments, context: RunContext): Promise<Outcome> {
  const signal = AbortSignal.any([context.cancelled, context.leaving, context.halted]);
  try {
    context.phase("inspect");
    const { runtime, id } = await context.runtimes.resolve(args.container, signal);
    const engine = engineOf(runtime);
    const snapshot = await engine.recreation.snapshot(id, signal);
    const request = requestOf(args.options, snapshot.inspect as EngineContainer);
    const hold = (held: Held | undefined) => {
      const plan: BackupPlan = { version: 1, runtime: runtime.name, ...(held ? { held } : {}) };
      context.keep(plan);
    };
    const manifest = await saveContainer(
      { engine, snapshot, request, reason: "container.backup", hold, signal },
      context,
    );
    context.soon("backups");
    return { status: "SUCCEEDED", output: outputOf(manifest) };
  } catch (error) {
    if (context.cancelled.aborted) return { status: "CANCELLED", reason: "cancelled; no backup was made" };
    if (context.leaving.aborted && !context.halted.aborted) {
      return { status: "FAILED", reason: "the agent was stopped meanwhile; no backup was made" };
    }
    if (context.halted.aborted) throw new Halted("halted", { cause: error });
    return { status: "FAILED", reason: `${errorText(error)}; no backup was made` };
  }
}

/** A backup that was interrupted is not gone on with; a container that it held goes on. */
export async function resumeBackup(_: BackupArguments, context: RunContext): Promise<Outcome> {
  const plan = context.entry.plan as BackupPlan | undefined;
  const folder = backupFolder(context.host);
  if (folder !== undefined) sweepUnfinished(folder);
  const held = plan?.held;
  if (plan !== undefined && held !== undefined) {
    context.phase("release", held.by === "pause" ? "resume the container" : "start the container again");
    const engine = await insist(context, () => engineNamed(plan.runtime, context));
    await letGo(held, engine, context);
  }
  const went =
    held === undefined ? "" : held.by === "pause" ? "; the container was resumed" : "; the container runs again";
  return { status: "FAILED", reason: `the agent was stopped meanwhile; no backup was made${went}` };
}

/** What a backup tells of itself. */
export function outputOf(manifest: Manifest): Record<string, unknown> {
  const { id, container, runtime, image, digest, created, expires, consistency, files, warnings } = manifest;
  return {
    backup: id,
    container,
    runtime,
    image,
    digest,
    created,
    expires,
    consistency,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    compressedBytes: files.reduce((sum, file) => sum + file.compressedBytes, 0),
    files: files.map(({ name, what, source, bytes, compressedBytes }) => ({
      name,
      what,
      source,
      bytes,
      compressedBytes,
    })),
    warnings,
  };
}

function requestOf(options: BackupRequest, raw: EngineContainer): BackupRequest {
  const asked = options.volumes || options.dump || options.binds.length > 0;
  const labelled = asked ? undefined : readLabels(raw.Config.Labels ?? {}).backup;
  if (labelled === undefined) return options;
  const { consistency, keepDays } = options;
  return {
    ...labelled,
    ...(consistency === "default" ? {} : { consistency }),
    ...(keepDays === 0 ? {} : { keepDays }),
  };
}

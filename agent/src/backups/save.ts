import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Halted, Refusal, type RunContext } from "../executor/run-context.ts";
import { errorText } from "../log.ts";
import type { EngineContainer, EngineImage } from "../runtimes/docker/engine-types.ts";
import { syncFolder } from "../state-file.ts";
import { saveConfig } from "./config.ts";
import { consistencyOf } from "./consistency.ts";
import { type Manifest, newBackupId, readManifest, temporaryFolder, writeManifest } from "./manifest.ts";
import { type Part, partsOf } from "./parts.ts";
import { saveParts } from "./read-parts.ts";
import { beingMade, removeExpired, sweepUnfinished } from "./retention.ts";
import { saveDump } from "./save-dump.ts";
import { backupFolder } from "./settings.ts";
import { type Estimate, measure, openFolder, refuseWithoutRoom, watchRoom } from "./space.ts";
import type { Begun, SaveOptions, Work } from "./work.ts";

/** What a backup with that request would take, so that it can be refused before anything is done. */
export async function estimate(
  { engine, snapshot, request, signal }: Pick<SaveOptions, "engine" | "snapshot" | "request" | "signal">,
  context: RunContext,
): Promise<Estimate> {
  const parts = await partsOf(snapshot.inspect as EngineContainer, request, engine.runtime, signal);
  return await measure(parts, engine.runtime, context, signal);
}

/**
 * Saves a container: its configuration always, and what the request asks for. The backup appears in its folder whole or
 * not at all; whatever happens, the container goes on as it was. Throws Refusal before anything is done, and what failed.
 */
export async function saveContainer(options: SaveOptions, context: RunContext): Promise<Manifest> {
  const { engine, snapshot, request, signal, begun } = options;
  const folder = openFolder(context);
  sweepUnfinished(folder);
  removeExpired(folder, context.now(), context.log);
  const parts = await partsOf(snapshot.inspect as EngineContainer, request, engine.runtime, signal);
  const consistency = consistencyOf(options, parts);
  const sizes = await measure(parts, engine.runtime, context, signal);
  for (const { host } of parts) refuseItself(folder, host);
  await refuseWithoutRoom(folder, sizes.bytes, context);

  const id = begun?.id ?? newBackupId(context.now());
  try {
    return await working(id, folder, { ...options, sizes, ...begun }, context, async (work) => {
      await saveConfig(work, parts);
      // A dump is of a moment before its volumes are read: then the database may be held.
      if (request.dump && begun === undefined) await saveDump(work);
      await saveParts(work, parts, consistency);
      writeManifest(work.folder, manifestOf(id, consistency, work));
      renameSync(work.folder, join(folder, id));
      syncFolder(folder);
      return readManifest(folder, id);
    });
  } finally {
    dropBegun({ id }, context);
  }
}

/**
 * Begins the backup of a container that its caller is going to stop: the dump, for which it has to run. It is finished by
 * `saveContainer`, or dropped.
 */
export async function beginWithDump(options: Omit<SaveOptions, "hold" | "begun">, context: RunContext): Promise<Begun> {
  const folder = openFolder(context);
  const id = newBackupId(context.now());
  const sizes: Estimate = { bytes: 0, unknown: true, parts: [] };
  try {
    return await working(id, folder, { ...options, hold: () => undefined, sizes }, context, async (work) => {
      await saveDump(work);
      return { id, files: work.files, warnings: work.warnings };
    });
  } catch (error) {
    dropBegun({ id }, context);
    throw error;
  }
}

/** Removes what a backup that is not finished has written so far. */
export function dropBegun({ id }: Pick<Begun, "id">, context: Pick<RunContext, "host">): void {
  beingMade.delete(id);
  const folder = backupFolder(context.host);
  if (folder !== undefined) rmSync(temporaryFolder(folder, id), { recursive: true, force: true });
}

type Given = Omit<SaveOptions, "begun"> & Pick<Work, "sizes"> & Partial<Pick<Work, "files" | "warnings">>;

/** Runs a step of a backup in its temporary folder; ends it where the disk fills meanwhile. */
async function working<T>(
  id: string,
  folder: string,
  { files = [], warnings = [], ...given }: Given,
  context: RunContext,
  step: (work: Work) => Promise<T>,
): Promise<T> {
  const temporary = temporaryFolder(folder, id);
  beingMade.add(id);
  const full = new AbortController();
  const signal = AbortSignal.any([given.signal, full.signal]);
  const unwatch = watchRoom(folder, context, (reason) => full.abort(new Refusal(reason)));
  try {
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    return await step({ ...given, files, warnings, signal, context, folder: temporary, passed: 0 });
  } catch (error) {
    throw full.signal.aborted ? full.signal.reason : explained(error, folder);
  } finally {
    unwatch();
  }
}

/** A backup would hold itself, and grow for ever. */
function refuseItself(folder: string, host: Part["host"]): void {
  if (host === undefined) return;
  const path = join(host.folder, host.name);
  if (folder === path || folder.startsWith(`${path}/`)) {
    throw new Refusal(`the folder of backups (${folder}) lies in ${path}: set backups.folder to another place`);
  }
}

function manifestOf(id: string, consistency: Manifest["consistency"], work: Work): Manifest {
  const { engine, snapshot, request, context, reason, warnings, files } = work;
  const { runtime } = engine;
  const created = context.now();
  const days = request.keepDays || context.host.backups?.keepDays || 7;
  const digests = (snapshot.imageInspect as EngineImage).RepoDigests ?? [];
  return {
    version: 1,
    id,
    container: snapshot.name,
    runtime: runtime.name,
    containerId: snapshot.id,
    image: snapshot.image,
    imageId: snapshot.imageId,
    digest: digests[0] ?? null,
    created,
    expires: created + days * 86_400_000,
    command: context.entry.id,
    reason,
    running: snapshot.running,
    consistency,
    engine: { type: runtime.type, version: runtime.version.engine, api: runtime.version.api },
    files,
    warnings: warnings.slice(0, 50),
  };
}

function explained(error: unknown, folder: string): unknown {
  if (error instanceof Refusal || error instanceof Halted) return error;
  const text = errorText(error);
  return /ENOSPC|No space left/i.test(text) ? new Refusal(`${folder} is full: make room or set backups.folder`) : error;
}

import { mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { BackupRequest } from "../executor/container-command.ts";
import { Halted, Refusal, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { insist } from "../executor/update/insist.ts";
import { errorText } from "../log.ts";
import type { EngineContainer, EngineImage } from "../runtimes/docker/engine-types.ts";
import type { RuntimeNetwork, RuntimeVolume, Snapshot } from "../runtimes/runtime.ts";
import { syncFolder, writeFileAtomic } from "../state-file.ts";
import { checkFile } from "./check.ts";
import { dump, dumpEngineOf, recipes } from "./dump.ts";
import {
  type BackupFile,
  configName,
  type Manifest,
  newBackupId,
  readManifest,
  temporaryFolder,
  writeManifest,
} from "./manifest.ts";
import { pack } from "./pack.ts";
import { createPacker, type Packer } from "./packer.ts";
import { type Part, partsOf } from "./parts.ts";
import { beingMade, removeExpired, sweepUnfinished } from "./retention.ts";
import { type Estimate, measure, openFolder, refuseWithoutRoom, watchRoom } from "./space.ts";
import { TarWalk } from "./tar-walk.ts";

/** config.json of a backup: all that making the container again needs. It holds the container's secrets. */
export type SavedConfig = {
  version: 1;
  snapshot: Snapshot;
  volumes: RuntimeVolume[];
  networks: RuntimeNetwork[];
};

/** The container that was held, and how, while its data are read; journaled before it is. */
export type Held = { id: string; by: "pause" | "stop" };

export type SaveOptions = {
  engine: Engine;
  snapshot: Snapshot;
  request: BackupRequest;
  /** Type of the command that it is for. */
  reason: string;
  /** The container has been stopped already, and is to stay so; `readFrom`: one with the same mounts that is there. */
  stopped?: { readFrom: string };
  /** Called before the container is held, and with undefined when it goes on. Durable when it returns. */
  hold(held: Held | undefined): void;
  signal: AbortSignal;
};

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
  const { engine, snapshot, request, signal } = options;
  const folder = openFolder(context);
  sweepUnfinished(folder);
  removeExpired(folder, context.now(), context.log);
  const raw = snapshot.inspect as EngineContainer;
  const parts = await partsOf(raw, request, engine.runtime, signal);
  const consistency = consistencyOf(options, parts);
  const sizes = await measure(parts, engine.runtime, context, signal);
  for (const { host } of parts) refuseItself(folder, host);
  await refuseWithoutRoom(folder, sizes.bytes, context);

  const id = newBackupId(context.now());
  const temporary = temporaryFolder(folder, id);
  beingMade.add(id);
  const full = new AbortController();
  const either = AbortSignal.any([signal, full.signal]);
  const unwatch = watchRoom(folder, context, (reason) => full.abort(new Refusal(reason)));
  try {
    mkdirSync(temporary, { mode: 0o700 });
    const work: Work = {
      ...options,
      signal: either,
      context,
      folder: temporary,
      warnings: [],
      files: [],
      sizes,
      passed: 0,
    };
    await saveConfig(work, parts);
    if (request.dump) await saveDump(work);
    await saveParts(work, parts, consistency);
    const manifest = manifestOf(id, consistency, work);
    writeManifest(temporary, manifest);
    renameSync(temporary, join(folder, id));
    syncFolder(folder);
    return readManifest(folder, id);
  } catch (error) {
    throw full.signal.aborted ? full.signal.reason : explained(error, folder);
  } finally {
    unwatch();
    beingMade.delete(id);
    rmSync(temporary, { recursive: true, force: true });
  }
}

type Work = Omit<SaveOptions, "signal"> & {
  signal: AbortSignal;
  context: RunContext;
  folder: string;
  warnings: string[];
  files: BackupFile[];
  sizes: Estimate;
  /** Bytes of the parts that are done. */
  passed: number;
};

function consistencyOf({ snapshot, request, stopped, engine }: SaveOptions, parts: readonly Part[]) {
  const raw = snapshot.inspect as EngineContainer;
  if (stopped !== undefined || !snapshot.running) return "stopped" as const;
  if (request.dump && raw.State.Paused && dumpEngineOf(raw, snapshot.imageInspect as EngineImage)) {
    throw new Refusal(`${snapshot.name} is paused: its database can't be dumped so`);
  }
  if (raw.State.Paused) return "pause" as const;
  const asked = request.consistency === "default" ? "pause" : request.consistency;
  const wanted = parts.length === 0 ? "live" : asked;
  if (wanted !== "live" && snapshot.id === engine.runtime.ownContainerId) {
    throw new Refusal(`${snapshot.name} is the container that this agent runs in: its data can only be saved live`);
  }
  if (wanted === "stop" && raw.HostConfig.AutoRemove) {
    throw new Refusal(`${snapshot.name} was started with --rm and is gone when it stops: choose pause or live`);
  }
  const inMemory = parts.find(({ volume }) => volume?.options.type === "tmpfs");
  if (wanted === "stop" && inMemory !== undefined) {
    throw new Refusal(
      `the volume ${inMemory.source} lies in memory and is lost when ${snapshot.name} stops: choose pause`,
    );
  }
  return wanted;
}

/** A backup would hold itself, and grow for ever. */
function refuseItself(folder: string, host: Part["host"]): void {
  if (host === undefined) return;
  const path = join(host.folder, host.name);
  if (folder === path || folder.startsWith(`${path}/`)) {
    throw new Refusal(`the folder of backups (${folder}) lies in ${path}: set backups.folder to another place`);
  }
}

async function saveConfig(work: Work, parts: readonly Part[]): Promise<void> {
  const { engine, snapshot, folder, signal } = work;
  const raw = snapshot.inspect as EngineContainer;
  const joined = Object.keys(raw.NetworkSettings?.Networks ?? {});
  const networks = (await engine.runtime.networks(signal)).filter(({ name }) => joined.includes(name));
  const volumes: RuntimeVolume[] = [];
  for (const { Type, Name } of raw.Mounts ?? []) {
    if (Type !== "volume" || !Name || volumes.some(({ name }) => name === Name)) continue;
    const known = parts.find(({ source, volume }) => volume !== undefined && source === Name)?.volume;
    const volume = known ?? (await engine.runtime.findVolume(Name, signal));
    if (volume) volumes.push(volume);
  }
  const config: SavedConfig = { version: 1, snapshot, volumes, networks };
  const text = `${JSON.stringify(config, null, 1)}\n`;
  writeFileAtomic(join(folder, configName), text);
  const bytes = Buffer.byteLength(text);
  const { sha256 } = await checkFile(join(folder, configName), signal);
  const sizes = { bytes, compressedBytes: bytes, sha256, compression: "none" as const };
  work.files.push({ name: configName, what: "config", source: "", destination: "", ...sizes });
}

async function saveDump(work: Work): Promise<void> {
  const { engine, snapshot, request, folder, context, signal, stopped } = work;
  const raw = snapshot.inspect as EngineContainer;
  const kind = dumpEngineOf(raw, snapshot.imageInspect as EngineImage);
  if (kind === undefined) {
    work.warnings.push("no dump: the container holds no database that is known");
    return;
  }
  if (!snapshot.running || stopped !== undefined) {
    if (!request.volumes && request.binds.length === 0) {
      throw new Refusal(
        `the ${kind} database of ${snapshot.name} has to run to be dumped: choose pause, or save its volumes`,
      );
    }
    work.warnings.push(`no dump: the ${kind} database did not run`);
    return;
  }
  context.phase("dump", `dump ${kind}`);
  const name = `dump.${recipes[kind].suffix}.zst`;
  const report = (bytes: number) => context.progress(`dump ${kind}, ${megabytes(bytes)}`, -1);
  const into = join(folder, name);
  const { warnings, ...packed } = await dump(kind, { runtime: engine.runtime, container: raw, into }, report, signal);
  work.warnings.push(...warnings);
  work.files.push({ name, what: "dump", source: kind, destination: "", ...packed, compression: "zstd" });
}

async function saveParts(work: Work, parts: readonly Part[], consistency: Manifest["consistency"]): Promise<void> {
  if (parts.length === 0) return;
  const { engine, snapshot, context } = work;
  const alreadyPaused = (snapshot.inspect as EngineContainer).State.Paused === true;
  const holds = (consistency === "pause" && !alreadyPaused) || consistency === "stop";
  const packer = createPacker();
  if (!holds) return await readParts(work, parts, packer);
  const held: Held = { id: snapshot.id, by: consistency === "stop" ? "stop" : "pause" };
  work.hold(held);
  try {
    context.phase(held.by, `${held.by === "stop" ? "stop" : "pause"} ${snapshot.name} while its data are read`);
    if (held.by === "stop") await engine.runtime.stop(snapshot.id, undefined, context.halted);
    else await pause(work);
    await readParts(work, parts, packer);
  } finally {
    await letGo(held, engine, context);
    work.hold(undefined);
  }
}

async function pause({ engine, snapshot, context }: Work): Promise<void> {
  try {
    await engine.runtime.pause(snapshot.id, context.halted);
  } catch (error) {
    throw new Refusal(`${snapshot.name} can't be paused (${errorText(error)}): choose stop or live`, { cause: error });
  }
}

/** Lets a container that was held go on, however long the engine takes to answer. */
export async function letGo({ id, by }: Held, { runtime, recreation }: Engine, context: RunContext): Promise<void> {
  await insist(context, async () => {
    if ((await recreation.find(id, context.halted)) === undefined) return;
    const { state } = await runtime.describe(id, context.halted);
    if (by === "pause" && state === "paused") await runtime.unpause(id, context.halted);
    if (by === "stop" && state !== "running") await runtime.start(id, context.halted);
  });
}

async function readParts(work: Work, parts: readonly Part[], packer: Packer): Promise<void> {
  const counts: Record<Part["what"], number> = { volume: 0, bind: 0 };
  for (const part of parts) {
    const name = `${part.what}-${++counts[part.what]}.tar.zst`;
    work.context.phase("read", `read ${part.what} ${part.source}`);
    await readPart(work, part, name, packer);
  }
}

async function readPart(work: Work, part: Part, name: string, packer: Packer): Promise<void> {
  const { folder, context, signal, sizes } = work;
  const into = join(folder, name);
  const known = sizes.parts.find(({ source }) => source === part.source)?.bytes ?? undefined;
  const report = (bytes: number) => {
    const total = sizes.unknown ? known : sizes.bytes;
    const done = sizes.unknown ? bytes : work.passed + bytes;
    // An archive is a little larger than what lies on the disk.
    const percent = total ? Math.min(99, (done / total) * 100) : -1;
    context.progress(`${part.source}: ${megabytes(bytes)} read`, percent);
  };
  const { source, destination, what } = part;
  const seen = part.host !== undefined && (await packer.able(part.host.folder)).tar ? part.host : undefined;
  if (seen !== undefined) {
    const done = await packer.work({ do: "pack", ...seen, into }, report, signal);
    const { warnings, ...packed } = done;
    work.warnings.push(...warnings.map((line) => `${source}: ${line}`.slice(0, 300)));
    work.files.push({ name, what, source, destination, ...packed, compression: "zstd", root: seen.name, via: "host" });
  } else work.files.push({ name, ...(await readThroughEngine(work, part, into, report)) });
  work.passed += known ?? 0;
}

async function readThroughEngine(work: Work, part: Part, into: string, report: (bytes: number) => void) {
  const { engine, snapshot, signal, stopped } = work;
  const { source, destination, what } = part;
  const walk = new TarWalk();
  let bytes = 0;
  const from = stopped?.readFrom ?? snapshot.id;
  const tar = await engine.runtime.archiveOut(from, destination, signal);
  const packed = await pack(
    tar,
    into,
    (piece) => {
      walk.take(piece);
      bytes += piece.length;
      report(bytes);
    },
    signal,
  );
  walk.end();
  if (walk.devices > 0) work.warnings.push(`${source}: ${walk.devices} device nodes`);
  const root = walk.root ?? basename(destination);
  const { entries } = walk;
  return {
    what,
    source,
    destination,
    ...packed,
    compression: "zstd" as const,
    root,
    entries,
    folder: walk.isFolder,
    via: "engine" as const,
  };
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

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

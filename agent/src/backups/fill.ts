import { basename, dirname } from "node:path";
import type { RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { hostPathsOf } from "./host-paths.ts";
import { type BackupFile, fileOf } from "./manifest.ts";
import { unpack } from "./pack.ts";
import type { Packer } from "./packer.ts";
import { TarWalk } from "./tar-walk.ts";

/** What is filled: a volume by name, or a path on the host. */
export type Target = { volume: string } | { path: string };

export type Filling = {
  engine: Engine;
  context: RunContext;
  packer: Packer;
  /** Of the backup: its folder of backups, its id, and the archive. */
  from: { folder: string; id: string; file: BackupFile };
  /** An image that is here, for a container that is never started. */
  imageId: string;
  /** Name of that container. */
  carrier: string;
  onBytes(bytes: number): void;
  signal: AbortSignal;
};

/** Where the engine unpacks, in a container that is never started. */
const place = "/fairlead-restore";

/**
 * Unpacks an archive into a volume or folder that is new and empty, owners and modes as in it. By tar, which also knows
 * ACLs and holes, where this process may write there; else by the engine.
 */
export async function fill(target: Target, filling: Filling): Promise<{ warnings: string[] }> {
  const { engine, packer, from, onBytes, signal } = filling;
  const { file } = from;
  const path = "path" in target ? target.path : await hostPathOf(target.volume, engine, signal);
  // A path that is to be made has its folder alone.
  const there = path === undefined || "volume" in target ? path : dirname(path);
  const same = there !== undefined && (await hostPathsOf(engine.runtime, signal)).same(there);
  const root = file.root ?? "";
  if (path !== undefined && same && (await packer.able(there)).fill) {
    const request = { do: "fill" as const, file: fileOf(from.folder, from.id, file), root };
    return await packer.work({ ...request, folder: dirname(path), name: basename(path) }, onBytes, signal);
  }
  await throughEngine(target, filling);
  return { warnings: [] };
}

/** The folder of a volume that is nothing but a folder. */
async function hostPathOf(name: string, { runtime }: Engine, signal: AbortSignal): Promise<string | undefined> {
  const volume = await runtime.findVolume(name, signal);
  const plain = volume?.driver === "local" && Object.keys(volume.options).length === 0;
  return plain && volume.mountpoint !== "" ? volume.mountpoint : undefined;
}

async function throughEngine(target: Target, filling: Filling): Promise<void> {
  const { engine, from, imageId, carrier, onBytes, signal, context } = filling;
  const { runtime, recreation } = engine;
  const root = from.file.root ?? "";
  // A file can't be mounted before it is there, so its folder is.
  const single = "path" in target && from.file.folder === false;
  const inside = single ? place : `${place}/${root}`;
  const source = "volume" in target ? target.volume : single ? dirname(target.path) : target.path;
  if (inside.includes(":")) throw new Error(`${root} can't be unpacked by the engine: its name has a colon`);
  const create = {
    Image: imageId,
    Entrypoint: [`${place}/never-started`],
    Cmd: [],
    HostConfig: { NetworkMode: "none", Binds: [`${source}:${inside}`] },
    NetworkingConfig: {},
  };
  const id = await recreation.create(carrier, { create, networks: [] }, signal);
  try {
    const walk = new TarWalk();
    let bytes = 0;
    const watched = async function* () {
      for await (const piece of unpack(fileOf(from.folder, from.id, from.file))) {
        walk.take(piece);
        bytes += piece.length;
        onBytes(bytes);
        yield piece as Uint8Array;
      }
    };
    await runtime.archiveIn(id, place, watched(), signal);
    walk.end();
    if (!single && walk.entries > 1 && !(await holdsMore(filling, id, inside))) {
      throw new Error(`the engine did not unpack into ${source}: let the agent write there`);
    }
  } finally {
    // Its anonymous volumes are those that the image asks for.
    await runtime.remove(id, { force: true, volumes: true }, context.halted).catch(() => undefined);
  }
}

/** Whether there is more at a path than an empty folder: engines differ in what they unpack where. */
async function holdsMore({ engine, signal }: Filling, id: string, path: string): Promise<boolean> {
  const enough = new AbortController();
  const walk = new TarWalk();
  for await (const piece of await engine.runtime.archiveOut(id, path, AbortSignal.any([signal, enough.signal]))) {
    walk.take(piece);
    if (walk.entries > 1) break;
  }
  enough.abort();
  return walk.entries > 1;
}

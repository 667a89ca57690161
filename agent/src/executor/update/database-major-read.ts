import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, posix } from "node:path";
import { dumpEngineOf } from "../../backups/dump.ts";
import { hostPathsOf } from "../../backups/host-paths.ts";
import { errorText } from "../../log.ts";
import type { EngineContainer, EngineImage, EngineMount } from "../../runtimes/docker/engine-types.ts";
import { type ContainerRuntime, RuntimeFailure, type Snapshot } from "../../runtimes/runtime.ts";
import { candidatesOf, type DataFamily, type DataFound, familyOf, headBytes } from "./database-major-data.ts";
import type { Database } from "./database-major-image.ts";
import { firstFile } from "./first-file.ts";

/** A mount that is read; `folder`: where this process sees it, absent where the engine has to be asked. */
type Place = { destination: string; what: string; folder?: string };

const allMs = 20_000;
const mostMounts = 16;
const all: readonly DataFamily[] = ["postgresql", "mysql", "redis"];

/**
 * What the data of a container tell of their version, at most one thing a kind of database; the container need not run.
 * `problem`: why something could not be read within 20 s, in one line. Rejects when the signal aborts.
 */
export async function dataOf(
  snapshot: Snapshot,
  next: EngineImage,
  { from, to }: { from: Database | undefined; to: Database | undefined },
  runtime: ContainerRuntime,
  signal: AbortSignal,
): Promise<{ data: DataFound[]; problem: string | undefined }> {
  const raw = snapshot.inspect as EngineContainer;
  const dumped = dumpEngineOf(raw, snapshot.imageInspect as EngineImage);
  const by = [familyOf(from?.engine), familyOf(to?.engine), all.find((family) => family === dumped)];
  const likely = all.filter((family) => by.includes(family));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(allMs)]);
  const data: DataFound[] = [];
  let problem: string | undefined;
  const onProblem = (error: unknown) => {
    signal.throwIfAborted();
    problem ??= limit.aborted ? `no answer within ${allMs / 1000} s` : errorText(error);
  };
  try {
    const places = await placesOf(raw.Mounts ?? [], likely.length > 0, runtime, limit);
    const folders = pgdata(snapshot, next);
    for (const family of likely.length > 0 ? likely : all) {
      const one = await find(family, folders, places, { id: snapshot.id, runtime, limit, onProblem });
      if (one !== undefined) data.push(one);
    }
  } catch (error) {
    onProblem(error);
  }
  return { data, problem };
}

// Host folders are looked into only where a database is expected: one may be a share that does not answer.
async function placesOf(
  mounts: readonly EngineMount[],
  binds: boolean,
  runtime: ContainerRuntime,
  signal: AbortSignal,
): Promise<Place[]> {
  const paths = await hostPathsOf(runtime, signal);
  const places: Place[] = [];
  for (const { Type, Name, Source, Destination, RW } of mounts.slice(0, mostMounts)) {
    const destination = posix.resolve("/", Destination);
    if (RW === false) continue;
    if (Type === "bind" && binds) places.push({ destination, what: Source ?? "" });
    if (Type !== "volume" || !Name) continue;
    const volume = await runtime.findVolume(Name, signal);
    const plain = volume?.driver === "local" && Object.keys(volume.options).length === 0;
    const seen = plain ? paths.place(volume.mountpoint) : undefined;
    const what = `the volume ${Name.slice(0, 64)}`;
    places.push({ destination, what, ...(seen ? { folder: join(seen.folder, seen.name) } : {}) });
  }
  // The innermost first.
  return places.sort((a, b) => b.destination.length - a.destination.length);
}

/** PGDATA as the new container will have it, and as the present one has it. */
function pgdata({ inspect, imageInspect }: Snapshot, next: EngineImage): string[] {
  const of = (env: string[] | null | undefined) =>
    env?.findLast((entry) => entry.startsWith("PGDATA="))?.slice("PGDATA=".length);
  const present = of((inspect as EngineContainer).Config.Env);
  const own = present !== of((imageInspect as EngineImage).Config?.Env) ? present : undefined;
  return [own ?? of(next.Config?.Env), present].filter((folder) => folder !== undefined);
}

type Asked = { id: string; runtime: ContainerRuntime; limit: AbortSignal; onProblem(error: unknown): void };

async function find(
  family: DataFamily,
  folders: readonly string[],
  places: readonly Place[],
  asked: Asked,
): Promise<DataFound | undefined> {
  const mounts = places.map(({ destination }) => destination);
  for (const { path, file } of candidatesOf(family, mounts.toReversed(), folders)) {
    const place = places.find(({ destination }) => path.startsWith(destination === "/" ? "/" : `${destination}/`));
    if (place === undefined) continue;
    const head = await headOf(place, path, asked).catch(asked.onProblem);
    asked.limit.throwIfAborted();
    const told = head ? file.read(head) : undefined;
    if (told !== undefined) return { ...told, by: `${file.name} in ${place.what}` };
  }
  return undefined;
}

/** The first bytes of a file; undefined where there is no such plain file. */
async function headOf(place: Place, path: string, { id, runtime, limit }: Asked): Promise<Buffer | undefined> {
  if (place.folder !== undefined) {
    const seen = await onHost(place.folder, posix.relative(place.destination, path));
    if (seen !== "ask the engine") return seen;
  }
  // The container is not to be kept busy by an answer that nobody reads on.
  const done = new AbortController();
  try {
    return await firstFile(await runtime.archiveOut(id, path, AbortSignal.any([limit, done.signal])), headBytes);
  } catch (error) {
    // Below a mount that is a file there are no others.
    const absent =
      error instanceof RuntimeFailure && (error.code === "not_found" || / not a directory$/.test(error.message));
    if (absent) return undefined;
    throw error;
  } finally {
    done.abort();
  }
}

// What lies in a volume its container wrote: links out of it, pipes and devices are not opened here.
async function onHost(folder: string, path: string): Promise<Buffer | "ask the engine" | undefined> {
  let file: FileHandle | undefined;
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!real.startsWith(`${root}/`)) return "ask the engine";
    file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if (!(await file.stat()).isFile()) return undefined;
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    return head.subarray(0, bytesRead);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : "ask the engine";
  } finally {
    await file?.close();
  }
}

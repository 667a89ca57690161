import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { bytes } from "../cli/text.ts";
import { Refusal, type RunContext } from "../executor/run-context.ts";
import { errorText } from "../log.ts";
import type { ContainerRuntime } from "../runtimes/runtime.ts";
import { makePrivateFolder } from "../state-file.ts";
import { hostPathsOf } from "./host-paths.ts";
import { listBackups } from "./manifest.ts";
import type { Part } from "./parts.ts";
import { backupFolder } from "./settings.ts";

/** Bytes that saving would take at most; `unknown`: there are parts whose size nobody can tell beforehand. */
export type Estimate = {
  bytes: number;
  unknown: boolean;
  parts: { what: string; source: string; bytes: number | null }[];
};

const measureMs = 120_000;
const statfsMs = 5_000;
const usualSpare = 512 << 20;

/** The folder of backups, made where it is missing. Throws Refusal where there is none. */
export function openFolder({ host }: Pick<RunContext, "host">): string {
  const folder = backupFolder(host);
  if (folder === undefined) throw new Refusal("this agent has no folder for backups: set backups.folder");
  try {
    mkdirSync(dirname(folder), { recursive: true });
    makePrivateFolder(folder);
  } catch (error) {
    throw new Refusal(`backups.folder: ${folder} can't be made: ${errorText(error)}`);
  }
  // What lies there is restored with its owners and modes: who may change it could become root.
  if ((statSync(folder).mode & 0o022) !== 0) {
    throw new Refusal(`backups.folder: others may write to ${folder}: chmod 700 ${folder}`);
  }
  return folder;
}

/** What those parts take on disk. Compression makes it less, how much is not known. */
export async function measure(
  parts: readonly Part[],
  runtime: ContainerRuntime,
  { host }: Pick<RunContext, "host">,
  signal: AbortSignal,
): Promise<Estimate> {
  const blind = parts.some((part) => part.host === undefined && part.what === "volume");
  const usage = blind ? await runtime.diskUsage(signal).catch(() => undefined) : undefined;
  const measured: Estimate["parts"] = [];
  for (const { what, source, host: place } of parts) {
    const told = what === "volume" ? usage?.volumes.get(source) : undefined;
    const size = place ? await onDisk(`${place.folder}/${place.name}`, host, signal) : told;
    measured.push({ what, source, bytes: size !== undefined && size >= 0 ? size : null });
  }
  return {
    bytes: measured.reduce((sum, one) => sum + (one.bytes ?? 0), 0),
    unknown: measured.some((one) => one.bytes === null),
    parts: measured,
  };
}

async function onDisk(path: string, host: RunContext["host"], signal: AbortSignal): Promise<number | undefined> {
  try {
    // Files that vanish meanwhile make it end with 1.
    const { stdout } = await host.run("du", ["-sk", "--", path], { deadlineMs: measureMs, signal });
    const kilobytes = Number(/^(\d+)\s/.exec(stdout)?.[1]);
    return Number.isNaN(kilobytes) ? undefined : kilobytes * 1024;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Bytes that are to stay free, and that are free now; undefined where the file system does not tell. */
async function room(folder: string, { host }: Pick<RunContext, "host">) {
  try {
    const { available, blocks, blockSize } = await host.statfs(folder, statfsMs);
    return { free: available * blockSize, spare: Math.min(usualSpare, (blocks * blockSize) / 20) };
  } catch {
    return undefined;
  }
}

/** Refuses what does not fit: on the disk, and under `maxBytes` of the configuration. Throws Refusal. */
export async function refuseWithoutRoom(folder: string, needed: number, context: RunContext): Promise<void> {
  const there = await room(folder, context);
  if (there !== undefined && there.free < needed + there.spare) {
    throw new Refusal(
      `${folder} has ${bytes(there.free)} free, the backup needs up to ${bytes(needed)} and ${bytes(there.spare)} to spare: make room or set backups.folder`,
    );
  }
  const most = context.host.backups?.maxBytes;
  if (most === undefined) return;
  const used = listBackups(folder, context.now()).reduce((sum, one) => sum + one.bytes, 0);
  if (used + needed <= most) return;
  throw new Refusal(
    `the backups take ${bytes(used)} of backups.maxBytes (${bytes(most)}), this one needs up to ${bytes(needed)}: delete some or raise it`,
  );
}

/** Refuses to unpack more than there is room for where the engine keeps its volumes, as far as that can be seen from here. */
export async function refuseCrowdedEngine(
  runtime: ContainerRuntime,
  needed: number,
  context: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { rootDir } = await runtime.info(signal);
  // Elsewhere a path of that name may be another disk.
  const seen = rootDir !== "" && (await hostPathsOf(runtime, signal)).same(rootDir);
  const there = seen ? await room(rootDir, context) : undefined;
  if (there === undefined || there.free >= needed + there.spare) return;
  throw new Refusal(
    `${rootDir} has ${bytes(there.free)} free, the data need ${bytes(needed)} and ${bytes(there.spare)} to spare: make room first`,
  );
}

/** Looks after the room while something is written: calls back once when it runs out. Answers how to stop that. */
export function watchRoom(folder: string, context: RunContext, onFull: (reason: string) => void): () => void {
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    const there = await room(folder, context);
    busy = false;
    if (there === undefined || there.free >= there.spare / 2) return;
    clearInterval(timer);
    onFull(`${folder} is filling up: ${bytes(there.free)} are left`);
  }, 1_000);
  return () => clearInterval(timer);
}

/** A size for progress lines: "1.2 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

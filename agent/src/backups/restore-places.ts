import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RestoreArguments } from "../executor/container-command.ts";
import { Refusal } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { RuntimeVolume } from "../runtimes/runtime.ts";
import type { SavedConfig } from "./config.ts";
import { hostPathsOf } from "./host-paths.ts";
import type { Manifest } from "./manifest.ts";
import type { Placed } from "./restore-plan.ts";

type Placing = {
  manifest: Manifest;
  config: SavedConfig;
  args: RestoreArguments;
  copy: boolean;
  present: EngineContainer | undefined;
  token: string;
  notes: string[];
};

/** Where the data of volumes go: into those of their names, or new ones beside what is there. */
export async function placeVolumes(placing: Placing, { runtime }: Engine, signal: AbortSignal) {
  const { manifest, config, args, copy, present, token, notes } = placing;
  const names = new Map<string, string>();
  const placed: Placed[] = [];
  const made: RuntimeVolume[] = [];
  const emptied: RuntimeVolume[] = [];
  /** Where volumes that hold nothing yet are seen. */
  const fresh: string[] = [];
  const mounts = (config.snapshot.inspect as EngineContainer).Mounts ?? [];
  for (const volume of config.volumes) {
    const { name } = volume;
    const file = manifest.files.find(({ what, source }) => what === "volume" && source === name);
    const exists = (await runtime.findVolume(name, signal)) !== undefined;
    const destinations = mounts.filter((mount) => mount.Name === name).map(({ Destination }) => Destination);
    if (file === undefined && exists && !copy) continue;
    if (file === undefined) fresh.push(...destinations);
    if (file !== undefined && exists && args.overwriteVolumes) {
      if (!present?.Mounts?.some((mount) => mount.Name === name)) {
        throw new Refusal(`the volume ${name} exists and no container ${manifest.container} has it: remove it first`);
      }
      emptied.push(volume);
      placed.push({ file, volume: name });
      continue;
    }
    // Another volume of the same device would show the same data; one in memory loses them when nobody uses it.
    const elsewhere = hasDevice(volume);
    const isNew = exists || elsewhere;
    const next = isNew ? `${volume.anonymous ? name.slice(0, 12) : name}-restored-${token}` : name;
    if (isNew) names.set(name, next);
    if (elsewhere) notes.push(`the volume ${name} lay on a device, a share or in memory: ${next} is an ordinary one`);
    if (file === undefined) notes.push(`the volume ${name} is not in the backup: ${next} is empty`);
    made.push({ ...volume, name: next, ...(elsewhere ? { driver: "local", options: {} } : {}) });
    if (file !== undefined) placed.push({ file, volume: next });
  }
  return { names, placed, made, emptied, fresh };
}

/** Host folders are never written over: what is there stays, and the container is given a new one beside it. */
export async function placeBinds(
  manifest: Manifest,
  token: string,
  { runtime }: Engine,
  notes: string[],
  signal: AbortSignal,
) {
  const names = new Map<string, string>();
  const placed: Placed[] = [];
  const made: string[] = [];
  const files = manifest.files.filter(({ what }) => what === "bind");
  if (files.length === 0) return { names, placed, made };
  const { same } = await hostPathsOf(runtime, signal);
  for (const file of files) {
    const { source } = file;
    const gone = same(dirname(source)) && isAbsent(source);
    const beside = `${source.replace(/\/+$/, "")}-restored-${token}`;
    const path = gone ? source : file.folder === false ? join(beside, file.root ?? "file") : beside;
    placed.push({ file, path });
    made.push(gone || file.folder !== false ? path : beside);
    if (gone) continue;
    names.set(source, path);
    notes.push(`${source} of the host stays as it is: the container has ${path} instead`);
  }
  return { names, placed, made };
}

function isAbsent(path: string): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

/** Whether a volume is more than a folder of the engine's own. */
export function isElsewhere(volume: RuntimeVolume | undefined): boolean {
  return volume !== undefined && (volume.driver !== "local" || hasDevice(volume));
}

function hasDevice({ options }: RuntimeVolume): boolean {
  return options.device !== undefined || options.type !== undefined;
}

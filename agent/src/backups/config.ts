import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../executor/run-context.ts";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { RuntimeNetwork, RuntimeVolume, Snapshot } from "../runtimes/runtime.ts";
import { writeFileAtomic } from "../state-file.ts";
import { checkFile } from "./check.ts";
import { configName } from "./manifest.ts";
import type { Part } from "./parts.ts";
import type { Work } from "./work.ts";

/** config.json of a backup: all that making the container again needs. It holds the container's secrets. */
export type SavedConfig = {
  version: 1;
  snapshot: Snapshot;
  volumes: RuntimeVolume[];
  networks: RuntimeNetwork[];
};

/** Writes config.json, with the volumes and networks that the container has. */
export async function saveConfig(work: Work, parts: readonly Part[]): Promise<void> {
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
  work.files.unshift({ name: configName, what: "config", source: "", destination: "", ...sizes });
}

/** Reads config.json of a backup whose checksums were compared. */
export function readConfig(folder: string, id: string): SavedConfig {
  const config = JSON.parse(readFileSync(join(folder, id, configName), "utf8")) as SavedConfig;
  if (config.version !== 1) throw new Refusal(`the configuration in ${id} is of another version`);
  return config;
}

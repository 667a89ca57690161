import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatReference, parseImageReference } from "@fairlead/shared/image-reference";
import type { RestoreArguments } from "../executor/container-command.ts";
import { Refusal, type RunContext } from "../executor/run-context.ts";
import { nameOf } from "../executor/update/component.ts";
import type { Engine } from "../executor/update/engine.ts";
import { gather } from "../executor/update/gather.ts";
import { pointTag } from "../executor/update/tags.ts";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import { rollbackName, temporaryName } from "../runtimes/replacement-names.ts";
import { RuntimeFailure, type RuntimeVolume, type Snapshot } from "../runtimes/runtime.ts";
import { type DumpEngine, recipes } from "./dump.ts";
import { type BackupFile, configName, type Manifest } from "./manifest.ts";
import { seesHostPaths } from "./parts.ts";
import type { Placed, RestorePlan } from "./restore-plan.ts";
import { publishedPorts, restoredBody } from "./restored-body.ts";
import type { SavedConfig } from "./save.ts";
import { refuseCrowdedEngine } from "./space.ts";

const orchestrators = [
  "com.docker.swarm.service.id",
  "com.docker.swarm.task.id",
  "io.kubernetes.pod.name",
  "io.kubernetes.pod.uid",
];

/** Reads config.json of a backup whose checksums were compared. */
export function readConfig(folder: string, id: string): SavedConfig {
  const config = JSON.parse(readFileSync(join(folder, id, configName), "utf8")) as SavedConfig;
  if (config.version !== 1) throw new Refusal(`the configuration in ${id} is of another version`);
  return config;
}

/**
 * Looks at everything that a restore needs to know, gets the image and makes the plan; changes nothing else. Throws Refusal
 * where it must not be done.
 */
export async function prepareRestore(
  args: RestoreArguments,
  manifest: Manifest,
  config: SavedConfig,
  engine: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<RestorePlan> {
  const { runtime, recreation } = engine;
  const name = args.name || manifest.container;
  const all = await recreation.all(signal);
  const present = all.find((raw) => nameOf(raw) === name);
  const copy = args.name !== "" && args.name !== manifest.container;
  refuseUnfit(name, present, copy, config, engine, all);
  if (args.overwriteVolumes) refuseShared(manifest, config, all, present);
  await refuseMissingNetworks(config, engine, signal);
  const { imageId, reference } = await imageOf(config.snapshot, manifest, engine, context, signal);

  const start = args.start === "as it was" ? manifest.running : args.start === "yes";
  if (copy && start) refuseSharedBinds(manifest, config, all);
  const token = randomBytes(4).toString("hex");
  const notes: string[] = [];
  const volumes = await placeVolumes({ manifest, config, args, copy, present, token, notes }, engine, signal);
  const binds = await placeBinds(manifest, token, engine, notes, signal);
  const added = volumes.placed.filter(({ volume }) => !volumes.emptied.some(({ name }) => name === volume));
  const needed = added.reduce((sum, { file }) => sum + file.bytes, 0);
  await refuseCrowdedEngine(runtime, needed, context, signal);
  const body = await recreation.plan(config.snapshot, reference, imageId, signal);
  const others = all.filter((raw) => raw !== present && raw.State.Running);
  const restored = restoredBody(body, {
    volumes: volumes.names,
    binds: binds.names,
    copy,
    takenPorts: new Set(others.flatMap(({ HostConfig }) => publishedPorts(HostConfig))),
  });
  const temporary = temporaryName(name, token);
  if (temporary.length > 240) throw new Refusal(`the name ${name} is too long`);
  return {
    version: 1,
    step: "fill",
    runtime: runtime.name,
    backup: manifest.id,
    name,
    temporary,
    aside: rollbackName(name, token),
    carrier: `fairlead-fill-${token}`,
    imageId,
    start,
    ...(present === undefined ? {} : { present: await recreation.snapshot(present.Id, signal) }),
    create: restored.plan,
    placed: [...volumes.placed, ...binds.placed],
    made: volumes.made,
    paths: binds.made,
    emptied: volumes.emptied,
    notes: [...notes, ...restored.notes],
    ...dumpOf(manifest, config, volumes.fresh, present !== undefined),
  };
}

function refuseUnfit(
  name: string,
  present: EngineContainer | undefined,
  copy: boolean,
  { snapshot }: SavedConfig,
  { runtime }: Engine,
  all: readonly EngineContainer[],
): void {
  if (copy && present !== undefined)
    throw new Refusal(`name: there is a container ${name}: give another name, or none`);
  const labels = (snapshot.inspect as EngineContainer).Config.Labels ?? {};
  const orchestrated = orchestrators.find((label) => label in labels);
  if (orchestrated !== undefined) {
    throw new Refusal(
      `${snapshot.name} belonged to a Swarm service or a Kubernetes pod (label ${orchestrated}): restore the workload there`,
    );
  }
  if (present === undefined) return;
  if (present.Id === runtime.ownContainerId) {
    throw new Refusal(`${name} is the container that this agent runs in: restore it under another name`);
  }
  if (["removing", "dead"].includes(present.State.Status ?? ""))
    throw new Refusal(`${name} is ${present.State.Status}`);
  if (present.HostConfig.AutoRemove && present.State.Running) {
    throw new Refusal(`${name} was started with --rm and would be gone as soon as it stops: remove it first`);
  }
  const riders = gather([present], all).filter(({ role }) => role === "recreate");
  if (riders.length > 0) {
    const names = riders.map(({ raw }) => nameOf(raw)).join(", ");
    throw new Refusal(
      `${names} hang on ${name} by namespaces, volumes or links: remove them first, or restore under another name`,
    );
  }
}

/** Volumes that are emptied must be nobody else's. */
function refuseShared(
  manifest: Manifest,
  { volumes }: SavedConfig,
  all: readonly EngineContainer[],
  present: EngineContainer | undefined,
): void {
  const mounts = (raw: EngineContainer, volume: string) =>
    (raw.Mounts ?? []).some(({ Type, Name }) => Type === "volume" && Name === volume);
  for (const { what, source } of manifest.files) {
    if (what !== "volume") continue;
    const known = volumes.find((one) => one.name === source);
    if (isElsewhere(known)) {
      throw new Refusal(
        `the volume ${source} lies outside of the engine's own folders and can't be emptied: restore without overwriteVolumes`,
      );
    }
    const user = all.find((raw) => raw !== present && mounts(raw, source));
    if (user !== undefined) {
      throw new Refusal(
        `the volume ${source} is also used by ${nameOf(user)}: remove that one first, or restore without overwriteVolumes`,
      );
    }
  }
}

/** Two of the same program must not write into one folder of the host. */
function refuseSharedBinds(manifest: Manifest, { snapshot }: SavedConfig, all: readonly EngineContainer[]): void {
  const saved = new Set(manifest.files.filter(({ what }) => what === "bind").map(({ source }) => source));
  for (const { Type, Source = "", RW, Destination } of (snapshot.inspect as EngineContainer).Mounts ?? []) {
    if (Type !== "bind" || RW === false || saved.has(Source) || !mayBeFolder(Source)) continue;
    const user = all.find(
      (raw) => raw.State.Running && (raw.Mounts ?? []).some((mount) => mount.Source === Source && mount.RW !== false),
    );
    if (user === undefined) continue;
    throw new Refusal(
      `${Source} of the host (${Destination}) is not in the backup, and ${nameOf(user)} writes to it: stop that one first, or restore without starting`,
    );
  }
}

function mayBeFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return true;
  }
}

function isElsewhere(volume: RuntimeVolume | undefined): boolean {
  return volume !== undefined && (volume.driver !== "local" || hasDevice(volume));
}

function hasDevice({ options }: RuntimeVolume): boolean {
  return options.device !== undefined || options.type !== undefined;
}

async function refuseMissingNetworks({ snapshot, networks }: SavedConfig, { runtime }: Engine, signal: AbortSignal) {
  const raw = snapshot.inspect as EngineContainer;
  const mode = raw.HostConfig.NetworkMode ?? "default";
  if (["host", "none"].includes(mode) || mode.startsWith("container:")) return;
  const there = new Set((await runtime.networks(signal)).map(({ name }) => name));
  for (const name of Object.keys(raw.NetworkSettings?.Networks ?? {})) {
    if (there.has(name)) continue;
    const known = networks.find((network) => network.name === name);
    const was = known === undefined ? "" : ` (${[known.driver, ...known.subnets].join(", ")})`;
    throw new Refusal(`the network ${name}${was} is missing: create it first`);
  }
}

/** The image that it had, pulled by its digest where it is gone; `reference`: what the new container is to name. */
async function imageOf(
  snapshot: Snapshot,
  manifest: Manifest,
  { runtime, recreation }: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<{ imageId: string; reference: string }> {
  let imageId = snapshot.imageId;
  const found = await recreation.image(imageId, signal).catch(unlessMissing);
  if (found === undefined) {
    const parsed = manifest.digest === null ? undefined : parseImageReference(manifest.digest);
    if (!parsed?.ok) throw new Refusal(`the image ${snapshot.image} (${imageId}) is gone and came from no registry`);
    context.phase("pull", `pull ${formatReference(parsed.reference)}`);
    const report = (p: { message: string; percent: number }) => context.progress(p.message, p.percent);
    imageId = (await recreation.pull(parsed.reference, report, signal)).id;
  }
  const named = await recreation.image(snapshot.image, signal).catch(unlessMissing);
  if (named?.id === imageId) return { imageId, reference: snapshot.image };
  // Its name means nothing here: then it is given back. One that means another image by now stays as it is.
  if (named === undefined) {
    await pointTag(runtime, snapshot.image, imageId, signal);
    const now = await recreation.image(snapshot.image, signal).catch(unlessMissing);
    if (now?.id === imageId) return { imageId, reference: snapshot.image };
  }
  return { imageId, reference: manifest.digest ?? imageId };
}

type Placing = {
  manifest: Manifest;
  config: SavedConfig;
  args: RestoreArguments;
  copy: boolean;
  present: EngineContainer | undefined;
  token: string;
  notes: string[];
};

async function placeVolumes(placing: Placing, { runtime }: Engine, signal: AbortSignal) {
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
async function placeBinds(
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
  const visible = files.length > 0 && (await seesHostPaths(runtime, signal));
  for (const file of files) {
    const { source } = file;
    const gone = visible && isAbsent(source) && existsSync(dirname(source));
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

/** A dump is loaded only where its data are not restored otherwise and there are none yet; else it is for people. */
function dumpOf(
  manifest: Manifest,
  config: SavedConfig,
  fresh: readonly string[],
  replaces: boolean,
): Pick<RestorePlan, "dump"> | Record<string, never> {
  const file = manifest.files.find(({ what }) => what === "dump");
  if (file === undefined) return {};
  const engine = file.source as DumpEngine;
  const { data, load } = recipes[engine] ?? { data: [], load: undefined };
  const under = (path: string) =>
    data.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
  const mounts = (config.snapshot.inspect as EngineContainer).Mounts ?? [];
  const mounted = mounts.filter(({ Destination }) => under(Destination));
  const empty = mounted.every(({ Destination }) => fresh.includes(Destination)) && (mounted.length > 0 || !replaces);
  const saved = manifest.files.some(
    (one: BackupFile) => ["volume", "bind"].includes(one.what) && under(one.destination),
  );
  const loads = (load !== undefined || engine === "redis") && empty && !saved;
  return { dump: { engine, file: file.name, load: loads, command: commandOf(engine, file.name) } };
}

function commandOf(engine: DumpEngine, file: string): string {
  const into: Record<DumpEngine, string> = {
    postgresql: "docker exec -i CONTAINER psql -U postgres -d postgres",
    mysql: `docker exec -i CONTAINER sh -c 'MYSQL_PWD="$MYSQL_ROOT_PASSWORD$MARIADB_ROOT_PASSWORD" mariadb -u root'`,
    redis: "docker exec -i CONTAINER sh -c 'cat >/data/dump.rdb' (then restart it with appendonly off)",
    mongodb: "docker exec -i CONTAINER mongorestore --archive --drop",
  };
  return `zstd -dc ${file} | ${into[engine]}`;
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}

import { catalogue } from "@fairlead/shared/catalogue";
import type { Reading } from "../collectors/collector.ts";
import type { HostContainer, RuntimeState } from "./host-containers.ts";
import type {
  ContainerRuntime,
  DiskUsage,
  EngineInfo,
  RuntimeImage,
  RuntimeNetwork,
  RuntimeVolume,
} from "./runtime.ts";

/** All that an engine holds, as it tells it. `usage`: absent where it was not measured. */
export type Holdings = {
  info: EngineInfo;
  images: RuntimeImage[];
  volumes: RuntimeVolume[];
  networks: RuntimeNetwork[];
  usage: DiskUsage | undefined;
};

type HoldingKind = "runtime" | "image" | "volume" | "network";
type Values<K extends HoldingKind> = Record<(typeof catalogue)[K]["metrics"][number]["name"], number>;

const missing = Number.NaN;
const composeProject = "com.docker.compose.project";
const mostNames = 50;
const mostTags = 20;
const longestLabel = 256;
const most = { image: 2_000, volume: 2_000, network: 500 };
const mostForeign = 100;

/** Asks an engine for all that it holds but the sizes. */
export async function askHoldings(engine: ContainerRuntime, signal: AbortSignal): Promise<Omit<Holdings, "usage">> {
  const [info, images, volumes, networks] = await Promise.all([
    engine.info(signal),
    engine.images(signal),
    engine.volumes(signal),
    engine.networks(signal),
  ]);
  return { info, images, volumes, networks };
}

/** A runtime that does not answer. */
export function downReading({ name, shown, failure }: RuntimeState): Reading {
  return {
    kind: "runtime",
    key: name,
    labels: { runtime: name },
    attributes: { socket: shown },
    state: "down",
    reason: failure?.message ?? "",
    values: catalogue.runtime.metrics.map(() => missing),
  };
}

/** Readings of a runtime and what it holds; `containers` are its own. */
export function holdingsReadings(
  runtime: RuntimeState,
  engine: ContainerRuntime,
  holdings: Holdings,
  containers: readonly HostContainer[],
): Reading[] {
  const limit = (kind: keyof typeof most) => (runtime.foreign ? mostForeign : most[kind]);
  const users = usersOf(containers);
  const images = holdings.images
    .map((image) => ({ image, by: users.images.get(image.id) ?? [] }))
    // The least important are left out first.
    .sort((a, b) => Number(b.by.length > 0) - Number(a.by.length > 0) || b.image.createdAt - a.image.createdAt)
    .slice(0, limit("image"));
  const volumes = holdings.volumes
    .map((volume) => ({ volume, by: users.volumes.get(volume.name) ?? [] }))
    .sort((a, b) => Number(a.volume.anonymous) - Number(b.volume.anonymous))
    .slice(0, limit("volume"));
  const networks = uniqueNames(holdings.networks).slice(0, limit("network"));
  return [
    runtimeReading(runtime, engine, holdings, containers, users),
    ...images.map(({ image, by }) => imageReading(runtime, image, by)),
    ...volumes.map(({ volume, by }) => volumeReading(runtime, volume, by, holdings.usage)),
    ...networks.map((network) => networkReading(runtime, network, users.networks.get(network.name) ?? [])),
  ];
}

type Users = Record<"images" | "volumes" | "networks", Map<string, HostContainer[]>>;

/** Which containers use what, the stopped ones too. */
function usersOf(containers: readonly HostContainer[]): Users {
  const users: Users = { images: new Map(), volumes: new Map(), networks: new Map() };
  const add = (to: Map<string, HostContainer[]>, key: string, one: HostContainer) => {
    const known = to.get(key);
    if (known === undefined) to.set(key, [one]);
    else if (!known.includes(one)) known.push(one);
  };
  for (const one of containers) {
    add(users.images, one.info.imageId, one);
    for (const mount of one.info.mounts) if (!mount.startsWith("/")) add(users.volumes, mount.split(":")[0] ?? "", one);
    for (const network of one.info.networks) add(users.networks, network, one);
  }
  return users;
}

function runtimeReading(
  { name, shown }: RuntimeState,
  engine: ContainerRuntime,
  { info, images, volumes, usage }: Holdings,
  containers: readonly HostContainer[],
  users: Users,
): Reading {
  const sizes = [...(usage?.volumes ?? [])].filter(([, size]) => size >= 0);
  const sum = (list: typeof sizes) => list.reduce((total, [, size]) => total + size, 0);
  const values: Values<"runtime"> = {
    containers: containers.length,
    containers_running: containers.filter(({ info: { pid } }) => pid > 0).length,
    images: images.length,
    images_bytes: usage?.imagesBytes ?? missing,
    images_unused_bytes: usage?.imagesUnusedBytes ?? missing,
    volumes: volumes.length,
    volumes_bytes: usage ? sum(sizes) : missing,
    volumes_unused_bytes: usage ? sum(sizes.filter(([volume]) => !users.volumes.has(volume))) : missing,
    containers_bytes: usage?.containersBytes ?? missing,
    build_cache_bytes: usage && engine.type === "docker" ? usage.buildCacheBytes : missing,
  };
  const { engine: version, api } = engine.version;
  return {
    kind: "runtime",
    key: name,
    labels: { runtime: name, type: engine.type },
    attributes: { type: engine.type, engine: version, api, ...info, socket: shown },
    state: "up",
    values: catalogue.runtime.metrics.map((metric) => values[metric.name]),
  };
}

function imageReading(runtime: RuntimeState, image: RuntimeImage, by: readonly HostContainer[]): Reading {
  const tags = image.tags.slice(0, mostTags);
  const { id, createdAt, sizeBytes } = image;
  return heldReading("image", runtime, id, {
    labels: { tags: tags.join(",") },
    attributes: {
      ...{ id, tags, digests: image.digests.slice(0, mostTags) },
      ...{ createdAt: iso(createdAt), containers: namesOf(by) },
    },
    state: by.length > 0 ? "used" : image.tags.length === 0 ? "dangling" : "unused",
    values: { size_bytes: sizeBytes, containers: by.length },
  });
}

function volumeReading(
  runtime: RuntimeState,
  { name, driver, mountpoint, createdAt, labels, anonymous }: RuntimeVolume,
  by: readonly HostContainer[],
  usage: DiskUsage | undefined,
): Reading {
  const project = labels[composeProject];
  return heldReading("volume", runtime, name, {
    labels: { driver, project },
    attributes: {
      ...{ name, driver, mountpoint, createdAt: iso(createdAt), labels: bounded(labels) },
      ...{ containers: namesOf(by), anonymous, project: project ?? null },
    },
    state: by.length > 0 ? "used" : "unused",
    values: { size_bytes: usage?.volumes.get(name) ?? missing, containers: by.length },
  });
}

function networkReading(
  runtime: RuntimeState,
  { id, name, driver, subnets, internal, builtin, labels }: RuntimeNetwork,
  by: readonly HostContainer[],
): Reading {
  const project = labels[composeProject];
  return heldReading("network", runtime, name, {
    labels: { driver, project },
    attributes: {
      ...{ id, name, driver, subnets: subnets.slice(0, mostTags), internal },
      ...{ containers: namesOf(by), builtin, project: project ?? null },
    },
    state: by.length > 0 || builtin ? "used" : "unused",
    values: { containers: by.filter(({ info }) => info.pid > 0).length },
  });
}

type Held<K extends HoldingKind> = {
  /** Empty and absent ones are left out. */
  labels: Record<string, string | undefined>;
  attributes: Record<string, unknown>;
  state: string;
  values: Values<K>;
};

function heldReading<K extends HoldingKind>(kind: K, runtime: RuntimeState, key: string, held: Held<K>): Reading {
  const some = Object.entries(held.labels).flatMap(([name, text]) =>
    text ? [[name, text.slice(0, longestLabel)]] : [],
  );
  const metrics: readonly { name: keyof Values<K> }[] = catalogue[kind].metrics;
  return {
    kind,
    key: runtime.prefix + key,
    labels: { runtime: runtime.name, ...Object.fromEntries(some) },
    attributes: held.attributes,
    state: held.state,
    values: metrics.map(({ name }) => held.values[name]),
  };
}

// Docker lets several networks have one name.
function uniqueNames(networks: readonly RuntimeNetwork[]): RuntimeNetwork[] {
  return [...new Map(networks.map((network) => [network.name, network])).values()];
}

function namesOf(by: readonly HostContainer[]): string[] {
  return by.slice(0, mostNames).map(({ info }) => info.name);
}

function bounded(labels: Record<string, string>): Record<string, string> {
  const some = Object.entries(labels).slice(0, mostNames);
  return Object.fromEntries(some.map(([name, value]) => [name.slice(0, longestLabel), value.slice(0, longestLabel)]));
}

function iso(at: number): string | null {
  return at > 0 ? new Date(at).toISOString() : null;
}

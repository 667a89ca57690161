import type { ImageReference } from "@fairlead/shared/image-reference";
import type { EngineContainer } from "./docker/engine-types.ts";

/**
 * A container runtime on this host, as collector and executor see it. Docker and Podman also offer `recreation`;
 * where workloads are patched instead (Kubernetes, Swarm) it is absent.
 */
export type ContainerRuntime = {
  /** How it is called on this host: "docker", "podman", "podman-1000". */
  name: string;
  type: RuntimeType;
  /** The container that this agent itself runs in, on this engine. */
  ownContainerId: string | undefined;
  /**
   * Path of the engine's socket as this agent sees it; absent where it is not reached that way, and where another user
   * serves it: what that one tells of the host's paths counts for nothing.
   */
  socket?: string;
  /** Versions as the engine tells them. */
  version: { engine: string; api: string };
  /** All containers, stopped ones too: only what tells whether one changed. */
  list(signal: AbortSignal): Promise<ContainerSummary[]>;
  /** Throws RuntimeFailure "not_found". */
  describe(idOrName: string, signal: AbortSignal): Promise<ContainerInfo>;
  /** Raw counters from the engine: dear, only for where cgroup files are unreadable. */
  usage(id: string, signal: AbortSignal): Promise<UsageCounters>;
  /** Resolves when subscribed; the events end (or throw) when the engine goes away. */
  subscribe(signal: AbortSignal): Promise<AsyncIterable<RuntimeEvent>>;
  start(id: string, signal: AbortSignal): Promise<void>;
  /** Without `timeoutSeconds` the container's own setting counts. */
  stop(id: string, timeoutSeconds: number | undefined, signal: AbortSignal): Promise<void>;
  restart(id: string, timeoutSeconds: number | undefined, signal: AbortSignal): Promise<void>;
  /** The last lines of both streams, oldest first. */
  logs(id: string, lines: number, signal: AbortSignal): Promise<string[]>;
  /** Its log from the last `tail` lines on, each line with its RFC 3339 time in front; ends with the container or the signal. */
  logStream(id: string, options: LogOptions, signal: AbortSignal): Promise<AsyncIterable<LogPiece>>;
  pause(id: string, signal: AbortSignal): Promise<void>;
  unpause(id: string, signal: AbortSignal): Promise<void>;
  /** `name` like "SIGTERM"; absent: SIGKILL. */
  kill(id: string, name: string | undefined, signal: AbortSignal): Promise<void>;
  /** `volumes`: its anonymous ones too. One that is gone already is no error. */
  remove(id: string, options: { force: boolean; volumes: boolean }, signal: AbortSignal): Promise<void>;
  /** Runs a program in a running container; its output is not read faster than `onOutput` takes it. */
  exec(id: string, request: ExecRequest, onOutput: ExecOutput, signal: AbortSignal): Promise<{ exitCode: number }>;
  /** A tar of that path, mounts included; the container need not run. Throws "not_found" where there is no such path. */
  archiveOut(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Unpacks a tar into that folder of the container, owners as they stand in it. */
  archiveIn(id: string, path: string, tar: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  images(signal: AbortSignal): Promise<RuntimeImage[]>;
  volumes(signal: AbortSignal): Promise<RuntimeVolume[]>;
  networks(signal: AbortSignal): Promise<RuntimeNetwork[]>;
  /** Dear: the engine walks its folders. */
  diskUsage(signal: AbortSignal): Promise<DiskUsage>;
  pullImage(
    reference: ImageReference,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<ImageInfo>;
  tagImage(idOrReference: string, repository: string, tag: string, signal: AbortSignal): Promise<void>;
  /** Takes a tag away, the image too when it was the last. One that is gone already is no error. */
  removeImage(idOrReference: string, options: { force: boolean }, signal: AbortSignal): Promise<void>;
  prune(scope: PruneScope, signal: AbortSignal): Promise<{ removed: number; freedBytes: number }>;
  createVolume(volume: NewVolume, signal: AbortSignal): Promise<void>;
  /** Undefined where there is none of that name. */
  findVolume(name: string, signal: AbortSignal): Promise<RuntimeVolume | undefined>;
  removeVolume(name: string, signal: AbortSignal): Promise<void>;
  info(signal: AbortSignal): Promise<EngineInfo>;
  recreation?: Recreation;
};

export type RuntimeType = "docker" | "podman" | "kubernetes";

/** `tail` lines to begin with; `sinceMs` Unix ms, 0 = from the beginning. */
export type LogOptions = { tail: number; sinceMs: number; follow: boolean };
export type OutputStream = "stdout" | "stderr";
export type LogPiece = { stream: OutputStream; data: Uint8Array };
/** `command` is no shell line: the program and its arguments. `env` like "NAME=value". */
export type ExecRequest = {
  command: readonly string[];
  user?: string;
  env?: readonly string[];
  stdin?: AsyncIterable<Uint8Array>;
};
export type ExecOutput = (stream: OutputStream, chunk: Uint8Array) => void | Promise<void>;

/** Sizes in bytes, NaN where the engine does not tell; times in Unix ms. */
export type RuntimeImage = {
  id: string;
  tags: string[];
  digests: string[];
  sizeBytes: number;
  createdAt: number;
  labels: Record<string, string>;
};
export type RuntimeVolume = {
  name: string;
  driver: string;
  /** Folder on the host; empty where the driver tells none. */
  mountpoint: string;
  createdAt: number;
  labels: Record<string, string>;
  options: Record<string, string>;
  /** Made for one container without a name. */
  anonymous: boolean;
};
export type RuntimeNetwork = {
  id: string;
  name: string;
  driver: string;
  internal: boolean;
  subnets: string[];
  labels: Record<string, string>;
  /** Came with the engine. */
  builtin: boolean;
};
export type DiskUsage = {
  imagesBytes: number;
  imagesUnusedBytes: number;
  containersBytes: number;
  buildCacheBytes: number;
  /** Bytes by volume name. */
  volumes: ReadonlyMap<string, number>;
};
export type NewVolume = {
  name: string;
  driver?: string;
  options?: Record<string, string>;
  labels?: Record<string, string>;
};
export type EngineInfo = {
  /** Where the engine keeps images and volumes, as the host sees it. */
  rootDir: string;
  os: string;
  arch: string;
  rootless: boolean;
  swarm: boolean;
  warnings: string[];
};
export type PruneScope = "containers" | "dangling-images" | "unused-images" | "volumes" | "networks" | "build-cache";

export type ContainerStateName = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
export type Health = "starting" | "healthy" | "unhealthy";

/**
 * An entry of the engine's list. `fingerprint` differs when the container has to be described again; `healthUnknown`: not
 * when only its health differs.
 */
export type ContainerSummary = { id: string; name: string; fingerprint: string; healthUnknown?: true };

/** What is known of one container. Times in Unix ms, 0 = never. */
export type ContainerInfo = {
  id: string;
  name: string;
  /** As it was asked for at creation. */
  image: string;
  imageId: string;
  /** Repository digest of the image, where it came from a registry. */
  digest: string | undefined;
  tag: string | undefined;
  state: ContainerStateName;
  health: Health | undefined;
  /** Last output of the health check, one line. */
  healthOutput: string;
  exitCode: number;
  oomKilled: boolean;
  restartCount: number;
  /** 0 where it does not run. */
  pid: number;
  createdAt: number;
  startedAt: number;
  finishedAt: number;
  /** "127.0.0.1:8080->80/tcp", "53/udp". */
  ports: string[];
  labels: Record<string, string>;
  /** "volume:/data", "/srv/x:/x:ro", "tmpfs:/run". */
  mounts: string[];
  /** Paths on the host where its data lies: bind mounts, volumes, its own writable layer at "/". */
  mountSources: MountSource[];
  networks: string[];
  networkMode: string;
  restartPolicy: string;
  /** Bytes, 0 = none. */
  memoryLimit: number;
};

/** A path on the host and where the container sees it. */
export type MountSource = { source: string; destination: string };

/** Raw counters; NaN where unknown. */
export type UsageCounters = {
  cpuSeconds: number;
  memoryBytes: number;
  pids: number;
  readBytes: number;
  writeBytes: number;
  receiveBytes: number;
  transmitBytes: number;
};

/**
 * An engine event. `image`: an image was pulled, tagged or removed, so digests may differ; `volume`, `network`: one was made
 * or removed. `at` in Unix ms.
 */
export type RuntimeEvent =
  | { type: "container"; action: string; id: string; name: string; at: number; exitCode: number | undefined }
  | { type: "image" | "volume" | "network"; at: number };

export type PullProgress = { message: string; percent: number };

export type ImageInfo = { id: string; digests: string[]; platform: string };

/** A container's settings made ready for another image; `create` and `networks` are the engine's own JSON. */
export type CreatePlan = {
  create: Record<string, unknown>;
  /** Networks to join after creation, where the engine takes only one at creation. */
  networks: { name: string; endpoint: Record<string, unknown> }[];
};

/** All that is kept of a container before it is replaced; goes into the journal as it is. */
export type Snapshot = {
  id: string;
  name: string;
  image: string;
  imageId: string;
  running: boolean;
  restartPolicy: { Name: string; MaximumRetryCount?: number };
  /** The engine's full inspect. */
  inspect: Record<string, unknown>;
  /** The engine's inspect of its image. */
  imageInspect: Record<string, unknown>;
};

/** How a container fares; `healthTimeoutMs` is 0 without a health check. */
export type Fitness = {
  state: ContainerStateName;
  restartCount: number;
  exitCode: number;
  oomKilled: boolean;
  health: Health | undefined;
  healthOutput: string;
  healthTimeoutMs: number;
  error: string;
};

/** The steps that a safe replacement is made of, for engines that recreate containers. */
export type Recreation = {
  snapshot(idOrName: string, signal: AbortSignal): Promise<Snapshot>;
  /** The engine's full inspect of every container. */
  all(signal: AbortSignal): Promise<EngineContainer[]>;
  pull(
    reference: ImageReference,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<ImageInfo>;
  image(idOrReference: string, signal: AbortSignal): Promise<ImageInfo>;
  /** The engine's full inspect of an image. */
  inspectImage(idOrReference: string, signal: AbortSignal): Promise<Record<string, unknown>>;
  plan(snapshot: Snapshot, reference: string, imageId: string, signal: AbortSignal): Promise<CreatePlan>;
  /** Creates without starting; answers the new id. */
  create(name: string, plan: CreatePlan, signal: AbortSignal): Promise<string>;
  rename(id: string, name: string, signal: AbortSignal): Promise<void>;
  setRestartPolicy(id: string, policy: Snapshot["restartPolicy"], signal: AbortSignal): Promise<void>;
  /** Leaves all volumes. */
  remove(id: string, options: { force: boolean }, signal: AbortSignal): Promise<void>;
  /** Id of the container, or undefined where there is none. */
  find(idOrName: string, signal: AbortSignal): Promise<{ id: string; name: string; imageId: string } | undefined>;
  fitness(id: string, signal: AbortSignal): Promise<Fitness>;
  /** The ways that lead from this host to the container's ports. */
  reach(id: string, signal: AbortSignal): Promise<Reach>;
};

/** Where a container can be reached from this host: its addresses, and the host's ports that lead to its own. */
export type Reach = {
  id: string;
  /** Its own addresses; 127.0.0.1 in the host's network. */
  addresses: readonly string[];
  published: readonly { containerPort: number; hostIp: string; hostPort: number }[];
};

export type RuntimeFailureCode = "absent" | "forbidden" | "unreachable" | "not_found" | "conflict" | "refused";

/** What went wrong with the engine, in one line with its remedy. */
export class RuntimeFailure extends Error {
  override name = "RuntimeFailure";
  readonly code: RuntimeFailureCode;
  constructor(code: RuntimeFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

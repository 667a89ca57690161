import { stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type Docker from "dockerode";
import { bound } from "./docker/bounded.ts";
import { atLeast, createBody, type DaemonDefaults } from "./docker/create-body.ts";
import { describeContainer, fitnessOf } from "./docker/describe.ts";
import type { EngineContainer, EngineImage } from "./docker/engine-types.ts";
import { type EngineKind, engineFailure, socketFailure } from "./docker/failure.ts";
import { imageInfo } from "./docker/images.ts";
import { inspected, listed, readBounded } from "./docker/listed.ts";
import { decodeLog } from "./docker/log-lines.ts";
import { dockerOperations } from "./docker/operations.ts";
import { reachOf } from "./docker/reach.ts";
import { countersFromStats, type EngineStats } from "./docker/stats.ts";
import {
  forRecreation,
  imageLikeDocker,
  likeDocker,
  lostOptions,
  type PodmanExtra,
  qualified,
} from "./podman/normalise.ts";
import {
  type ContainerRuntime,
  type ContainerSummary,
  type EngineInfo,
  type Recreation,
  type RuntimeEvent,
  RuntimeFailure,
  type Snapshot,
} from "./runtime.ts";

/**
 * `socket`: path or unix:// URL; absent: DOCKER_HOST, else /var/run/docker.sock. `name`: what the runtime is called on this
 * host; absent: by what answers.
 */
export type DockerOptions = {
  socket?: string | undefined;
  ownContainerId?: string | undefined;
  name?: string | undefined;
  /** What is expected to answer, for messages until it did. */
  type?: EngineKind | undefined;
  /** How the socket is called in messages, where its path is no name. */
  shown?: string | undefined;
  /** Larger answers are refused; 32 MiB unless told. */
  mostAnswerBytes?: number | undefined;
};

/** Newest engine API that this code was written for; older engines are spoken to in theirs. */
const newestApi = "1.51";
const oldestApi = "1.24";

/** Some ten thousand containers. */
const mostListBytes = 32 << 20;

const digestsKeptMs = 2_000;
const mostDigests = 256;

const defaultSocket = "/var/run/docker.sock";

/** Path of the engine's socket. Throws RuntimeFailure for a DOCKER_HOST that is no unix socket. */
export function dockerSocket(configured: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const own = configured === defaultSocket ? undefined : configured;
  const asked = own || env.DOCKER_HOST || defaultSocket;
  const path = asked.startsWith("unix://") ? asked.slice("unix://".length) : asked;
  if (path.startsWith("/")) return path;
  const source = own ? "docker.socket" : "DOCKER_HOST";
  throw new RuntimeFailure("refused", `${source} is ${JSON.stringify(asked)}: only unix sockets are supported`);
}

/**
 * Connects to a Docker engine, or a Podman service that speaks like one, and agrees on an API version. Throws
 * RuntimeFailure: "absent" (no socket), "forbidden", "unreachable" (nobody answers). The client library is loaded only
 * when there is a socket.
 */
export async function openDocker(options: DockerOptions, signal: AbortSignal): Promise<ContainerRuntime> {
  const path = dockerSocket(options.socket);
  const socket = options.shown ?? path;
  let kind: EngineKind = options.type ?? (socket.includes("podman") ? "podman" : "docker");
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw socketFailure(error, socket, kind);
  });
  if (!found.isSocket())
    throw new RuntimeFailure("refused", `${socket} is no socket: set docker.socket to the engine's`);

  const { default: Client } = await import("dockerode");
  const mostBytes = options.mostAnswerBytes ?? mostListBytes;
  const limit = (ms: number, given: AbortSignal) => AbortSignal.any([given, AbortSignal.timeout(ms)]);
  // Idle kept-alive connections break when the engine restarts, so what only reads is asked once more.
  const read = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (!isReset(error)) throw engineFailure(error, what, socket, kind);
      return await write(what, call);
    }
  };
  const write = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw engineFailure(error, what, socket, kind);
    }
  };

  const hello = bound(new Client({ socketPath: path, protocol: "http" }), mostBytes);
  const told = await read("ask for its version", () => versionOf(hello, limit(5_000, signal)));
  const podman = told.podman;
  kind = podman ? "podman" : "docker";
  const api = atLeast(told.ApiVersion, newestApi) ? newestApi : told.ApiVersion;
  if (!atLeast(api, oldestApi) || (told.MinAPIVersion && !atLeast(api, told.MinAPIVersion))) {
    throw new RuntimeFailure(
      "refused",
      `the engine at ${socket} speaks API ${told.MinAPIVersion ?? "?"} to ${told.ApiVersion}, this agent ${oldestApi} to ${newestApi}`,
    );
  }
  const docker = bound(new Client({ socketPath: path, protocol: "http", version: `v${api}` }), mostBytes);
  const container = (id: string) => docker.getContainer(encodeURIComponent(id));

  const named = (idOrReference: string) => (podman ? qualified(idOrReference) : idOrReference);

  const inspect = (id: string, signal: AbortSignal): Promise<EngineContainer> =>
    read(`inspect ${id}`, async () => {
      const raw = inspected(await container(id).inspect({ abortSignal: limit(10_000, signal) }));
      return podman ? likeDocker(raw) : raw;
    });
  const inspectImage = (id: string, signal: AbortSignal): Promise<EngineImage> =>
    read(`inspect image ${id}`, async () => {
      // The library has no cancel for this one; it answers in milliseconds or not at all.
      const asked = docker.getImage(named(id)).inspect();
      const raw = (await withSignal(asked, limit(10_000, signal))) as unknown as EngineImage;
      return podman ? imageLikeDocker(raw) : raw;
    });
  // A list of containers asks for the same few images again and again.
  const digests = new Map<string, { found: Promise<readonly string[]>; at: number }>();
  const digestsOf = (id: string, signal: AbortSignal): Promise<readonly string[]> => {
    const known = digests.get(id);
    if (known && performance.now() - known.at < digestsKeptMs) return known.found;
    if (digests.size >= mostDigests) digests.clear();
    const found = inspectImage(id, signal).then(
      ({ RepoDigests }) => RepoDigests ?? [],
      (error) => unlessGone(error) ?? [],
    );
    digests.set(id, { found, at: performance.now() });
    found.catch(() => digests.delete(id));
    return found;
  };
  const podmanExtra = (id: string, signal: AbortSignal): Promise<PodmanExtra> =>
    read(`inspect ${id}`, () =>
      ask<PodmanExtra>(docker, `/libpod/containers/${encodeURIComponent(id)}/json`, limit(10_000, signal)),
    );
  const listRaw = (signal: AbortSignal) =>
    read("list containers", async () =>
      listed(JSON.parse(await readBounded(await listStream(docker, limit(10_000, signal)), mostBytes))),
    );

  const operations = dockerOperations({ docker, api, podman, named, read, write, limit, withSignal, unlessGone });
  /** As its user asked for it; throws where the API can't make it again. */
  async function podmanSnapshot(
    raw: EngineContainer,
    image: EngineImage,
    signal: AbortSignal,
  ): Promise<EngineContainer> {
    const extra = await podmanExtra(raw.Id, signal);
    const pod = extra.Pod ? { Pod: extra.Pod } : {};
    return { ...forRecreation(raw, image, extra), ...pod, LostOptions: lostOptions(extra) };
  }

  const recreation: Recreation = {
    async snapshot(idOrName, signal) {
      const found = await inspect(idOrName, signal);
      const image = await inspectImage(found.Image, signal);
      const raw = podman ? await podmanSnapshot(found, image, signal) : found;
      return {
        id: raw.Id,
        name: raw.Name.replace(/^\//, ""),
        image: raw.Config.Image ?? "",
        imageId: raw.Image,
        running: raw.State.Running === true,
        restartPolicy: raw.HostConfig.RestartPolicy ?? { Name: "no" },
        inspect: raw,
        imageInspect: image,
      } satisfies Snapshot;
    },
    async all(signal) {
      const found: EngineContainer[] = [];
      for (const { Id } of await listRaw(signal)) {
        const raw = await inspect(Id, signal).catch(unlessGone);
        if (raw) found.push(raw);
      }
      return found;
    },
    pull: operations.pullImage,
    async image(idOrReference, signal) {
      return imageInfo(await inspectImage(idOrReference, signal));
    },
    async inspectImage(idOrReference, signal) {
      return await inspectImage(idOrReference, signal);
    },
    async plan(snapshot, reference, imageId, signal) {
      const lost = (snapshot.inspect as EngineContainer).LostOptions ?? [];
      if (lost.length > 0) {
        const what = lost.join(", ");
        throw new RuntimeFailure(
          "refused",
          `${snapshot.name} was made with ${what}, which Podman's API can't carry over: make it again with podman itself`,
        );
      }
      // Podman's own settings stand in no snapshot, and its answer takes it a second.
      const info: { DefaultRuntime?: string; LoggingDriver?: string } = podman
        ? {}
        : await read("ask for its settings", () => withSignal(docker.info(), limit(10_000, signal)));
      const daemon: DaemonDefaults = {
        apiVersion: api,
        runtime: info.DefaultRuntime ?? "runc",
        logDriver: info.LoggingDriver ?? "json-file",
      };
      const image = snapshot.imageInspect as EngineImage;
      const old = snapshot.inspect as EngineContainer;
      const provided = new Set<string>();
      for (const from of old.HostConfig.VolumesFrom ?? []) {
        const provider = await inspect(from.split(":")[0] ?? "", signal).catch(unlessGone);
        for (const { Name, Destination } of provider?.Mounts ?? []) if (Name) provided.add(`${Name}:${Destination}`);
      }
      return createBody(old, image, reference, imageId, { ...daemon, provided });
    },
    async create(name, plan, signal) {
      const made = await write(`create ${name}`, () => {
        const request = { _query: { name }, _body: plan.create, abortSignal: limit(60_000, signal) };
        return docker.createContainer(request as unknown as Docker.ContainerCreateOptions);
      });
      for (const { name: network, endpoint } of plan.networks) {
        await write(`connect ${name} to network ${network}`, () =>
          withSignal(
            docker.getNetwork(encodeURIComponent(network)).connect({ Container: made.id, EndpointConfig: endpoint }),
            limit(60_000, signal),
          ),
        );
      }
      return made.id;
    },
    async rename(id, name, signal) {
      await write(`rename to ${name}`, () => container(id).rename({ name, abortSignal: limit(30_000, signal) }));
    },
    async setRestartPolicy(id, policy, signal) {
      await write(
        "set the restart policy",
        () => container(id).update({ RestartPolicy: policy, abortSignal: limit(30_000, signal) }),
        // Older Podman can't; it also starts nothing by itself that was stopped.
      ).catch((error) => (podman && isMissingCall(error) ? undefined : fail(error)));
    },
    async remove(id, { force }, signal) {
      await write("remove the container", () =>
        container(id).remove({ force, v: false, abortSignal: limit(120_000, signal) }),
      ).catch(unlessGone);
    },
    async find(idOrName, signal) {
      const raw = await inspect(idOrName, signal).catch(unlessGone);
      return raw && { id: raw.Id, name: raw.Name.replace(/^\//, ""), imageId: raw.Image };
    },
    async fitness(id, signal) {
      return fitnessOf(await inspect(id, signal));
    },
    async reach(id, signal) {
      let raw = await inspect(id, signal);
      // In the network of another container its ports are the other one's.
      for (let hops = 0; hops < 5; hops++) {
        const mode = raw.HostConfig.NetworkMode ?? "";
        if (!mode.startsWith("container:")) break;
        raw = await inspect(mode.slice("container:".length), signal);
      }
      return reachOf(id, raw);
    },
  };

  return {
    ...operations,
    name: options.name ?? kind,
    type: kind,
    ...(podman ? { info: (given: AbortSignal) => podmanInfo(path, hello, limit(30_000, given), operations.info) } : {}),
    ownContainerId: options.ownContainerId,
    socket: path,
    version: { engine: told.Version, api },
    async list(signal) {
      return (await listRaw(signal)).map((raw) => summary(raw, podman));
    },
    async describe(idOrName, signal) {
      const raw = await inspect(idOrName, signal);
      return describeContainer(raw, await digestsOf(raw.Image, signal));
    },
    async usage(id, signal) {
      const oneShot = atLeast(api, "1.41") ? { "one-shot": true } : {};
      const stats = await read(`read the usage of ${id}`, () =>
        container(id).stats({ stream: false, ...oneShot, ...cancel(limit(10_000, signal)) }),
      );
      return countersFromStats(stats as unknown as EngineStats);
    },
    async subscribe(signal) {
      const filters = JSON.stringify({ type: ["container", "image", "volume", "network"], event: watched });
      const stream = await write("follow its events", () => docker.getEvents({ filters, abortSignal: signal }));
      digests.clear();
      return readEvents(
        stream,
        () => digests.clear(),
        (error) => engineFailure(error, "follow its events", socket, kind),
      );
    },
    async start(id, signal) {
      await write("start the container", () => container(id).start({ abortSignal: limit(120_000, signal) })).catch(
        unlessUnchanged,
      );
    },
    async stop(id, timeoutSeconds, signal) {
      const t = timeoutSeconds === undefined ? {} : { t: timeoutSeconds };
      const patience = limit(stopLimitMs(timeoutSeconds), signal);
      await write("stop the container", () => container(id).stop({ ...t, abortSignal: patience })).catch(
        unlessUnchanged,
      );
    },
    async restart(id, timeoutSeconds, signal) {
      const t = timeoutSeconds === undefined ? {} : { t: timeoutSeconds };
      const patience = limit(stopLimitMs(timeoutSeconds) + 120_000, signal);
      await write("restart the container", () => container(id).restart({ ...t, abortSignal: patience }));
    },
    async logs(id, lines, signal) {
      const raw = await read("read the log", () =>
        container(id).logs({ stdout: true, stderr: true, tail: lines, abortSignal: limit(10_000, signal) }),
      );
      return decodeLog(Buffer.isBuffer(raw) ? raw : Buffer.from(typeof raw === "string" ? raw : "")).slice(-lines);
    },
    recreation,
  };
}

const infoKeptMs = 600_000;
const infos = new Map<string, { info: EngineInfo; at: number }>();

/** Podman runs several programs to tell its settings: what it said is kept, while it answers. */
async function podmanInfo(
  path: string,
  docker: Docker,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<EngineInfo>,
): Promise<EngineInfo> {
  const kept = infos.get(path);
  if (kept && performance.now() - kept.at < infoKeptMs && (await ping(docker, signal).catch(() => undefined))) {
    return kept.info;
  }
  infos.delete(path);
  const info = await ask(signal);
  infos.set(path, { info, at: performance.now() });
  return info;
}

type Version = { Version: string; ApiVersion: string; MinAPIVersion?: string; podman: boolean };

/** What answers. Podman runs several programs to tell its version, while its ping tells all that is needed. */
async function versionOf(docker: Docker, signal: AbortSignal): Promise<Version> {
  const pinged = await ping(docker, signal);
  if (pinged) return pinged;
  const told = (await withSignal(docker.version(), signal)) as Omit<Version, "podman"> & { Components?: unknown };
  const parts = Array.isArray(told.Components) ? (told.Components as ({ Name?: string } | null)[]) : [];
  return { ...told, podman: parts.some((part) => part?.Name === "Podman Engine") };
}

function ping(docker: Docker, signal: AbortSignal): Promise<Version | undefined> {
  const request = { path: "/_ping", method: "GET", isStream: true, abortSignal: signal, statusCodes: { 200: true } };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, answer: unknown) => {
      if (error) {
        // What a proxy of the socket refuses does not matter here.
        if ((error as { statusCode?: number }).statusCode === undefined) reject(error);
        else resolve(undefined);
        return;
      }
      const response = answer as IncomingMessage;
      response.destroy();
      const [engine, api] = [response.headers["libpod-api-version"], response.headers["api-version"]];
      const isPodman = typeof engine === "string" && typeof api === "string";
      resolve(isPodman ? { Version: engine, ApiVersion: api, podman: true } : undefined);
    });
  });
}

/** A call that the library does not know. */
function ask<T>(docker: Docker, path: string, signal: AbortSignal): Promise<T> {
  const request = { path, method: "GET", abortSignal: signal, statusCodes: { 200: true, 404: "no such container" } };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, answer: unknown) => {
      if (error) reject(error);
      else resolve(answer as T);
    });
  });
}

// The library would keep an answer of any size.
function listStream(docker: Docker, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const request = {
    path: "/containers/json?",
    method: "GET",
    options: { all: true },
    isStream: true,
    abortSignal: signal,
    statusCodes: { 200: true, 400: "bad parameter", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, stream: unknown) => {
      if (error) reject(error);
      else resolve(stream as NodeJS.ReadableStream);
    });
  });
}

// Health checks run as execs, three events each: those are left out at the source. Podman's own words are "died" and "remove".
const watched = [
  ...["create", "start", "die", "died", "oom", "pause", "unpause", "rename", "update", "destroy", "remove"],
  ...["health_status", "pull", "tag", "untag", "delete", "load", "import"],
];
const actions: Record<string, string> = { died: "die", remove: "destroy" };

type RawEvent = {
  Type?: string;
  Action?: string;
  time?: number;
  timeNano?: number;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
};

async function* readEvents(
  stream: NodeJS.ReadableStream,
  onImage: () => void,
  failure: (error: unknown) => Error,
): AsyncGenerator<RuntimeEvent> {
  let rest = "";
  try {
    for await (const chunk of stream) {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = line.trim() === "" ? undefined : toEvent(line);
        if (event?.type === "image") onImage();
        if (event) yield event;
      }
    }
  } catch (error) {
    throw failure(error);
  }
}

function toEvent(line: string): RuntimeEvent | undefined {
  let raw: RawEvent;
  try {
    raw = JSON.parse(line) as RawEvent;
  } catch {
    return undefined;
  }
  const at = raw.timeNano ? Math.floor(raw.timeNano / 1e6) : (raw.time ?? 0) * 1000;
  if (raw.Type === "image" || raw.Type === "volume" || raw.Type === "network") return { type: raw.Type, at };
  if (raw.Type !== "container" || !raw.Actor?.ID || !raw.Action) return undefined;
  const code = raw.Actor.Attributes?.exitCode;
  return {
    type: "container",
    action: actions[raw.Action] ?? raw.Action,
    id: raw.Actor.ID,
    name: raw.Actor.Attributes?.name ?? "",
    at,
    exitCode: code === undefined ? undefined : Number(code),
  };
}

// The status text also counts the time ("Up 3 minutes (healthy)"), so only its health is taken. Podman tells the mere state
// there: its health has to be asked for.
function summary(raw: Docker.ContainerInfo, podman: boolean): ContainerSummary {
  const health = /\((healthy|unhealthy|health: starting)\)/.exec(raw.Status)?.[1] ?? "";
  const own = raw.Names.find((name) => name.lastIndexOf("/") === 0) ?? raw.Names[0] ?? "";
  const networks = Object.keys(raw.NetworkSettings?.Networks ?? {}).sort();
  return {
    id: raw.Id,
    name: own.slice(1),
    fingerprint: [raw.State, health, raw.ImageID, raw.Image, own, networks, raw.Ports.length].join("|"),
    ...(podman ? { healthUnknown: true } : {}),
  };
}

function isReset(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ECONNRESET" || code === "EPIPE";
}

function fail(error: unknown): never {
  throw error;
}

// The service's own 404 has no JSON: the call, not the container, is missing.
function isMissingCall(error: unknown): boolean {
  const cause =
    error instanceof Error ? (error.cause as { statusCode?: number; json?: unknown } | undefined) : undefined;
  return cause?.statusCode === 404 && (Buffer.isBuffer(cause.json) || typeof cause.json !== "object");
}

function unlessGone(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}

// 304: it is already as asked.
function unlessUnchanged(error: unknown): void {
  const cause = error instanceof Error ? (error.cause as { statusCode?: number } | undefined) : undefined;
  if (cause?.statusCode !== 304) throw error;
}

// A container may ask for a long time to stop; an engine that hangs must end some time.
function stopLimitMs(timeoutSeconds: number | undefined): number {
  return (timeoutSeconds ?? 3_600) * 1000 + 60_000;
}

// The library takes a signal here too, its types don't say so.
function cancel(signal: AbortSignal): object {
  return { abortSignal: signal };
}

function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

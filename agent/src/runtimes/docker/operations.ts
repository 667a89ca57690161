import { Readable } from "node:stream";
import { familiarName, type ImageReference, withDefaultTag } from "@fairlead/shared/image-reference";
import type Docker from "dockerode";
import { imageLikeDocker } from "../podman/normalise.ts";
import {
  type ContainerRuntime,
  type DiskUsage,
  type EngineInfo,
  type ExecOutput,
  type ExecRequest,
  type LogOptions,
  type PruneScope,
  RuntimeFailure,
} from "../runtime.ts";
import { atLeast } from "./create-body.ts";
import type { EngineImage } from "./engine-types.ts";
import { demultiplex, plainLog } from "./frames.ts";
import { imageInfo, pulledName } from "./images.ts";
import { toDiskUsage, toImages, toInfo, toNetworks, toVolume, toVolumes } from "./listings.ts";
import { followPull } from "./pull-progress.ts";

/** How a call is made and its error explained: `read` may be asked twice, `write` not. */
export type Caller = {
  docker: Docker;
  api: string;
  /** A Podman service answers. */
  podman: boolean;
  /** An image as the engine has to be asked for it. */
  named(idOrReference: string): string;
  read<T>(what: string, call: () => Promise<T>): Promise<T>;
  write<T>(what: string, call: () => Promise<T>): Promise<T>;
  limit(ms: number, signal: AbortSignal): AbortSignal;
  withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T>;
  unlessGone(error: unknown): undefined;
};

type Operations = Pick<
  ContainerRuntime,
  | "logStream"
  | "pause"
  | "unpause"
  | "kill"
  | "remove"
  | "exec"
  | "archiveOut"
  | "archiveIn"
  | "images"
  | "volumes"
  | "networks"
  | "diskUsage"
  | "pullImage"
  | "tagImage"
  | "removeImage"
  | "prune"
  | "createVolume"
  | "findVolume"
  | "removeVolume"
  | "info"
>;

/** What a Docker engine, or one that speaks like it, does beside replacing containers. */
export function dockerOperations(caller: Caller): Operations {
  const { docker, podman, named, read, write, limit, withSignal, unlessGone } = caller;
  const container = (id: string) => docker.getContainer(encodeURIComponent(id));
  const volume = (name: string) => docker.getVolume(encodeURIComponent(name));
  const short = 30_000;

  return {
    async logStream(id, { tail, sinceMs, follow }, signal) {
      const { Config } = await read("inspect the container", () =>
        container(id).inspect({ abortSignal: limit(short, signal) }),
      );
      const raw = await read("read the log", () => logOf(docker, id, { tail, sinceMs, follow }, signal));
      return Config.Tty ? plainLog(raw) : demultiplex(raw);
    },
    async pause(id, signal) {
      await write("pause the container", () => container(id).pause({ abortSignal: limit(short, signal) }));
    },
    async unpause(id, signal) {
      await write("resume the container", () => container(id).unpause({ abortSignal: limit(short, signal) }));
    },
    async kill(id, name, signal) {
      const options = { ...(name ? { signal: name } : {}), abortSignal: limit(short, signal) };
      await write("send the container a signal", () => container(id).kill(options));
    },
    async remove(id, { force, volumes }, signal) {
      await write("remove the container", () =>
        container(id).remove({ force, v: volumes, abortSignal: limit(120_000, signal) }),
      ).catch(unlessGone);
    },
    exec: (id, request, onOutput, signal) => exec(caller, id, request, onOutput, signal),
    async archiveOut(id, path, signal) {
      return await read(`read ${path} of the container`, async () => {
        const stream = await container(id).getArchive({ path, abortSignal: signal } as { path: string });
        return stream as unknown as AsyncIterable<Uint8Array>;
      });
    },
    async archiveIn(id, path, tar, signal) {
      // The copy on write of the engine's own "docker cp": a folder does not replace a file.
      const options = { path, noOverwriteDirNonDir: "1", abortSignal: signal };
      await write(`write ${path} of the container`, () => container(id).putArchive(Readable.from(tar), options));
    },
    async images(signal) {
      return toImages(await read("list images", () => withSignal(docker.listImages(), limit(short, signal))));
    },
    async volumes(signal) {
      return toVolumes(await read("list volumes", () => withSignal(docker.listVolumes(), limit(short, signal))));
    },
    async networks(signal) {
      return toNetworks(await read("list networks", () => withSignal(docker.listNetworks(), limit(short, signal))));
    },
    async diskUsage(signal): Promise<DiskUsage> {
      return toDiskUsage(await read("measure its disk usage", () => withSignal(docker.df(), limit(300_000, signal))));
    },
    async pullImage(reference: ImageReference, onProgress, signal) {
      const wanted = withDefaultTag(reference);
      await write(`pull ${pulledName(wanted)}`, async () => {
        const stream = await docker.createImage({
          fromImage: podman ? `${wanted.domain}/${wanted.path}` : familiarName(wanted),
          tag: wanted.digest ?? wanted.tag,
          abortSignal: signal,
        });
        await followPull(stream, onProgress);
      });
      const raw = await read(`inspect image ${pulledName(wanted)}`, () =>
        withSignal(docker.getImage(named(pulledName(wanted))).inspect(), limit(short, signal)),
      );
      const image = raw as unknown as EngineImage;
      return imageInfo(podman ? imageLikeDocker(image) : image);
    },
    async tagImage(idOrReference, repository, tag, signal) {
      await write(`tag ${idOrReference}`, () =>
        withSignal(docker.getImage(named(idOrReference)).tag({ repo: named(repository), tag }), limit(short, signal)),
      );
    },
    async removeImage(idOrReference, { force }, signal) {
      await write(`remove image ${idOrReference}`, () =>
        withSignal(docker.getImage(named(idOrReference)).remove({ force }), limit(120_000, signal)),
      ).catch(unlessGone);
    },
    prune: (scope, signal) => prune(caller, scope, signal),
    async createVolume({ name, driver, options, labels }, signal) {
      await write(`create volume ${name}`, () =>
        withSignal(
          docker.createVolume({
            Name: name,
            Driver: driver ?? "local",
            DriverOpts: options ?? {},
            Labels: labels ?? {},
          }),
          limit(60_000, signal),
        ),
      );
    },
    async findVolume(name, signal) {
      const raw = await read(`inspect volume ${name}`, () =>
        withSignal(volume(name).inspect(), limit(short, signal)),
      ).catch(unlessGone);
      return raw === undefined ? undefined : toVolume(raw);
    },
    async removeVolume(name, signal) {
      await write(`remove volume ${name}`, () => withSignal(volume(name).remove(), limit(60_000, signal))).catch(
        unlessGone,
      );
    },
    async info(signal): Promise<EngineInfo> {
      return toInfo(await read("ask for its settings", () => withSignal(docker.info(), limit(short, signal))));
    },
  };
}

// The library would keep a log that is not followed whole.
function logOf(docker: Docker, id: string, options: LogOptions, signal: AbortSignal): Promise<Readable> {
  const { tail, sinceMs, follow } = options;
  const since = sinceMs > 0 ? { since: sinceMs / 1000 } : {};
  const request = {
    path: `/containers/${encodeURIComponent(id)}/logs?`,
    method: "GET",
    options: { stdout: true, stderr: true, timestamps: true, tail, follow, ...since },
    isStream: true,
    abortSignal: signal,
    statusCodes: { 200: true, 404: "no such container", 500: "server error", 501: "its log driver can't be read" },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, stream: unknown) => {
      if (error) reject(error);
      else resolve(stream as Readable);
    });
  });
}

const lookMs = 50;

async function exec(caller: Caller, id: string, request: ExecRequest, onOutput: ExecOutput, signal: AbortSignal) {
  const { docker, write, read, limit, withSignal } = caller;
  const { command, user, env, stdin } = request;
  const made = await write(`run ${command[0]} in the container`, () =>
    docker.getContainer(encodeURIComponent(id)).exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      AttachStdin: stdin !== undefined,
      ...(user === undefined ? {} : { User: user }),
      ...(env === undefined ? {} : { Env: [...env] }),
      abortSignal: limit(30_000, signal),
    }),
  );
  const stream = await write(`run ${command[0]} in the container`, () =>
    made.start({ hijack: true, stdin: stdin !== undefined, Detach: false, abortSignal: signal } as object),
  );
  const abort = () => stream.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    const fed = stdin === undefined ? Promise.resolve() : feed(stream, stdin);
    for await (const piece of demultiplex(stream)) await onOutput(piece.stream, piece.data);
    await fed;
    signal.throwIfAborted();
    for (;;) {
      const { Running, ExitCode } = await read("ask how the program ended", () =>
        withSignal(made.inspect(), limit(30_000, signal)),
      );
      if (!Running && typeof ExitCode === "number") return { exitCode: ExitCode };
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener("abort", abort);
    stream.destroy();
  }
}

async function feed(into: NodeJS.WritableStream, from: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of from) {
    // A program that reads no further is told of by its exit code.
    if (!(into as unknown as { writable: boolean }).writable) return;
    if (!into.write(chunk)) {
      await new Promise<void>((resolve) => {
        const go = () => {
          into.off("drain", go);
          into.off("close", go);
          resolve();
        };
        into.on("drain", go);
        into.on("close", go);
      });
    }
  }
  into.end();
}

type Pruned = { SpaceReclaimed?: number; [key: string]: unknown };

async function prune(caller: Caller, scope: PruneScope, signal: AbortSignal) {
  const { docker, api, podman, write, withSignal, limit } = caller;
  const patience = limit(600_000, signal);
  const ask = async (call: () => Promise<unknown>) =>
    counted((await write(`prune ${scope}`, () => withSignal(call(), patience))) as Pruned);
  switch (scope) {
    case "containers":
      return await ask(() => docker.pruneContainers());
    case "dangling-images":
      return await ask(() => docker.pruneImages({ filters: JSON.stringify({ dangling: ["true"] }) } as object));
    case "unused-images":
      // Podman takes its own word for it only.
      if (podman) return await ask(() => post(docker, "/libpod/images/prune?", { all: true }, patience));
      return await ask(() => docker.pruneImages({ filters: JSON.stringify({ dangling: ["false"] }) } as object));
    case "volumes":
      // Older engines would remove the named ones too.
      return atLeast(api, "1.42") && !podman
        ? await ask(() => docker.pruneVolumes())
        : await pruneAnonymous(caller, patience);
    case "networks":
      return await ask(() => docker.pruneNetworks());
    case "build-cache":
      if (podman) throw new RuntimeFailure("refused", "Podman keeps no build cache of its own: prune images instead");
      return await ask(() => docker.pruneBuilder());
    default:
      return scope satisfies never;
  }
}

async function pruneAnonymous({ docker, read, write, withSignal, unlessGone }: Caller, signal: AbortSignal) {
  const filters = JSON.stringify({ dangling: ["true"] });
  const unused = toVolumes(
    await read("list volumes", () => withSignal(docker.listVolumes({ filters } as object), signal)),
  );
  let removed = 0;
  for (const { name } of unused.filter(({ anonymous }) => anonymous)) {
    await write(`remove volume ${name}`, () => withSignal(docker.getVolume(name).remove(), signal)).catch(unlessGone);
    removed++;
  }
  return { removed, freedBytes: Number.NaN };
}

// Docker answers lists by what was removed, Podman's own API one list of {Id, Size}.
function counted(answer: Pruned | { Size?: number; Err?: unknown }[]): { removed: number; freedBytes: number } {
  if (Array.isArray(answer)) {
    const removed = answer.filter(({ Err }) => !Err);
    return { removed: removed.length, freedBytes: removed.reduce((sum, { Size }) => sum + (Size ?? 0), 0) };
  }
  const lists = Object.values(answer ?? {}).filter(Array.isArray);
  return {
    removed: lists.reduce((sum, list) => sum + list.length, 0),
    freedBytes: Number(answer?.SpaceReclaimed ?? 0),
  };
}

function post(docker: Docker, path: string, query: object, signal: AbortSignal): Promise<unknown> {
  const options = { _query: query, _body: {} };
  const request = {
    path,
    method: "POST",
    options,
    abortSignal: signal,
    statusCodes: { 200: true, 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, answer: unknown) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

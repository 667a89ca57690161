import { stat } from "node:fs/promises";
import type Docker from "dockerode";
import { qualified } from "../podman/normalise.ts";
import { RuntimeFailure } from "../runtime.ts";
import { bound } from "./bounded.ts";
import { atLeast } from "./create-body.ts";
import { limited } from "./deadline.ts";
import { type EngineKind, engineFailure, socketFailure } from "./failure.ts";
import { clientOf } from "./library.ts";
import { dockerSocket } from "./socket.ts";
import { versionOf } from "./version.ts";

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
  /** Another user serves it, who may tell any path of the host: its answers stay small, and its socket is not told on. */
  foreign?: boolean | undefined;
};

/** An engine that answered: how a call is made and its error explained. */
export type Connection = {
  docker: Docker;
  /** The same without an API version, for what is asked before one is agreed on. */
  hello: Docker;
  /** Path of the socket; `shown` for people. */
  path: string;
  kind: EngineKind;
  /** A Podman service answers. */
  podman: boolean;
  version: { engine: string; api: string };
  mostBytes: number;
  /** For calls that only read: asked once more after a reset. Throws RuntimeFailure. */
  read<T>(what: string, call: () => Promise<T>): Promise<T>;
  /** For calls that change something: asked once. Throws RuntimeFailure. */
  write<T>(what: string, call: () => Promise<T>): Promise<T>;
  failure(error: unknown, what: string): Error;
  container(id: string): Docker.Container;
  /** An image as the engine has to be asked for it. */
  named(idOrReference: string): string;
};

/** Newest engine API that this code was written for; older engines are spoken to in theirs. */
const newestApi = "1.51";
const oldestApi = "1.24";

/** Some ten thousand containers. */
const mostAnswerBytes = 32 << 20;
const mostForeignBytes = 8 << 20;

/**
 * Connects and agrees on an API version. Throws RuntimeFailure: "absent" (no socket), "forbidden", "unreachable" (nobody
 * answers), "refused" (what answers is no engine, or one too old or too new). The client library is loaded only when there
 * is a socket.
 */
export async function connect(options: DockerOptions, signal: AbortSignal): Promise<Connection> {
  const path = dockerSocket(options.socket);
  const shown = options.shown ?? path;
  let kind: EngineKind = options.type ?? (shown.includes("podman") ? "podman" : "docker");
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw socketFailure(error, shown, kind);
  });
  if (!found.isSocket())
    throw new RuntimeFailure("refused", `${shown} is no socket: set docker.socket to the engine's`);

  const { default: Client } = await import("dockerode");
  const mostBytes = options.foreign ? mostForeignBytes : mostAnswerBytes;
  const failure = (error: unknown, what: string) => engineFailure(error, what, shown, kind);
  const write = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw failure(error, what);
    }
  };
  // Idle kept-alive connections break when the engine restarts, so what only reads is asked once more.
  const read = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (!isReset(error)) throw failure(error, what);
      return await write(what, call);
    }
  };

  const hello = bound(clientOf(Client, path), mostBytes);
  const told = await read("ask for its version", () => versionOf(hello, limited(5_000, signal)));
  const { podman } = told;
  kind = podman ? "podman" : "docker";
  const api = atLeast(told.ApiVersion, newestApi) ? newestApi : told.ApiVersion;
  if (!atLeast(api, oldestApi) || (told.MinAPIVersion && !atLeast(api, told.MinAPIVersion))) {
    throw new RuntimeFailure(
      "refused",
      `the engine at ${shown} speaks API ${told.MinAPIVersion ?? "?"} to ${told.ApiVersion}, this agent ${oldestApi} to ${newestApi}`,
    );
  }
  const docker = bound(clientOf(Client, path, `v${api}`), mostBytes);
  return {
    ...{ docker, hello, path, kind, podman, mostBytes, read, write, failure },
    version: { engine: told.Version, api },
    container: (id) => docker.getContainer(encodeURIComponent(id)),
    named: (idOrReference) => (podman ? qualified(idOrReference) : idOrReference),
  };
}

function isReset(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ECONNRESET" || code === "EPIPE";
}

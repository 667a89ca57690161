import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { withSignal } from "./deadline.ts";
import type { EngineImage } from "./engine-types.ts";
import type { EngineStats } from "./stats.ts";

// What dockerode can do and its types do not say: casts at them stand here and nowhere else.

/**
 * A client of that socket. Without a `version` paths carry none. The library would follow DOCKER_HOST rather than the
 * socket that it is given, and fail for what else it reads of the environment then.
 */
export function clientOf(Client: typeof Docker, socketPath: string, version?: string): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Client({ socketPath, protocol: "http", ...(version === undefined ? {} : { version }) });
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

/** A request of its own. `path` ends in "?" where there is a `query`. */
export type EngineRequest = {
  method: "GET" | "POST";
  path: string;
  query?: object;
  /** POST only. */
  body?: object;
  signal: AbortSignal;
};

/** The answer to a call that the library does not know. */
export function request(docker: Docker, asked: EngineRequest): Promise<unknown> {
  return dial(docker, asked, false);
}

/** The answer to a call as it comes: the library would keep one of any size. */
export async function requestStream(docker: Docker, asked: EngineRequest): Promise<IncomingMessage> {
  return (await dial(docker, asked, true)) as IncomingMessage;
}

function dial(docker: Docker, { method, path, query, body, signal }: EngineRequest, isStream: boolean) {
  const options = body === undefined ? query : { _query: query ?? {}, _body: body };
  const asked = {
    method,
    path,
    isStream,
    abortSignal: signal,
    statusCodes: { 200: true },
    ...(options && { options }),
  };
  return new Promise<unknown>((resolve, reject) => {
    docker.modem.dial(asked, (error: unknown, answer: unknown) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

/** The engine's own JSON of an image. The library has no cancel for it; it answers in milliseconds or not at all. */
export async function inspectImage(docker: Docker, name: string, signal: AbortSignal): Promise<EngineImage> {
  return (await withSignal(docker.getImage(name).inspect(), signal)) as unknown as EngineImage;
}

/** Creates a container of the engine's own JSON. */
export async function createContainer(docker: Docker, name: string, body: object, signal: AbortSignal) {
  const asked = { _query: { name }, _body: body, abortSignal: signal };
  return await docker.createContainer(asked as unknown as Docker.ContainerCreateOptions);
}

/** One answer of the engine's stats. `oneShot`: without waiting for a second look at the CPU. */
export async function statsOf(
  container: Docker.Container,
  oneShot: boolean,
  signal: AbortSignal,
): Promise<EngineStats> {
  const asked = { stream: false as const, ...(oneShot ? { "one-shot": true } : {}), abortSignal: signal };
  return (await container.stats(asked)) as unknown as EngineStats;
}

/** A tar of a path in the container. */
export async function archiveOf(container: Docker.Container, path: string, signal: AbortSignal) {
  const stream = await container.getArchive({ path, abortSignal: signal });
  return stream as unknown as AsyncIterable<Uint8Array>;
}

/** Starts an exec with its streams attached. */
export async function attach(made: Docker.Exec, stdin: boolean, signal: AbortSignal): Promise<Duplex> {
  return await made.start({ hijack: true, stdin, Detach: false, abortSignal: signal } as Docker.ExecStartOptions);
}

/** The engine's filters, as its query takes them. */
export function filtered(filters: Record<string, string[]>): { filters: string } {
  return { filters: JSON.stringify(filters) };
}

import { RuntimeFailure, type RuntimeFailureCode } from "../runtime.ts";

/** What answers at a socket, for people: how it is called, and what starts it. */
export type EngineKind = "docker" | "podman";

const words = {
  docker: {
    title: "Docker engine",
    group: " or add its user to the socket's group (usually docker)",
    remedy: "is dockerd running?",
  },
  podman: { title: "Podman service", group: "", remedy: "systemctl start podman.socket" },
} as const;

/** A socket that can't be reached, with what to do about it. */
export function socketFailure(
  error: NodeJS.ErrnoException,
  socket: string,
  kind: EngineKind = "docker",
): RuntimeFailure {
  const { title, group, remedy } = words[kind];
  const cause = mute(error);
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new RuntimeFailure("absent", `no ${title}: ${socket} does not exist`, { cause });
    case "EACCES":
    case "EPERM":
      return new RuntimeFailure("forbidden", `no permission for ${socket}: run the agent as root${group}`, { cause });
    default:
      return new RuntimeFailure(
        "unreachable",
        `the ${title} at ${socket} does not answer (${error.code ?? error.message}): ${remedy}`,
        { cause },
      );
  }
}

/** An error of the client library as one line: what was tried and what the engine said. */
export function engineFailure(error: unknown, what: string, socket: string, kind: EngineKind = "docker"): Error {
  if (error instanceof RuntimeFailure) return error;
  const known = error as {
    statusCode?: number;
    json?: unknown;
    code?: string;
    name?: string;
    message?: string;
    cause?: unknown;
  };
  const timedOut =
    known.name === "TimeoutError" || (known.cause as { name?: string } | undefined)?.name === "TimeoutError";
  if (timedOut) {
    return new RuntimeFailure("unreachable", `the ${words[kind].title} at ${socket} did not answer in time: ${what}`, {
      cause: mute(error),
    });
  }
  if (known.name === "AbortError") return error as Error;
  if (known.statusCode === undefined) {
    if (known.code !== undefined) return socketFailure(error as NodeJS.ErrnoException, socket, kind);
    return new RuntimeFailure("refused", `can't ${what}: ${oneLine(known.message ?? String(error))}`, {
      cause: mute(error),
    });
  }
  const cause = mute(error);
  const said = isObject(known.json) ? saidBy(known.json) : undefined;
  const text = oneLine(said ?? "") || `HTTP ${known.statusCode}`;
  return new RuntimeFailure(codeOf(known.statusCode, said), `can't ${what}: ${text}`, { cause });
}

/** What it was, without a message: the library's own says the same again. */
function mute(error: unknown): Error {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  return Object.assign(new Error(""), { code, statusCode });
}

function codeOf(status: number, said: string | undefined): RuntimeFailureCode {
  // An engine that lacks something says so in JSON. Without that the call itself is unknown there.
  if (status === 404) return said === undefined ? "refused" : "not_found";
  // Podman says 500 to a name that is taken.
  return status === 409 || /name .* is already in use/.test(said ?? "") ? "conflict" : "refused";
}

function isObject(answer: unknown): answer is object {
  return typeof answer === "object" && answer !== null && !Buffer.isBuffer(answer);
}

function saidBy(answer: { message?: unknown; error?: unknown }): string {
  return [answer.message, answer.error].find((text) => typeof text === "string") ?? "";
}

/** True where the engine, an older one, does not know the call that failed. */
export function isMissingCall(error: unknown): boolean {
  return error instanceof RuntimeFailure && error.code === "refused" && statusOf(error) === 404;
}

/** The same pieces; an engine that goes away in their middle is told of as `failure` has it. */
export async function* explained<T>(pieces: AsyncIterable<T>, failure: (error: unknown) => Error): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    throw failure(error);
  }
}

/** For `catch`: what is not there (any more) is undefined, all else is thrown on. */
export function unlessGone(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}

/** What the engine answered to the call that failed. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? (error.cause as { statusCode?: number } | undefined) : undefined;
  return cause?.statusCode;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ").slice(0, 500);
}

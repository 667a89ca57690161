import type Docker from "dockerode";
import * as z from "zod/mini";
import { withSignal } from "./deadline.ts";
import { requestStream } from "./library.ts";

/** Versions of an engine, or of a Podman service. */
export type EngineVersion = {
  Version: string;
  ApiVersion: string;
  MinAPIVersion?: string | undefined;
  podman: boolean;
};

const version = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  MinAPIVersion: z.optional(z.string()),
  Components: z.catch(z.array(z.catch(z.object({ Name: z.string() }), { Name: "" })), []),
});

/** What answers. Podman runs several programs to tell its version, while its ping tells all that is needed. */
export async function versionOf(docker: Docker, signal: AbortSignal): Promise<EngineVersion> {
  const pinged = await pingPodman(docker, signal);
  if (pinged) return pinged;
  const told = z.safeParse(version, await withSignal(docker.version(), signal));
  if (!told.success) throw new Error("the answer is no version: is that a container engine's socket?");
  const { Components, ...versions } = told.data;
  return { ...versions, podman: Components.some(({ Name }) => Name === "Podman Engine") };
}

/** The versions of a Podman service, undefined where something else answers. */
export async function pingPodman(docker: Docker, signal: AbortSignal): Promise<EngineVersion | undefined> {
  try {
    const response = await requestStream(docker, { method: "GET", path: "/_ping", signal });
    response.destroy();
    const [engine, api] = [response.headers["libpod-api-version"], response.headers["api-version"]];
    const isPodman = typeof engine === "string" && typeof api === "string";
    return isPodman ? { Version: engine, ApiVersion: api, podman: true } : undefined;
  } catch (error) {
    // What a proxy of the socket refuses does not matter here.
    if ((error as { statusCode?: number }).statusCode === undefined) throw error;
    return undefined;
  }
}

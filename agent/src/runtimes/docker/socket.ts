import { RuntimeFailure } from "../runtime.ts";

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

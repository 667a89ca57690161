import { RuntimeFailure } from "../runtime.ts";

const defaultSocket = "/var/run/docker.sock";

/** What is asked for as Docker's socket, as it was written: by the configuration, else by DOCKER_HOST. */
export function askedSocket(configured: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return (configured === defaultSocket ? undefined : configured) || env.DOCKER_HOST || defaultSocket;
}

/** Path of the engine's socket. Throws RuntimeFailure for a DOCKER_HOST that is no unix socket. */
export function dockerSocket(configured: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const asked = askedSocket(configured, env);
  const path = asked.startsWith("unix://") ? asked.slice("unix://".length) : asked;
  if (path.startsWith("/")) return path;
  const source = configured && configured !== defaultSocket ? "docker.socket" : "DOCKER_HOST";
  throw new RuntimeFailure("refused", `${source} is ${JSON.stringify(asked)}: only unix sockets are supported`);
}

import { environmentNames } from "./config.ts";
import { Failure } from "./failure.ts";

/** One line for a listener that could not be opened: setting, value, remedy. */
export function listenFailure(setting: "httpPort" | "grpcPort", host: string, port: number, cause: unknown): Failure {
  const { code, message } = cause as NodeJS.ErrnoException;
  const flag = setting === "httpPort" ? "--port" : "--grpc-port";
  const name = `${environmentNames[setting]} (${flag})`;
  const text = {
    EADDRINUSE: `${name}: port ${port} on ${host} is taken: stop what listens there, or choose another port`,
    EACCES: `${name}: port ${port} may not be opened by this user: choose one above 1023`,
    EADDRNOTAVAIL: `${environmentNames.host} (--host): ${host} is no address of this host`,
    ENOTFOUND: `${environmentNames.host} (--host): ${host} is no known name or address`,
  }[code ?? ""];
  return new Failure("unavailable", text ?? `${name}: can't listen on ${host}:${port}: ${message}`, { cause });
}

import { hostname } from "node:os";
import type { Config } from "../../config.ts";

/** The line that an operator runs on a host. The token is in the environment: arguments are seen in process lists. */
export function installCommand(
  config: Pick<Config, "publicUrl" | "grpcAddress" | "httpPort" | "grpcPort">,
  token: string,
  caSha256: string,
): string {
  const base = (config.publicUrl ?? `http://${hostname()}:${config.httpPort}`).replace(/\/+$/, "");
  const server = config.grpcAddress ?? `${new URL(base).hostname}:${config.grpcPort}`;
  return `curl -fsSL ${base}/install.sh | FAIRLEAD_TOKEN=${token} sh -s -- --server ${server} --ca-sha256 ${caSha256}`;
}

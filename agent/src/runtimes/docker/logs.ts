import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited } from "./deadline.ts";
import { explained } from "./failure.ts";
import { demultiplex, plainLog } from "./frames.ts";
import { requestStream } from "./library.ts";
import { decodeLog } from "./log-lines.ts";

/** What containers wrote. */
export function logOperations({
  docker,
  container,
  read,
  failure,
}: Connection): Pick<ContainerRuntime, "logs" | "logStream"> {
  return {
    async logs(id, lines, signal) {
      const raw = await read("read the log", () =>
        container(id).logs({ stdout: true, stderr: true, tail: lines, abortSignal: limited(10_000, signal) }),
      );
      return decodeLog(Buffer.isBuffer(raw) ? raw : Buffer.from(typeof raw === "string" ? raw : "")).slice(-lines);
    },
    async logStream(id, { tail, sinceMs, follow }, signal) {
      const { Config } = await read("inspect the container", () =>
        container(id).inspect({ abortSignal: limited(30_000, signal) }),
      );
      const since = sinceMs > 0 ? { since: sinceMs / 1000 } : {};
      const query = { stdout: true, stderr: true, timestamps: true, tail, follow, ...since };
      const path = `/containers/${encodeURIComponent(id)}/logs?`;
      const raw = await read("read the log", () => requestStream(docker, { method: "GET", path, query, signal }));
      return explained(Config.Tty ? plainLog(raw) : demultiplex(raw), (error) => failure(error, "read the log"));
    },
  };
}

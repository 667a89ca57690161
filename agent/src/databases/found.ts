import type { Engine } from "./probe.ts";
import { defaultPorts, type Recognised } from "./recognise.ts";

/** A database that was found on this host. `problem`: why it can't be asked, in one line with the remedy. */
export type Found = Recognised & {
  key: string;
  host?: string;
  port?: number;
  /** Path as the agent sees it. */
  socket?: string;
  /** Every address that leads to it: "127.0.0.1:5432", to match what the configuration says. */
  addresses: readonly string[];
  /** Its unix sockets, as the agent sees them. */
  sockets: readonly string[];
  container?: { name: string; id: string };
  process?: { pid: number; name: string; exe: string | undefined };
  /** As the agent sees it: in a container below /proc/PID/root. `shown`: as the database knows it. */
  dataDirectory?: { path: string; shown: string };
  problem?: string;
};

/** Key of a database: "redis:container/cache:6379", "redis:127.0.0.1:6379", "redis:[::1]:6379", "redis:/run/redis.sock". */
export function databaseKey(
  engine: Engine,
  at: {
    container?: string | undefined;
    host?: string | undefined;
    port?: number | undefined;
    socket?: string | undefined;
  },
): string {
  const { container, host = "127.0.0.1", port, socket } = at;
  if (container !== undefined) return `${engine}:container/${container}:${port ?? defaultPorts[engine]}`;
  if (port === undefined && socket !== undefined) return `${engine}:${socket}`;
  return `${engine}:${withPort(host, port ?? defaultPorts[engine])}`;
}

/** "127.0.0.1:5432", "[::1]:5432". */
export function withPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

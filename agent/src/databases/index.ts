import type { Engine, Probe } from "./probe.ts";

/**
 * The probe of each engine, loaded when a database of it is there, in the child that probes. Each file's probe is named as
 * the file: `export const postgresql: Probe`.
 */
export const probes: Record<Engine, () => Promise<Probe>> = {
  postgresql: async () => (await import("./postgresql.ts")).postgresql,
  mysql: async () => (await import("./mysql.ts")).mysql,
  mariadb: async () => (await import("./mysql.ts")).mysql,
  redis: async () => (await import("./redis.ts")).redis,
  valkey: async () => (await import("./redis.ts")).redis,
  mongodb: async () => (await import("./mongodb.ts")).mongodb,
  minio: async () => (await import("./minio.ts")).minio,
};

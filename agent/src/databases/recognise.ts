import { posix } from "node:path";
import type { Engine } from "./probe.ts";

/** What a process is, as its name says. `role` where the name tells it. */
export type Recognised = { engine: Engine; role?: "sentinel" | "router" };

// By comm, which the kernel cuts after 15 characters.
const programs: Readonly<Record<string, Recognised>> = {
  postgres: { engine: "postgresql" },
  postmaster: { engine: "postgresql" },
  "edb-postgres": { engine: "postgresql" },
  mysqld: { engine: "mysql" },
  "mysqld-debug": { engine: "mysql" },
  mariadbd: { engine: "mariadb" },
  "redis-server": { engine: "redis" },
  "redis-sentinel": { engine: "redis", role: "sentinel" },
  "keydb-server": { engine: "redis" },
  "valkey-server": { engine: "valkey" },
  "valkey-sentinel": { engine: "valkey", role: "sentinel" },
  mongod: { engine: "mongodb" },
  mongos: { engine: "mongodb", role: "router" },
  minio: { engine: "minio" },
};

/** Ports that each engine listens on unless told. */
export const defaultPorts: Readonly<Record<Engine, number>> = {
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
  valkey: 6379,
  mongodb: 27017,
  minio: 9000,
};

/** True for a process name that may be a database's: to look at it closer. */
export function maybeDatabase(comm: string): boolean {
  return Object.hasOwn(programs, comm);
}

/** What a process is: by its name, its program or the name it gives itself. Undefined for all that is no database server. */
export function recognise(comm: string, exe: string | undefined, args: readonly string[]): Recognised | undefined {
  const program = posix.basename((exe ?? "").replace(/ \(deleted\)$/, ""));
  const found = programs[program.slice(0, 15)] ?? programs[comm];
  if (found === undefined) return undefined;
  const title = args[0] ?? "";
  // `postgres --single`, `mysqld --help`, `redis-server --version`: they serve nobody, and listen nowhere anyway.
  if (found.engine === "postgresql" && /^\S*postgres: /.test(title)) return undefined;
  // The one that a Fairlead server runs for itself: it looks after it, and nobody else knows a password of it.
  if (found.engine === "postgresql" && args.includes("cluster_name=fairlead")) return undefined;
  if (args.includes("--sentinel") || /\[sentinel\]/.test(args.join(" "))) return { ...found, role: "sentinel" };
  // MariaDB still comes as "mysqld" in places.
  if (found.engine === "mysql" && /mariadb/i.test(`${program} ${args.join(" ")}`)) return { engine: "mariadb" };
  return found;
}

/** Engine that an image is of, by the last part of its name: "docker.io/bitnami/postgresql:16" -> postgresql. */
export function engineOfImage(image: string): Engine | undefined {
  const name =
    (image.split("@")[0] ?? "")
      .replace(/:[^/]*$/, "")
      .split("/")
      .at(-1) ?? "";
  return companions.test(name) ? undefined : images.find(([pattern]) => pattern.test(name))?.[1];
}

const companions = /exporter|backup|admin|operator|prox|pooler|bouncer|client|insight|commander|express|console|agent/i;
const images: readonly (readonly [RegExp, Engine])[] = [
  [/^(postgres|postgresql|postgis|timescaledb|pgvector|spilo|edb-postgres)([-_].*)?$/, "postgresql"],
  [/^mariadb([-_].*)?$/, "mariadb"],
  [/^(mysql|percona|community-server)([-_].*)?$/, "mysql"],
  [/^valkey([-_].*)?$/, "valkey"],
  [/^(redis|keydb)([-_].*)?$/, "redis"],
  [/^(mongo|mongodb|percona-server-mongodb)([-_].*)?$/, "mongodb"],
  [/^minio([-_].*)?$/, "minio"],
];

/** Ports a process listens on that are not for clients; the one for clients is chosen among the rest. */
export function clientPort(engine: Engine, ports: readonly number[], args: readonly string[]): number | undefined {
  if (ports.length === 0) return undefined;
  const sorted = [...new Set(ports)].sort((a, b) => a - b);
  const told = toldPort(engine, args);
  if (told !== undefined && sorted.includes(told)) return told;
  if (engine === "mysql" || engine === "mariadb") {
    // 33060: X protocol, 33062: administration, 4567 and 4444: Galera.
    return sorted.find((port) => ![33060, 33062, 4567, 4568, 4444].includes(port)) ?? sorted[0];
  }
  if (engine === "minio" || engine === "mongodb") {
    const usual = defaultPorts[engine];
    return sorted.includes(usual) ? usual : sorted[0];
  }
  // Redis: its cluster bus is at port + 10000.
  return sorted[0];
}

// "--port=3307", "--port 3307", "-p 5433", "--address :9010", "redis-server 127.0.0.1:6380".
function toldPort(engine: Engine, args: readonly string[]): number | undefined {
  const names = { postgresql: ["-p", "--port"], minio: ["--address", "-address"] } as Partial<Record<Engine, string[]>>;
  const value = argument(args, names[engine] ?? ["--port", "-P"]);
  const port = Number(value?.split(":").at(-1));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** Value of an option, given as "--name value", "--name=value" or "-nvalue". */
export function argument(args: readonly string[], names: readonly string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    for (const name of names) {
      if (arg === name) return args[i + 1];
      if (name.startsWith("--") && arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
      if (/^-\w$/.test(name) && arg.startsWith(name) && arg.length > 2) return arg.slice(2);
    }
  }
  return undefined;
}

/** Folder of its data, from its arguments, as the process sees it; undefined: its working folder tells. */
export function toldDataDirectory(engine: Engine, args: readonly string[]): string | undefined {
  const names: Partial<Record<Engine, string[]>> = {
    postgresql: ["-D"],
    mysql: ["--datadir", "-h"],
    mariadb: ["--datadir", "-h"],
    redis: ["--dir"],
    valkey: ["--dir"],
    mongodb: ["--dbpath"],
  };
  const own = names[engine];
  const told = own === undefined ? undefined : argument(args, own);
  if (told?.startsWith("/")) return posix.normalize(told);
  if (engine !== "minio") return undefined;
  const after = args.slice(args.indexOf("server") + 1);
  const volume = after.find((arg, i) => arg.startsWith("/") && !after[i - 1]?.startsWith("-"));
  // "/mnt/disk{1...4}": the folder above says where they are.
  return volume === undefined ? undefined : posix.normalize(volume.includes("{") ? posix.dirname(volume) : volume);
}

/** True for engines that one program line gave rise to, and that a user may name either way. */
export function sameFamily(one: Engine, other: Engine): boolean {
  return familyOf(one) === familyOf(other);
}

function familyOf(engine: Engine): Engine {
  if (engine === "mariadb") return "mysql";
  return engine === "valkey" ? "redis" : engine;
}

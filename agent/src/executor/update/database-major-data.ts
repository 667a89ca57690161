import { posix } from "node:path";
import type { DatabaseEngine } from "./database-major-image.ts";

/** What a database's own files tell. `by`: which file where. */
export type DataFound =
  | { engine: "PostgreSQL" | "MariaDB" | "MySQL"; major: string; by: string }
  /** `format`: version of the RDB file. */
  | { engine: "Redis" | "Valkey"; format: number; by: string };

export type DataFamily = "postgresql" | "mysql" | "redis";

type Told =
  | { engine: "PostgreSQL" | "MariaDB" | "MySQL"; major: string }
  | { engine: "Redis" | "Valkey"; format: number };
type DataFile = { name: string; read(head: Buffer): Told | undefined };

/** Files that tell the version of the data, the one that counts most first, and the folders of a volume they may lie in. */
const families: Record<DataFamily, { files: readonly DataFile[]; folders: readonly string[] }> = {
  postgresql: { files: [{ name: "PG_VERSION", read: postgresql }], folders: ["", "data", "pgdata"] },
  mysql: {
    files: [
      { name: "mysql_upgrade_history", read: mysqlHistory },
      { name: "mariadb_upgrade_info", read: mysqlInfo },
      { name: "mysql_upgrade_info", read: mysqlInfo },
    ],
    folders: ["", "data"],
  },
  redis: { files: [{ name: "dump.rdb", read: rdb }], folders: ["", "data"] },
};

/** Bytes of a file's beginning that are enough. */
export const headBytes = 16_384;

/** The family of files that a database keeps, where its files tell a version. */
export function familyOf(engine: DatabaseEngine | undefined): DataFamily | undefined {
  if (engine === "PostgreSQL") return "postgresql";
  if (engine === "MySQL" || engine === "MariaDB") return "mysql";
  return engine === "Redis" || engine === "Valkey" ? "redis" : undefined;
}

export type Candidate = { family: DataFamily; path: string; file: DataFile };

/**
 * Where such files may lie, as paths in the container. `data`: the folders that PGDATA names, which come first: what the
 * new server would open counts before what lies elsewhere.
 */
export function candidatesOf(family: DataFamily, mounts: readonly string[], data: readonly string[]): Candidate[] {
  const { files, folders } = families[family];
  const named = family === "postgresql" ? data.filter((folder) => folder.startsWith("/")) : [];
  const places = [...named, ...mounts.flatMap((mount) => folders.map((folder) => posix.join(mount, folder)))];
  const unique = [...new Set(places.map((place) => posix.resolve(place)))];
  return unique.flatMap((place) => files.map((file) => ({ family, path: posix.join(place, file.name), file })));
}

function postgresql(head: Buffer): Told | undefined {
  const major = /^(9\.\d{1,2}|\d{2,3})\s*$/.exec(head.toString("latin1"))?.[1];
  return major === undefined ? undefined : { engine: "PostgreSQL", major };
}

/** "10.11.14-MariaDB", "8.0.36". */
function mysqlInfo(head: Buffer): Told | undefined {
  const text = head.toString("latin1");
  const major = /^(\d{1,3}\.\d{1,3})\.\d+/.exec(text)?.[1];
  if (major === undefined) return undefined;
  return { engine: /mariadb/i.test(text) ? "MariaDB" : "MySQL", major };
}

/** MySQL 8.4 and later: JSON, the last entry is the present one. */
function mysqlHistory(head: Buffer): Told | undefined {
  const versions = [...head.toString("latin1").matchAll(/"version"\s*:\s*"(\d{1,3}\.\d{1,3})\.\d+/g)];
  const major = versions.at(-1)?.[1];
  return major === undefined ? undefined : { engine: "MySQL", major };
}

/** "REDIS0011", "VALKEY080". */
function rdb(head: Buffer): Told | undefined {
  const match = /^(?:REDIS(\d{4})|VALKEY(\d{3}))/.exec(head.toString("latin1", 0, 9));
  if (!match) return undefined;
  return match[1] === undefined
    ? { engine: "Valkey", format: Number(match[2]) }
    : { engine: "Redis", format: Number(match[1]) };
}

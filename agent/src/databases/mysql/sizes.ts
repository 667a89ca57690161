import { number, type Row, text } from "./rows.ts";
import { isAtLeast, type Server } from "./version.ts";

/** Sizes of the whole and of the largest databases, bytes. */
export type Sizes = { total: number; databases: { name: string; sizeBytes: number }[] };

/** InnoDB's files by database: a look at each file, no table is opened. Needs PROCESS. */
export function tablespaceQuery(server: Server): string {
  const newer = server.flavour === "mysql" && isAtLeast(server, 8, 0, 0);
  const schema = "SUBSTRING_INDEX(NAME, '/', 1)";
  // Names are encoded as those of files are, by MySQL 8 in part; what has no slash is shared by all.
  const name = newer ? schema : `CONVERT(CONVERT(CAST(${schema} AS BINARY) USING filename) USING utf8mb4)`;
  const table = newer ? "INNODB_TABLESPACES" : "INNODB_SYS_TABLESPACES";
  return `SELECT IF(INSTR(NAME, '/') > 0, ${name}, NULL) AS name, SUM(FILE_SIZE) AS bytes FROM information_schema.${table} GROUP BY 1`;
}

/**
 * Data and indexes by database as the tables say, of other engines than InnoDB or of all. Lists only what the user has
 * some right on, and opens every table up to MySQL 5.7 and in MariaDB.
 */
export function tableQuery(otherEngines: boolean): string {
  return (
    "SELECT TABLE_SCHEMA AS name, SUM(DATA_LENGTH + INDEX_LENGTH) AS bytes FROM information_schema.TABLES " +
    "WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys') AND TABLE_TYPE = 'BASE TABLE'" +
    `${otherEngines ? " AND ENGINE <> 'InnoDB'" : ""} GROUP BY TABLE_SCHEMA`
  );
}

/** Adds up what the queries gave. Undefined where they gave nothing. */
export function sumSizes(answers: readonly (readonly Row[])[]): Sizes | undefined {
  const sums = new Map<string, number>();
  let total = 0;
  let known = false;
  for (const row of answers.flat()) {
    const bytes = number(row.bytes);
    if (!(bytes >= 0)) continue;
    known = true;
    total += bytes;
    const name = text(decoded(row.name), 64);
    if (name !== "") sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  const databases = [...sums].map(([name, sizeBytes]) => ({ name, sizeBytes }));
  databases.sort((a, b) => b.sizeBytes - a.sizeBytes);
  return known ? { total, databases: databases.slice(0, 50) } : undefined;
}

// "a@002db" -> "a-b"; a name of its own with an @ and four digits is too rare to be told apart.
function decoded(name: unknown): unknown {
  if (typeof name !== "string") return name;
  return name.replaceAll(/@([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

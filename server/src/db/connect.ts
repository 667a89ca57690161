import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Database } from "./schema.ts";
import { parseTextArray, textArrayOid } from "./text-array.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Opens a pool; bigint comes out as number. `onError` hears of connections that broke: the pool replaces them. */
export function openPool(url: string, max: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, keepAlive: true, types: { getTypeParser } });
  // The pool listens to idle clients only: a broken one in use, between two queries, would end the process.
  pool.on("connect", (client) => client.on("error", onError));
  pool.on("error", () => {});
  return pool;
}

/** Kysely over that pool. */
export function openDatabase(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

function getTypeParser(oid: number, format?: "text" | "binary") {
  if (oid === pg.types.builtins.INT8 && format !== "binary") return Number;
  if (oid === pg.types.builtins.TIMESTAMPTZ && format !== "binary") return parseTimestamp;
  if (oid === textArrayOid && format !== "binary") return parseTextArray;
  return pg.types.getTypeParser(oid, format as "text");
}

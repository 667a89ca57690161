import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import pg from "pg";
import { inject } from "vitest";
import { openDatabase, openPool } from "../src/db/connect.ts";
import { migrate } from "../src/db/migrate.ts";
import type { Database } from "../src/db/schema.ts";

export type TestDatabase = { url: string; pool: pg.Pool; db: Kysely<Database>; close(): Promise<void> };

/** A fresh migrated database on the run's cluster. */
export async function testDatabase(): Promise<TestDatabase> {
  const base = inject("databaseUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await once(base, `CREATE DATABASE ${name}`);
  const url = base.replace("/fairlead?", `/${name}?`);
  const pool = openPool(url, 8, () => {});
  const db = openDatabase(pool);
  await migrate(db);
  return {
    url,
    pool,
    db,
    close: async () => {
      await db.destroy();
      await once(base, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

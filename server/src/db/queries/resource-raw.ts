import { type Kysely, sql } from "kysely";
import type pg from "pg";
import type { Database } from "../schema.ts";

/** Raw output of a resource, base64 of gzip as its agent sent it; empty where there is none any more. */
export type RawOutput = { resourceId: number; hash: string; base64: string };

/** Stores the raw output of these resources, each at most once. */
export async function storeRaw(client: pg.PoolClient, outputs: readonly RawOutput[]): Promise<void> {
  if (outputs.length === 0) return;
  const rows = [...outputs].sort((a, b) => a.resourceId - b.resourceId);
  await client.query({
    name: "store-raw",
    text: `INSERT INTO resource_raw (resource_id, hash, raw)
      SELECT * FROM unnest($1::int[], $2::text[], $3::bytea[])
      ON CONFLICT (resource_id) DO UPDATE SET hash = EXCLUDED.hash, raw = EXCLUDED.raw`,
    values: [
      rows.map((row) => row.resourceId),
      rows.map((row) => row.hash),
      rows.map((row) => Buffer.from(row.base64, "base64")),
    ],
  });
}

/** The raw output of a resource (gzip); undefined where there is none. */
export async function readRaw(db: Kysely<Database>, resourceId: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom("resource_raw")
    .select("raw")
    .where("resource_id", "=", resourceId)
    .where(sql<boolean>`raw <> ''`)
    .executeTakeFirst();
  return row?.raw;
}

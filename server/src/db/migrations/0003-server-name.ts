import { type Kysely, sql } from "kysely";

/** The order in which lists of servers are read, page by page. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE INDEX server_name ON server (lower(name), id)`.execute(db);
}

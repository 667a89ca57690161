import { type Kysely, sql } from "kysely";

/** How many alerts of a server fire, for its line in lists: quick in a storm of alerts too, whatever the statistics say. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE INDEX alert_firing ON alert (server_id) WHERE state = 'firing'`.execute(db);
}

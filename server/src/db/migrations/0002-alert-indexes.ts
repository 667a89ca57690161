import { type Kysely, sql } from "kysely";

/** What alerts are looked up by: the next generation, and the rows that a deleted server or resource takes along. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(statements).execute(db);
}

const statements = `
CREATE INDEX alert_history ON alert (rule_id, server_id, resource_id);
CREATE INDEX alert_server ON alert (server_id);
CREATE INDEX alert_resource ON alert (resource_id);
`;

import { type Kysely, sql } from "kysely";

/**
 * The agent's public key (SPKI) of each certificate, to seal secrets for it, and when a certificate was first shown: the one
 * first shown last is the one that the agent holds, since the answer to a renewal can get lost.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE agent_certificate ADD COLUMN public_key_der bytea, ADD COLUMN used_at timestamptz`.execute(db);
}

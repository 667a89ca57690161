import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { migrations } from "./migrations/index.ts";
import type { Database } from "./schema.ts";

/** Brings the schema up to date; several servers may start at once, one of them migrates. Throws with the failed step's name. */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(migrations.map((step) => [step.name, step])) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find((r) => r.status === "Error")?.migrationName ?? "before the first step";
    throw new Error(`database migration failed at ${failed}`, { cause: error });
  }
  return results.map((r) => r.migrationName);
}

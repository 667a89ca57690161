import { createHash } from "node:crypto";
import { catalogue, type Kind } from "@fairlead/shared/catalogue";
import type pg from "pg";

const settingKey = "sample-views";

/** Names and definitions of the views: for each kind `v_KIND` over samples and `v_KIND_1m`, `_15m`, `_2h` over roll-ups. */
export function viewDefinitions(kinds: Readonly<Record<string, Kind>> = catalogue): Map<string, string> {
  const views = new Map<string, string>();
  for (const [kind, { metrics }] of Object.entries(kinds)) {
    if (metrics.length === 0) {
      views.set(`v_${kind}`, `SELECT ${resourceColumns}, r.state, r.state_since, r.gone_at FROM ${resources(kind)}`);
      continue;
    }
    const raw = metrics.map(({ name }, i) => `nullif(s.values[${i + 1}], 'NaN') AS "${name}"`);
    views.set(
      `v_${kind}`,
      `SELECT s.at, ${[resourceColumns, ...raw].join(", ")} FROM sample s JOIN ${resources(kind)} ON r.id = s.resource_id`,
    );
    // Columns of one metric stand together, so that a metric added to the catalogue comes last here too.
    const rolled = metrics.map(
      ({ name }, i) =>
        `nullif(s.avg[${i + 1}], 'NaN') AS "${name}", nullif(s.min[${i + 1}], 'NaN') AS "${name}_min", ` +
        `nullif(s.max[${i + 1}], 'NaN') AS "${name}_max"`,
    );
    for (const level of ["1m", "15m", "2h"]) {
      views.set(
        `v_${kind}_${level}`,
        `SELECT s.at, ${[resourceColumns, "s.count AS samples", ...rolled].join(", ")}
         FROM rollup_${level} s JOIN ${resources(kind)} ON r.id = s.resource_id`,
      );
    }
  }
  return views;
}

/**
 * Makes the views that people and Grafana read where their definitions are not those of this version; true when it did.
 * A view that cannot be replaced in place is dropped first, which fails while something of yours depends on it.
 */
export async function createViews(pool: pg.Pool, kinds: Readonly<Record<string, Kind>> = catalogue): Promise<boolean> {
  const views = viewDefinitions(kinds);
  const hash = createHash("sha256")
    .update(JSON.stringify([...views]))
    .digest("hex");
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [settingKey]);
    const { rows } = await client.query<{ value: unknown }>("SELECT value FROM setting WHERE key = $1", [settingKey]);
    const changed = rows[0]?.value !== hash;
    if (changed) {
      for (const [name, definition] of views) await replace(client, name, definition);
      await client.query(
        `INSERT INTO setting (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = now()`,
        [settingKey, JSON.stringify(hash)],
      );
    }
    await client.query("COMMIT");
    return changed;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw new Error("create the SQL views", { cause: error });
  } finally {
    client.release();
  }
}

async function replace(client: pg.PoolClient, name: string, definition: string): Promise<void> {
  await client.query("SAVEPOINT view");
  try {
    await client.query(`CREATE OR REPLACE VIEW "${name}" AS ${definition}`);
  } catch (error) {
    if ((error as { code?: string }).code !== "42P16") throw error;
    await client.query("ROLLBACK TO view");
    await client.query(`DROP VIEW "${name}"`);
    await client.query(`CREATE VIEW "${name}" AS ${definition}`);
  }
}

const resourceColumns =
  "sv.id AS server_id, sv.name AS server, sv.labels AS server_labels, r.id AS resource_id, r.key, r.labels";

function resources(kind: string): string {
  return `(resource r JOIN server sv ON sv.id = r.server_id AND r.kind = '${kind}')`;
}

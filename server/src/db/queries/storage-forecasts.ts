import { type Kysely, sql } from "kysely";
import type { Database } from "../schema.ts";

export type ForecastRow = {
  resourceId: number;
  metric: string;
  computedAt: Date;
  fullAt: Date | null;
  confidence: number;
  rate: number | null;
  basis: string;
  reason: string;
};

/** What is to be forecast, with what is stored of it. */
export type ForecastTarget = {
  id: number;
  kind: "filesystem" | "pool" | "drive";
  computedAt: Date | null;
  fullAt: Date | null;
  readOnly: boolean;
  state: unknown;
};

/** Filesystems, pools and drives, each with its last forecast; read-only ones only while one is to be taken back. */
export async function forecastTargets(db: Kysely<Database>): Promise<ForecastTarget[]> {
  const { rows } = await sql<ForecastTarget>`
    SELECT r.id, r.kind, f.computed_at AS "computedAt", f.full_at AS "fullAt", f.state,
      r.kind = 'filesystem' AND r.state IS NOT DISTINCT FROM 'ro' AS "readOnly"
    FROM resource r LEFT JOIN storage_forecast f ON f.resource_id = r.id
      AND f.metric = CASE r.kind WHEN 'drive' THEN 'wear_ratio' ELSE 'used_ratio' END
    WHERE r.kind IN ('filesystem', 'pool', 'drive') AND r.gone_at IS NULL
      AND (r.kind <> 'filesystem' OR r.state IS DISTINCT FROM 'ro' OR f.computed_at IS NULL OR f.full_at IS NOT NULL)
    ORDER BY f.computed_at NULLS FIRST, r.id`.execute(db);
  return rows;
}

/** Stores forecasts in one statement; resources that are gone meanwhile are left out. */
export async function saveForecasts(
  db: Kysely<Database>,
  rows: readonly (ForecastRow & { state: unknown })[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    INSERT INTO storage_forecast (resource_id, metric, computed_at, full_at, confidence, rate, basis, reason, state)
    SELECT u.* FROM jsonb_to_recordset(${JSON.stringify(rows.map(column))}::jsonb) AS u(resource_id int, metric text,
      computed_at timestamptz, full_at timestamptz, confidence real, rate float8, basis text, reason text, state jsonb)
    WHERE EXISTS (SELECT FROM resource r WHERE r.id = u.resource_id FOR KEY SHARE)
    ON CONFLICT (resource_id, metric) DO UPDATE SET computed_at = EXCLUDED.computed_at, full_at = EXCLUDED.full_at,
      confidence = EXCLUDED.confidence, rate = EXCLUDED.rate, basis = EXCLUDED.basis, reason = EXCLUDED.reason,
      state = EXCLUDED.state`.execute(db);
}

function column(row: ForecastRow & { state: unknown }) {
  return {
    resource_id: row.resourceId,
    metric: row.metric,
    computed_at: row.computedAt.toISOString(),
    full_at: row.fullAt?.toISOString() ?? null,
    confidence: row.confidence,
    rate: row.rate,
    basis: row.basis,
    reason: row.reason,
    state: row.state,
  };
}

/** The stored forecasts of these resources. */
export async function forecastsOf(db: Kysely<Database>, ids: readonly number[]): Promise<ForecastRow[]> {
  if (ids.length === 0) return [];
  return await select(db)
    .where("resource_id", "=", sql<number>`any(${[...ids]}::int[])`)
    .execute();
}

/** Forecasts of these metrics made since then. */
export async function forecastsSince(
  db: Kysely<Database>,
  metrics: readonly string[],
  since: Date,
): Promise<ForecastRow[]> {
  if (metrics.length === 0) return [];
  return await select(db)
    .where("metric", "in", [...metrics])
    .where("computed_at", ">=", since)
    .execute();
}

function select(db: Kysely<Database>) {
  return db
    .selectFrom("storage_forecast")
    .select([
      "resource_id as resourceId",
      "metric",
      "computed_at as computedAt",
      "full_at as fullAt",
      "confidence",
      "rate",
      "basis",
      "reason",
    ]);
}

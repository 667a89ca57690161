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

/** The stored forecasts of these resources. */
export async function forecastsOf(db: Kysely<Database>, ids: readonly number[]): Promise<ForecastRow[]> {
  if (ids.length === 0) return [];
  return await db
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
    ])
    .where("resource_id", "=", sql<number>`any(${[...ids]}::int[])`)
    .execute();
}

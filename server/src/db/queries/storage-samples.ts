import type pg from "pg";

export type StoredSample = { resourceId: number; at: number; values: Float32Array };

/** The last stored sample of each of these resources, however old; those without one are left out. */
export async function newestSamples(pool: pg.Pool, ids: readonly number[]): Promise<StoredSample[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<{ id: number; at: Date; values: (number | null)[] }>({
    name: "newest-samples",
    text: `SELECT r.id, s.at, s.values FROM unnest($1::int[]) AS r(id)
      CROSS JOIN LATERAL (SELECT at, values FROM sample WHERE resource_id = r.id ORDER BY at DESC LIMIT 1) s`,
    values: [[...ids]],
  });
  return rows.map((row) => ({
    resourceId: row.id,
    at: row.at.getTime(),
    values: Float32Array.from(row.values, (value) => value ?? Number.NaN),
  }));
}

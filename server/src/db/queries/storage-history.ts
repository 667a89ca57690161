import type pg from "pg";
import { reals, times } from "./samples-read.ts";

/** Means of some metrics of one resource over time (Unix ms, middle of each window); NaN where missing. */
export type MeansOf = { at: number[]; means: Float32Array[] };

const windowMs = { "15m": 15 * 60_000, "2h": 120 * 60_000 } as const;

/**
 * The roll-ups of these resources (all of one kind) since `from` (Unix ms): means of the metrics at these places of the
 * catalogue's order. The server packs each resource's into one row.
 */
export async function readMeans(
  pool: pg.Pool,
  of: { ids: readonly number[]; metrics: readonly number[]; from: number; resolution: keyof typeof windowMs },
): Promise<Map<number, MeansOf>> {
  const { ids, metrics, from, resolution } = of;
  if (ids.length === 0) return new Map();
  const packed = metrics.map((_, i) => `encode(array_send(array_agg(m${i})), 'base64') AS m${i}`).join(", ");
  const picked = metrics.map((_, i) => `avg[$${i + 3}::int] AS m${i}`).join(", ");
  const { rows } = await pool.query<{ id: number; at: string } & Record<string, string>>({
    text: `SELECT id, encode(array_send(array_agg(at)), 'base64') AS at, ${packed} FROM (
        SELECT resource_id AS id, at, ${picked} FROM rollup_${resolution}
        WHERE resource_id = ANY ($1::int[]) AND at >= $2 ORDER BY resource_id, at) s
      GROUP BY id`,
    values: [[...ids], new Date(from).toISOString(), ...metrics.map((place) => place + 1)],
  });
  const half = windowMs[resolution] / 2;
  return new Map(
    rows.map((row) => {
      const at = Array.from(times(row.at), (time) => time + half);
      return [row.id, { at, means: metrics.map((_, i) => reals(row[`m${i}`], at.length)) }];
    }),
  );
}

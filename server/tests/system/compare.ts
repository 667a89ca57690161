import type pg from "pg";
import { type Entry, maxParts, type Stored } from "../../../agent/src/report/entry.ts";
import { lastClosedWindow, levels } from "../../src/domain/rollup/levels.ts";
import { until } from "./until.ts";

export type Difference = { stored: number; missing: string[]; unexpected: string[]; wrong: string[] };

/** Compares what an agent spooled with what the database holds of its server, value by value and both ways. */
export async function compareSamples(pool: pg.Pool, serverId: string, records: readonly Stored[]): Promise<Difference> {
  const truth = new Map<string, Float32Array>();
  const difference: Difference = { stored: 0, missing: [], unexpected: [], wrong: [] };
  for (const { entry } of records) {
    if (entry.type !== "report") continue;
    for (const { resource, values } of entry.parts) truth.set(name(resource.kind, resource.key, entry.at), values);
    if (entry.parts.length > maxParts) difference.wrong.push(`report of ${entry.at} is too large`);
  }
  const { rows } = await pool.query<{ kind: string; key: string; at: Date; values: (number | null)[] }>(
    `SELECT r.kind, r.key, s.at, s.values FROM sample s JOIN resource r ON r.id = s.resource_id WHERE r.server_id = $1`,
    [serverId],
  );
  for (const { kind, key, at, values } of rows) {
    const id = name(kind, key, at.getTime());
    const spooled = truth.get(id);
    if (spooled === undefined) difference.unexpected.push(id);
    else if (!same(spooled, values)) difference.wrong.push(`${id}: ${values} instead of ${spooled}`);
    else difference.stored++;
    truth.delete(id);
  }
  difference.missing.push(...truth.keys());
  return difference;
}

/** State changes that the agent spooled and the database has not exactly once. */
export async function compareChanges(
  pool: pg.Pool,
  serverId: string,
  records: readonly Stored[],
): Promise<{ stored: number; wrong: string[] }> {
  const { rows } = await pool.query<{ kind: string; key: string; at: Date; to_state: string }>(
    `SELECT r.kind, r.key, c.at, c.to_state FROM state_change c JOIN resource r ON r.id = c.resource_id
     WHERE c.server_id = $1`,
    [serverId],
  );
  const counts = new Map<string, number>();
  for (const { kind, key, at, to_state } of rows) {
    const id = `${name(kind, key, at.getTime())} ${to_state}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const wanted = new Set(
    records.flatMap(({ entry }) =>
      entry.type === "change" ? [`${name(entry.resource.kind, entry.resource.key, entry.at)} ${entry.to}`] : [],
    ),
  );
  const wrong = [...wanted].filter((id) => counts.get(id) !== 1);
  return { stored: wanted.size - wrong.length, wrong };
}

/** Times of an agent's reports, Unix ms, in order. */
export function reportTimes(records: readonly { entry: Entry }[]): number[] {
  return [...new Set(records.flatMap(({ entry }) => (entry.type === "report" ? [entry.at] : [])))].sort(
    (a, b) => a - b,
  );
}

/**
 * Waits until the 1-minute roll-ups of these servers are made for all windows that are due, then compares them with what
 * SQL computes from the samples. Returns the number of equal rows and what differs.
 */
export async function compareRollups(
  pool: pg.Pool,
  serverIds: readonly string[],
  now = Date.now(),
): Promise<{ equal: number; windows: string[]; wrong: string[] }> {
  const due = new Date(lastClosedWindow(now, levels[0]));
  await until(
    "roll-ups that are due are made",
    async () => {
      const { rows } = await pool.query<{ n: string }>(
        "SELECT count(*) AS n FROM rollup_pending WHERE level = 1 AND at <= $1 AND server_id = ANY ($2)",
        [due, serverIds],
      );
      return rows[0]?.n === "0";
    },
    { patienceMs: 90_000, everyMs: 250 },
  );
  const { rows } = await pool.query<{ resource_id: number; at: Date; equal: boolean; detail: string }>(
    `WITH point AS (
       SELECT s.resource_id, date_trunc('minute', s.at) AS at, s.at AS sampled, v.nth, nullif(v.value, 'NaN') AS value
       FROM sample s JOIN resource r ON r.id = s.resource_id
       CROSS JOIN LATERAL unnest(s.values) WITH ORDINALITY AS v (value, nth)
       WHERE r.server_id = ANY ($2) AND s.at < $1::timestamptz + interval '1 minute'
     ), wanted AS (
       SELECT resource_id, at, nth, min(value) AS min, max(value) AS max, avg(value::float8) AS avg,
         (SELECT count(*) FROM sample s WHERE s.resource_id = p.resource_id
            AND s.at >= p.at AND s.at < p.at + interval '1 minute') AS count
       FROM point p GROUP BY resource_id, at, nth
     ), made AS (
       SELECT u.resource_id, u.at, u.count, v.nth, nullif(v.min, 'NaN') AS min, nullif(v.avg, 'NaN') AS avg,
         nullif(v.max, 'NaN') AS max
       FROM rollup_1m u JOIN resource r ON r.id = u.resource_id
       CROSS JOIN LATERAL unnest(u.min, u.avg, u.max) WITH ORDINALITY AS v (min, avg, max, nth)
       WHERE r.server_id = ANY ($2) AND u.at <= $1
     ), compared AS (
       SELECT resource_id, at, nth, coalesce(
           w.count = m.count AND w.min IS NOT DISTINCT FROM m.min AND w.max IS NOT DISTINCT FROM m.max
           AND (w.avg IS NULL) = (m.avg IS NULL)
           AND (w.avg IS NULL OR abs(w.avg - m.avg) <= 1e-6 * greatest(abs(w.avg), abs(m.avg), 1e-30)), false) AS equal,
         format('%s: count %s/%s min %s/%s avg %s/%s max %s/%s', nth, m.count, w.count, m.min, w.min, m.avg, w.avg,
           m.max, w.max) AS detail
       FROM wanted w FULL JOIN made m USING (resource_id, at, nth)
     )
     SELECT resource_id, at, bool_and(equal) AS equal, string_agg(detail, '; ') FILTER (WHERE NOT equal) AS detail
     FROM compared GROUP BY resource_id, at`,
    [due, serverIds],
  );
  return {
    equal: rows.filter(({ equal }) => equal).length,
    windows: [...new Set(rows.map(({ at }) => at.toISOString()))].sort(),
    wrong: rows.filter(({ equal }) => !equal).map((r) => `${r.resource_id} ${r.at.toISOString()} ${r.detail}`),
  };
}

function name(kind: string, key: string, at: number): string {
  return `${kind}/${key} at ${new Date(at).toISOString()}`;
}

function same(spooled: Float32Array, stored: readonly (number | null)[]): boolean {
  if (spooled.length !== stored.length) return false;
  return spooled.every((value, i) => Object.is(value, Math.fround(stored[i] ?? Number.NaN)) || value === stored[i]);
}

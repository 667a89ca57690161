import type pg from "pg";
import type { Resolution } from "../../domain/rollup/resolution.ts";
import { withClient } from "../checkout.ts";
import { copyOut } from "../copy.ts";

type Series = { at: Float64Array; min: Float32Array; avg: Float32Array; max: Float32Array; count: Int32Array };

const postgresEpoch = Date.UTC(2000, 0, 1);

/**
 * One metric of one resource for from <= at < to (Unix ms), times ascending. The server packs each column into one binary
 * array: thousands of rows cost one row of the protocol.
 */
export async function readSeries(
  pool: pg.Pool,
  query: { resourceId: number; metric: number; from: number; to: number; resolution: Resolution },
): Promise<Series> {
  const { resourceId, metric, from, to, resolution } = query;
  const values = [resourceId, new Date(from).toISOString(), new Date(to).toISOString(), metric + 1];
  if (resolution === "raw") {
    const { rows } = await pool.query<{ at: string | null; avg: string | null }>({
      name: "series-raw",
      text: `SELECT encode(array_send(array_agg(at)), 'base64') AS at, encode(array_send(array_agg(v)), 'base64') AS avg
        FROM (SELECT at, values[$4] AS v FROM sample WHERE resource_id = $1 AND at >= $2 AND at < $3
              ORDER BY resource_id, at) s`,
      values,
    });
    const at = times(rows[0]?.at);
    const avg = reals(rows[0]?.avg, at.length);
    return { at, min: avg, avg, max: avg, count: new Int32Array(at.length).fill(1) };
  }
  const { rows } = await pool.query<Record<"at" | "count" | "min" | "avg" | "max", string | null>>({
    name: `series-${resolution}`,
    text: `SELECT encode(array_send(array_agg(at)), 'base64') AS at, encode(array_send(array_agg(n)), 'base64') AS count,
        encode(array_send(array_agg(lo)), 'base64') AS min, encode(array_send(array_agg(v)), 'base64') AS avg,
        encode(array_send(array_agg(hi)), 'base64') AS max
      FROM (SELECT at, count AS n, min[$4] AS lo, avg[$4] AS v, max[$4] AS hi FROM rollup_${resolution}
            WHERE resource_id = $1 AND at >= $2 AND at < $3 ORDER BY resource_id, at) s`,
    values,
  });
  const at = times(rows[0]?.at);
  return {
    at,
    min: reals(rows[0]?.min, at.length),
    avg: reals(rows[0]?.avg, at.length),
    max: reals(rows[0]?.max, at.length),
    count: integers(rows[0]?.count, at.length),
  };
}

/** Calls `note` with the newest sample of each resource that is present and was sampled in the last `withinMs`. */
export async function loadLatest(
  pool: pg.Pool,
  withinMs: number,
  note: (resourceId: number, at: number, values: Float32Array) => void,
): Promise<void> {
  await withClient(pool, (client) =>
    copyOut(
      client,
      `COPY (
        SELECT s.at, r.id, s.values FROM resource r
        CROSS JOIN LATERAL (
          SELECT at, values FROM sample
          WHERE resource_id = r.id AND at > now() - interval '${Math.trunc(withinMs)} ms' ORDER BY at DESC LIMIT 1
        ) s
        WHERE r.gone_at IS NULL
      ) TO STDOUT BINARY`,
      (row) => {
        const at = row.timestamp();
        note(row.int4(), at, row.reals());
      },
    ),
  );
}

// array_send: dimensions, flags, element type, then for each dimension its length and lower bound, then the elements, each
// after its length (-1: null).
function elements(text: string | null | undefined): DataView | undefined {
  if (text === null || text === undefined) return undefined;
  const bytes = Buffer.from(text, "base64");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Times (Unix ms) of an array in its binary form, in base64. */
export function times(text: string | null | undefined): Float64Array {
  const view = elements(text);
  if (view === undefined) return new Float64Array(0);
  const found = new Float64Array(view.getInt32(12));
  for (let i = 0, at = 20; i < found.length; i++, at += 12) {
    found[i] = (view.getInt32(at + 4) * 0x1_0000_0000 + view.getUint32(at + 8)) / 1000 + postgresEpoch;
  }
  return found;
}

/** Its values, NaN where there are none: `length` of them. */
export function reals(text: string | null | undefined, length: number): Float32Array {
  const view = elements(text);
  const found = new Float32Array(length).fill(Number.NaN);
  if (view === undefined) return found;
  for (let i = 0, at = 20; i < length; i++) {
    if (view.getInt32(at) === 4) {
      found[i] = view.getFloat32(at + 4);
      at += 8;
    } else at += 4;
  }
  return found;
}

function integers(text: string | null | undefined, length: number): Int32Array {
  const view = elements(text);
  const found = new Int32Array(length);
  if (view === undefined) return found;
  for (let i = 0, at = 20; i < length; i++, at += 8) found[i] = view.getInt32(at + 4);
  return found;
}

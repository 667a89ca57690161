import { type Kysely, sql } from "kysely";
import type { Database } from "../schema.ts";

export type Count = { kind: string; state: string | null; type: string | null; count: number; capacityBytes: number };

/** How many drives, pools, filesystems and controllers there are by state, and by media or type. */
export async function storageCounts(db: Kysely<Database>, server: string | undefined): Promise<Count[]> {
  const { rows } = await sql<Count>`
    SELECT r.kind, r.state, coalesce(r.labels->>'media', r.labels->>'type') AS type, count(*) AS count,
      coalesce(sum(r.capacity_bytes), 0)::float8 AS "capacityBytes"
    FROM resource r
    WHERE r.kind IN ('drive', 'pool', 'filesystem', 'controller') AND r.gone_at IS NULL ${ofServer(server)}
    GROUP BY 1, 2, 3`.execute(db);
  return rows;
}

/** Ids by kind, those of LVM's thin pools once more; of filesystems one a device of each server, network ones and ZFS left out. */
export async function storageIds(
  db: Kysely<Database>,
  server: string | undefined,
): Promise<{ drives: number[]; pools: number[]; thinPools: number[]; filesystems: number[] }> {
  const { rows } = await sql<{ kind: string; ids: string | null }>`
    SELECT r.kind, string_agg(r.id::text, ',') AS ids FROM resource r
    WHERE r.kind IN ('drive', 'pool') AND r.gone_at IS NULL ${ofServer(server)} GROUP BY r.kind
    UNION ALL
    SELECT 'thin', string_agg(r.id::text, ',') FROM resource r
    WHERE r.kind = 'pool' AND r.labels->>'type' = 'lvm-thin' AND r.gone_at IS NULL ${ofServer(server)}
    UNION ALL
    SELECT 'filesystem', string_agg(d.id::text, ',') FROM (
      SELECT min(r.id) AS id FROM resource r
      WHERE r.kind = 'filesystem' AND r.gone_at IS NULL AND r.labels->>'network' IS DISTINCT FROM 'true'
        AND r.labels->>'type' IS DISTINCT FROM 'zfs' ${ofServer(server)}
      GROUP BY r.server_id, coalesce(r.labels->>'device', r.key)) d`.execute(db);
  const of = (kind: string) =>
    rows
      .find((row) => row.kind === kind)
      ?.ids?.split(",")
      .map(Number) ?? [];
  return { drives: of("drive"), pools: of("pool"), thinPools: of("thin"), filesystems: of("filesystem") };
}

/** ZFS filesystems by pool: they share its free space. */
export async function zfsFilesystems(db: Kysely<Database>, server: string | undefined): Promise<number[][]> {
  const { rows } = await sql<{ ids: string }>`
    SELECT string_agg(d.id::text, ',') AS ids FROM (
      SELECT min(r.id) AS id, r.server_id, split_part(r.labels->>'device', '/', 1) AS pool FROM resource r
      WHERE r.kind = 'filesystem' AND r.gone_at IS NULL AND r.labels->>'type' = 'zfs' ${ofServer(server)}
      GROUP BY r.server_id, r.labels->>'device') d
    GROUP BY d.server_id, d.pool`.execute(db);
  return rows.map(({ ids }) => ids.split(",").map(Number));
}

/** Filesystems that fill first, the soonest first; those the forecast is not sure of left out. */
export async function fillFirst(
  db: Kysely<Database>,
  server: string | undefined,
  most: number,
  confidence: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT r.id FROM storage_forecast f JOIN resource r ON r.id = f.resource_id
    WHERE f.metric = 'used_ratio' AND f.full_at IS NOT NULL AND f.confidence >= ${confidence}
      AND r.gone_at IS NULL ${ofServer(server)}
    ORDER BY f.full_at LIMIT ${most}`.execute(db);
  return rows.map((row) => row.id);
}

/** Filesystems that do not answer, the longest first. */
export async function stuckFilesystems(
  db: Kysely<Database>,
  server: string | undefined,
  most: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT r.id FROM resource r
    WHERE r.kind = 'filesystem' AND r.state = 'stuck' AND r.gone_at IS NULL ${ofServer(server)}
    ORDER BY r.state_since NULLS LAST LIMIT ${most}`.execute(db);
  return rows.map((row) => row.id);
}

function ofServer(server: string | undefined) {
  return server === undefined ? sql`` : sql`AND r.server_id = ${server}`;
}

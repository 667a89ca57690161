import type pg from "pg";
import type { Labels } from "../schema.ts";

/** A resource as it is stored; `rawHash`: of its raw output, which lies apart, null where it has none. */
export type StoredResource = DeclaredResource & {
  labels: Labels;
  attributes: Record<string, unknown>;
  rawHash: string | null;
};

/** A resource after it was declared. */
export type DeclaredResource = {
  id: number;
  serverId: string;
  kind: string;
  key: string;
  state: string | null;
  gone: boolean;
};

/** A resource to be made or updated; `since` (Unix ms): when its state began, undefined where unknown. */
export type ResourceUpsert = {
  serverId: string;
  kind: string;
  key: string;
  labels: Labels;
  attributes: Record<string, unknown> | undefined;
  state: string | undefined;
  since: number | undefined;
};

const columns = `r.id, r.server_id AS "serverId", r.kind, r.key, r.state, r.gone_at IS NOT NULL AS gone`;

/** All resources of these servers. */
export async function findResources(client: pg.PoolClient, serverIds: readonly string[]): Promise<StoredResource[]> {
  if (serverIds.length === 0) return [];
  const { rows } = await client.query<StoredResource>({
    name: "find-resources",
    text: `SELECT ${columns}, r.labels, r.attributes, w.hash AS "rawHash"
      FROM resource r LEFT JOIN resource_raw w ON w.resource_id = r.id WHERE r.server_id = ANY ($1::uuid[])`,
    values: [serverIds],
  });
  return rows;
}

/**
 * Inserts or updates resources, no two of them the same one; a resource that was gone is back. Attributes are merged,
 * an undefined state is kept. Servers that do not exist (any more) are left out of the answer.
 */
export async function declareResources(
  client: pg.PoolClient,
  upserts: readonly ResourceUpsert[],
): Promise<DeclaredResource[]> {
  const rows = [...upserts].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const { rows: stored } = await client.query<DeclaredResource>({
    name: "declare-resources",
    text: `INSERT INTO resource AS r (server_id, kind, key, labels, attributes, state, state_since, last_seen_at)
      SELECT u.server_id, u.kind, u.key, u.labels::jsonb, coalesce(u.attributes::jsonb, '{}'), u.state, u.since, now()
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
        AS u (server_id, kind, key, labels, attributes, state, since)
      WHERE EXISTS (SELECT FROM server s WHERE s.id = u.server_id)
      ON CONFLICT (server_id, kind, key) DO UPDATE SET
        labels = EXCLUDED.labels,
        -- Where nothing is new the old value is kept as it lies on the disk, large ones are not written again.
        attributes = CASE WHEN EXCLUDED.attributes = '{}' THEN r.attributes ELSE r.attributes || EXCLUDED.attributes END,
        state = coalesce(EXCLUDED.state, nullif(r.state, 'gone')),
        state_since = CASE WHEN EXCLUDED.state IS DISTINCT FROM r.state AND (EXCLUDED.state IS NOT NULL OR r.state = 'gone')
          THEN greatest(EXCLUDED.state_since, r.state_since) ELSE r.state_since END,
        gone_at = NULL,
        last_seen_at = EXCLUDED.last_seen_at
      RETURNING ${columns}`,
    values: [
      rows.map((r) => r.serverId),
      rows.map((r) => r.kind),
      rows.map((r) => r.key),
      rows.map((r) => JSON.stringify(r.labels)),
      rows.map((r) => (r.attributes === undefined ? null : JSON.stringify(r.attributes))),
      rows.map((r) => r.state ?? null),
      rows.map((r) => (r.since === undefined ? null : new Date(r.since).toISOString())),
    ],
  });
  return stored;
}

function sortKey({ serverId, kind, key }: ResourceUpsert): string {
  return `${serverId} ${kind} ${key}`;
}

import { type Kysely, sql } from "kysely";
import type { Database, Labels } from "../schema.ts";

export type NodeRow = {
  id: number;
  serverId: string;
  kind: "drive" | "pool" | "pool_member" | "filesystem" | "container";
  key: string;
  state: string | null;
  labels: Labels;
  disks: unknown;
  pools: unknown;
  poolKey: unknown;
  serial: unknown;
  slot: unknown;
  mountSources: unknown;
};

/**
 * What the links of these servers are made of, resources that are gone left out. Drives are large: not for thousands.
 * `also`: a resource of another kind.
 */
export async function nodesOfServers(
  db: Kysely<Database>,
  serverIds: readonly string[],
  kinds: readonly NodeRow["kind"][],
  also = 0,
): Promise<NodeRow[]> {
  if (serverIds.length === 0) return [];
  const { rows } = await sql<NodeRow>`
    SELECT r.id, r.server_id AS "serverId", r.kind, r.key, r.state, r.labels, a.*
    FROM resource r
    CROSS JOIN LATERAL jsonb_to_record(r.attributes)
      AS a(disks jsonb, pools jsonb, "poolKey" jsonb, serial jsonb, slot jsonb, "mountSources" jsonb)
    WHERE r.server_id = any(${[...serverIds]}::uuid[]) AND (r.kind = any(${[...kinds]}::text[]) OR r.id = ${also})
      AND r.gone_at IS NULL`.execute(db);
  return rows;
}

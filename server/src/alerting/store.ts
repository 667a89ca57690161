import { type Kysely, sql } from "kysely";
import type { Database, Labels, ServerState } from "../db/schema.ts";

export type ServerRow = {
  id: string;
  name: string;
  labels: Labels;
  group_name: string;
  state: ServerState;
  state_reason: string;
};

export type ResourceRow = {
  id: number;
  server_id: string;
  kind: string;
  key: string;
  labels: Labels;
  attributes: Record<string, unknown>;
  state: string | null;
  last_seen_at: Date;
  gone_at: Date | null;
};

export type ActiveRow = Awaited<ReturnType<typeof readActive>>[number];

/** Servers: all, or these. */
export async function readServers(db: Kysely<Database>, ids?: readonly string[]): Promise<ServerRow[]> {
  const query = db.selectFrom("server").select(["id", "name", "labels", "group_name", "state", "state_reason"]);
  return (ids === undefined ? query : query.where("id", "in", ids)).execute();
}

/**
 * Resources by id, of any state; those that are gone too. `attributes`: the names that conditions are about; all of them
 * would be too large to be held for all servers.
 */
export async function readResources(
  db: Kysely<Database>,
  ids: readonly number[],
  attributes: readonly string[],
): Promise<ResourceRow[]> {
  const rows: ResourceRow[] = [];
  for (let i = 0; i < ids.length; i += 1000) {
    const part = ids.slice(i, i + 1000);
    rows.push(...(await resources(db, attributes).where("id", "in", part).execute()));
  }
  return rows;
}

/** Resources of these kinds that are not gone, of all servers or of one. */
export async function readKinds(
  db: Kysely<Database>,
  kinds: readonly string[],
  attributes: readonly string[],
  serverId?: string,
): Promise<ResourceRow[]> {
  if (kinds.length === 0) return [];
  let query = resources(db, attributes).where("kind", "in", kinds).where("gone_at", "is", null);
  if (serverId !== undefined) query = query.where("server_id", "=", serverId);
  return query.execute();
}

/** Alerts that are pending or firing. */
export async function readActive(db: Kysely<Database>) {
  return db
    .selectFrom("alert")
    .select([
      "id",
      "rule_id",
      "server_id",
      "resource_id",
      "state",
      "value",
      "pending_at",
      "fired_at",
      "cleared_since",
      "last_evaluated_at",
    ])
    .where("state", "in", ["pending", "firing"])
    .execute();
}

/** What the evaluator itself looks at. */
const containerAttributes = ["id", "health"];

function resources(db: Kysely<Database>, names: readonly string[]) {
  return db
    .selectFrom("resource")
    .select(["id", "server_id", "kind", "key", "labels", "state", "last_seen_at", "gone_at"])
    .select(
      sql<Record<string, unknown>>`CASE WHEN kind = 'container' THEN ${only([...names, ...containerAttributes])}
        ELSE ${only(names)} END`.as("attributes"),
    );
}

function only(names: readonly string[]) {
  // Without a name nothing is unpacked.
  if (names.length === 0) return sql`'{}'::jsonb`;
  return sql`(SELECT coalesce(jsonb_object_agg(n, attributes->n), '{}') FROM unnest(${[...new Set(names)]}::text[]) n
    WHERE attributes ? n)`;
}

/** The state that each of these resources was in before its last change, by resource id. */
export async function readPrevious(
  db: Kysely<Database>,
  of: readonly { serverId: string; resourceId: number; state: string }[],
): Promise<Map<number, string>> {
  if (of.length === 0) return new Map();
  const { rows } = await sql<{ id: number; from_state: string | null }>`
    SELECT u.id, c.from_state
    FROM unnest(${of.map((each) => each.serverId)}::uuid[], ${of.map((each) => each.resourceId)}::int[],
      ${of.map((each) => each.state)}::text[]) AS u(server_id, id, state)
    CROSS JOIN LATERAL (SELECT from_state, to_state FROM state_change
      WHERE server_id = u.server_id AND resource_id = u.id ORDER BY at DESC, id DESC LIMIT 1) c
    WHERE c.to_state = u.state`.execute(db);
  return new Map(rows.flatMap((row) => (row.from_state === null ? [] : [[row.id, row.from_state] as const])));
}

/** The first known value of a metric (its place in the catalogue's order) since then, of each resource; times in Unix ms. */
export async function readFirstValues(
  db: Kysely<Database>,
  ids: readonly number[],
  metric: number,
  since: Date,
): Promise<Map<number, { at: number; value: number }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: number; at: Date; value: number }>`
    SELECT u.id, s.at, s.value FROM unnest(${[...ids]}::int[]) AS u(id)
    CROSS JOIN LATERAL (SELECT at, min[${metric + 1}::int] AS value FROM rollup_15m
      WHERE resource_id = u.id AND at >= ${since} AND min[${metric + 1}::int] <> 'NaN' ORDER BY at LIMIT 1) s`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, { at: row.at.getTime(), value: row.value }]));
}

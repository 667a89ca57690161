import type { Kysely } from "kysely";
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

/** Resources by id, of any state; those that are gone too. */
export async function readResources(db: Kysely<Database>, ids: readonly number[]): Promise<ResourceRow[]> {
  const rows: ResourceRow[] = [];
  for (let i = 0; i < ids.length; i += 1000) {
    const part = ids.slice(i, i + 1000);
    rows.push(...(await resources(db).where("id", "in", part).execute()));
  }
  return rows;
}

/** Resources of these kinds that are not gone, of all servers or of one. */
export async function readKinds(
  db: Kysely<Database>,
  kinds: readonly string[],
  serverId?: string,
): Promise<ResourceRow[]> {
  if (kinds.length === 0) return [];
  let query = resources(db).where("kind", "in", kinds).where("gone_at", "is", null);
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

function resources(db: Kysely<Database>) {
  return db
    .selectFrom("resource")
    .select(["id", "server_id", "kind", "key", "labels", "attributes", "state", "last_seen_at", "gone_at"]);
}

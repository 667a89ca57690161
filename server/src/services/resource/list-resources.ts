import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import { readRaw } from "../../db/queries/resource-raw.ts";
import { pageOfResources, type ResourceFilter, type ResourceRow, resourcesOf } from "../../db/queries/resources.ts";
import type { Labels } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { lastSeen, type Newest, namedValues } from "./latest-values.ts";

/** Something that is measured: a host, a filesystem, a container. */
export type Resource = {
  id: number;
  serverId: string;
  serverName: string;
  kind: string;
  key: string;
  labels: Labels;
  attributes: Record<string, unknown>;
  state: string | null;
  stateSince: Date | null;
  firstSeenAt: Date;
  lastSeenAt: Date;
  goneAt: Date | null;
  latest: { at: Date; values: Record<string, number | null> } | null;
};

export type StateChange = { id: number; at: Date; from: string | null; to: string; reason: string };

/** One page of resources with their newest values. */
export async function listResources(
  context: Context,
  filter: ResourceFilter,
  page: PageRequest,
): Promise<Page<Resource>> {
  const { items, nextCursor } = await pageOfResources(context.db, filter, page);
  const newest = context.samples.latest(items.map((row) => row.id));
  return { items: items.map((row) => toResource(row, newest.get(row.id))), nextCursor };
}

/** One resource, with what a tool printed of it (attribute `raw`: gzip in base64). Throws not_found. */
export async function findResource(context: Context, id: number): Promise<Resource> {
  const [row] = await resourcesOf(context.db, [id]);
  if (row === undefined) throw new Failure("not_found", "There is no such resource");
  const resource = toResource(row, context.samples.latest([id]).get(id));
  const raw = row.kind === "drive" ? await readRaw(context.db, id) : undefined;
  if (raw === undefined) return resource;
  return { ...resource, attributes: { ...resource.attributes, raw: raw.toString("base64") } };
}

export const changeSorts = ["at"] as const;

/** A resource's state changes, or with a server id its own ones. Throws not_found. */
export async function listStateChanges(
  context: Context,
  of: { resourceId: number } | { serverId: string },
  page: PageRequest,
): Promise<Page<StateChange>> {
  let query = context.db.selectFrom("state_change").select(["id", "at", "from_state", "to_state", "reason"]);
  if ("resourceId" in of) {
    await findResource(context, of.resourceId);
    query = query.where("resource_id", "=", of.resourceId);
  } else query = query.where("server_id", "=", of.serverId).where("resource_id", "is", null);
  const sorts = { at: { by: sql`at`, type: "timestamptz" } } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`id`, type: "bigint" }, page);
  const changes = items.map(({ id, at, from_state, to_state, reason }) => ({
    id,
    at,
    from: from_state,
    to: to_state,
    reason,
  }));
  return { items: changes, nextCursor };
}

function toResource(row: ResourceRow, newest: Newest | undefined): Resource {
  return {
    id: row.id,
    serverId: row.server_id,
    serverName: row.server_name,
    kind: row.kind,
    key: row.key,
    labels: row.labels,
    attributes: row.attributes,
    state: row.state,
    stateSince: row.state_since,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: lastSeen(row.last_seen_at, newest),
    goneAt: row.gone_at,
    latest: namedValues(row.kind, newest),
  };
}

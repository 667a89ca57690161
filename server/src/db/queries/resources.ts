import { type Kysely, sql } from "kysely";
import type { Database, Labels } from "../schema.ts";
import { fetchPage, type Page, type PageRequest, type SortBy } from "./keyset.ts";
import { holdsLabels, holdsText } from "./match.ts";

export const resourceSorts = ["id", "kind", "key", "stateSince", "firstSeenAt", "lastSeenAt"] as const;

const sorts: Record<(typeof resourceSorts)[number], SortBy> = {
  id: { by: sql`r.id`, type: "integer" },
  kind: { by: sql`r.kind`, type: "text" },
  key: { by: sql`r.key`, type: "text" },
  stateSince: { by: sql`coalesce(r.state_since, '-infinity')`, type: "timestamptz" },
  firstSeenAt: { by: sql`r.first_seen_at`, type: "timestamptz" },
  lastSeenAt: { by: sql`r.last_seen_at`, type: "timestamptz" },
};

export type ResourceFilter = {
  server?: string | undefined;
  kind?: readonly string[] | undefined;
  state?: string | undefined;
  labels?: Labels | undefined;
  /** Undefined: both. */
  gone?: boolean | undefined;
  q?: string | undefined;
};

export type ResourceRow = Awaited<ReturnType<ReturnType<typeof selectResources>["executeTakeFirstOrThrow"]>>;

/** One page of resources. */
export function pageOfResources(
  db: Kysely<Database>,
  filter: ResourceFilter,
  page: PageRequest,
): Promise<Page<ResourceRow>> {
  return fetchPage(selectResources(db, filter), sorts, { by: sql`r.id`, type: "integer" }, page);
}

/** These resources, in no order. */
export function resourcesOf(db: Kysely<Database>, ids: readonly number[]): Promise<ResourceRow[]> {
  return selectResources(db, {})
    .where("r.id", "=", sql<number>`any(${[...ids]}::int[])`)
    .execute();
}

function selectResources(db: Kysely<Database>, filter: ResourceFilter) {
  let query = db
    .selectFrom("resource as r")
    .innerJoin("server as s", "s.id", "r.server_id")
    .select(["r.id", "r.server_id", "r.kind", "r.key", "r.labels", "r.state", "r.state_since"])
    .select(["r.first_seen_at", "r.last_seen_at", "r.gone_at", "s.name as server_name", "s.interval_seconds"])
    .select("r.attributes");
  if (filter.server !== undefined) query = query.where("r.server_id", "=", filter.server);
  if (filter.kind !== undefined && filter.kind.length > 0) query = query.where("r.kind", "in", [...filter.kind]);
  if (filter.state !== undefined) query = query.where("r.state", "=", filter.state);
  if (filter.labels !== undefined) query = query.where(holdsLabels(sql`r.labels`, filter.labels));
  if (filter.gone !== undefined) query = query.where("r.gone_at", filter.gone ? "is not" : "is", null);
  if (filter.q !== undefined) query = query.where(holdsText(filter.q, sql`r.key`, sql`r.labels::text`));
  return query;
}

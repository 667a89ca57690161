import { type Kysely, sql } from "kysely";
import type { Database } from "../schema.ts";
import { fetchPage, type Page, type PageRequest, type SortBy } from "./keyset.ts";
import { holdsText } from "./match.ts";

export const containerSorts = ["name", "server", "image", "state", "stateSince"] as const;

const sorts: Record<(typeof containerSorts)[number], SortBy> = {
  name: { by: sql`r.key`, type: "text" },
  server: { by: sql`lower(s.name)`, type: "text" },
  image: { by: sql`coalesce(r.attributes->>'image', '')`, type: "text" },
  state: { by: sql`coalesce(r.state, '')`, type: "text" },
  stateSince: { by: sql`coalesce(r.state_since, '-infinity')`, type: "timestamptz" },
};

export type ContainerFilter = {
  id?: number | undefined;
  server?: string | undefined;
  state?: readonly string[] | undefined;
  health?: string | undefined;
  q?: string | undefined;
  gone?: boolean | undefined;
};

export type ContainerRow = Awaited<ReturnType<ReturnType<typeof selectContainers>["executeTakeFirstOrThrow"]>>;

/** One page of containers of all servers. */
export function pageOfContainers(
  db: Kysely<Database>,
  filter: ContainerFilter,
  page: PageRequest,
): Promise<Page<ContainerRow>> {
  return fetchPage(selectContainers(db, filter), sorts, { by: sql`r.id`, type: "integer" }, page);
}

/** The container with that resource id. */
export function containerRow(db: Kysely<Database>, id: number): Promise<ContainerRow | undefined> {
  return selectContainers(db, { id }).executeTakeFirst();
}

function selectContainers(db: Kysely<Database>, filter: ContainerFilter) {
  let query = db
    .selectFrom("resource as r")
    .innerJoin("server as s", "s.id", "r.server_id")
    .select(["r.id", "r.server_id", "r.key", "r.state", "r.state_since", "r.attributes", "r.labels", "r.gone_at"])
    .select("s.name as server_name")
    .where("r.kind", "=", "container");
  if (filter.id !== undefined) query = query.where("r.id", "=", filter.id);
  if (filter.server !== undefined) query = query.where("r.server_id", "=", filter.server);
  if (filter.state !== undefined && filter.state.length > 0) query = query.where("r.state", "in", [...filter.state]);
  if (filter.health !== undefined) query = query.where(sql<boolean>`r.attributes->>'health' = ${filter.health}`);
  if (filter.gone !== undefined) query = query.where("r.gone_at", filter.gone ? "is not" : "is", null);
  if (filter.q !== undefined)
    query = query.where(holdsText(filter.q, sql`r.key`, sql`r.attributes->>'image'`, sql`s.name`));
  return query;
}

import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "../schema.ts";
import { fetchPage, type Page, type PageRequest, type SortBy } from "./keyset.ts";
import { holdsText } from "./match.ts";

/** By what is stored; the others go by measured values, which are in memory (see services/database). */
export const storedDatabaseSorts = ["state", "stateSince", "name", "server", "engine", "version", "role"] as const;

const sorts: Record<(typeof storedDatabaseSorts)[number], SortBy> = {
  // The worst first.
  state: {
    by: sql`CASE r.state WHEN 'down' THEN 0 WHEN 'timed_out' THEN 1 WHEN 'error' THEN 2
      WHEN 'needs_credentials' THEN 3 WHEN 'up' THEN 4 ELSE 5 END`,
    type: "integer",
  },
  stateSince: { by: sql`coalesce(r.state_since, '-infinity')`, type: "timestamptz" },
  name: { by: sql`lower(coalesce(r.labels->>'name', r.labels->>'container', r.key))`, type: "text" },
  server: { by: sql`lower(s.name)`, type: "text" },
  engine: { by: label("engine"), type: "text" },
  version: { by: label("version"), type: "text" },
  role: { by: label("role"), type: "text" },
};

export type DatabaseFilter = {
  server?: string | undefined;
  engine?: readonly string[] | undefined;
  state?: readonly string[] | undefined;
  role?: readonly string[] | undefined;
  credentials?: readonly string[] | undefined;
  q?: string | undefined;
  gone?: boolean | undefined;
};

export type DatabaseRow = Awaited<ReturnType<ReturnType<typeof selectRows>["executeTakeFirstOrThrow"]>>;

/** One page of databases of all servers, sorted by something stored. */
export function pageOfDatabases(
  db: Kysely<Database>,
  filter: DatabaseFilter,
  page: PageRequest,
): Promise<Page<DatabaseRow>> {
  return fetchPage(filtered(selectRows(db), filter), sorts, { by: sql`r.id`, type: "integer" }, page);
}

/** The ids of all databases that fit, in no order. */
export async function databaseIds(db: Kysely<Database>, filter: DatabaseFilter): Promise<number[]> {
  const rows = await filtered(selectBase(db).select("r.id"), filter).execute();
  return rows.map((row) => row.id);
}

/** These databases, in the order of the ids; unknown ones are left out. */
export async function databaseRows(db: Kysely<Database>, ids: readonly number[]): Promise<DatabaseRow[]> {
  const rows = await selectRows(db)
    .where("r.id", "=", sql<number>`any(${[...ids]}::int[])`)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The database with that resource id. */
export async function databaseRow(db: Kysely<Database>, id: number): Promise<DatabaseRow | undefined> {
  return (await databaseRows(db, [id]))[0];
}

/** The reason that came with the newest change of state of each of these resources. */
export async function stateReasons(db: Kysely<Database>, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; reason: string }>`
    SELECT r.id, c.reason FROM resource r CROSS JOIN LATERAL (
      SELECT reason, to_state FROM state_change
      WHERE server_id = r.server_id AND resource_id = r.id ORDER BY at DESC LIMIT 1) c
    WHERE r.id = any(${[...ids]}::int[]) AND c.to_state = r.state`.execute(db);
  return new Map(rows.map(({ id, reason }) => [id, reason]));
}

function label(name: string): RawBuilder<unknown> {
  return sql`coalesce(r.labels->>${sql.lit(name)}, '')`;
}

function selectBase(db: Kysely<Database>) {
  return db
    .selectFrom("resource as r")
    .innerJoin("server as s", "s.id", "r.server_id")
    .where("r.kind", "=", "database");
}

function selectRows(db: Kysely<Database>) {
  return selectBase(db)
    .select(["r.id", "r.server_id", "r.key", "r.labels", "r.attributes", "r.state", "r.state_since"])
    .select(["r.gone_at", "s.name as server_name", "s.capabilities"]);
}

type Base<O> = ReturnType<typeof selectBase> & { $if: unknown; execute(): Promise<O[]> };

function filtered<Q extends Base<unknown>>(base: Q, filter: DatabaseFilter): Q {
  let query = base as unknown as ReturnType<typeof selectBase>;
  const { server, engine = [], state = [], role = [], credentials = [], gone, q } = filter;
  if (server !== undefined) query = query.where("r.server_id", "=", server);
  if (engine.length > 0) query = query.where(label("engine"), "in", [...engine]);
  if (state.length > 0) query = query.where("r.state", "in", [...state]);
  if (role.length > 0) query = query.where(label("role"), "in", [...role]);
  if (credentials.length > 0) query = query.where("r.credentials", "in", [...credentials]);
  if (gone !== undefined) query = query.where("r.gone_at", gone ? "is not" : "is", null);
  if (q !== undefined) {
    // Labels lie in the row itself, attributes apart and compressed.
    query = query.where(holdsText(q, sql`r.key`, sql`s.name`, sql`r.labels->>'name'`, sql`r.labels->>'container'`));
  }
  return query as unknown as Q;
}

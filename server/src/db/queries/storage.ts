import { type Kysely, sql } from "kysely";
import type { Database, Labels } from "../schema.ts";
import { fetchPage, type Page, type PageRequest, type SortBy } from "./keyset.ts";
import { holdsText } from "./match.ts";

export type StorageKind = "drive" | "pool" | "filesystem" | "controller";

/** Sorts that the database knows; those by newest values are made in memory (see services/storage/value-page). */
const shared = {
  server: { by: sql`lower(s.name)`, type: "text" },
  state: { by: sql`coalesce(r.state, '')`, type: "text" },
  stateSince: { by: sql`coalesce(r.state_since, '-infinity')`, type: "timestamptz" },
  type: { by: sql`coalesce(r.labels->>'type', '')`, type: "text" },
} as const satisfies Record<string, SortBy>;

// As the indexes of migration 0005 have them, to the letter.
const driveSeverity = sql`coalesce(array_position(
  '{healthy,standby,unknown,warning,critical,failed}'::text[], r.state), 3)`;
const poolSeverity = sql`coalesce(array_position(
  '{online,unknown,offline,stuck,degraded,removed,unavailable,suspended,faulted}'::text[], r.state), 2)`;
// Few enough to need no index.
const controllerSeverity = sql`coalesce(array_position('{ok,unknown,degraded,failed}'::text[], r.state), 2)`;
const driveCapacity = sql`coalesce(r.capacity_bytes, 0)`;

const sorts: Record<StorageKind, Record<string, SortBy>> = {
  drive: {
    severity: { by: driveSeverity, type: "integer" },
    server: shared.server,
    device: { by: sql`coalesce(r.labels->>'device', '')`, type: "text" },
    model: { by: sql`coalesce(r.labels->>'model', '')`, type: "text" },
    capacity: { by: driveCapacity, type: "bigint" },
    stateSince: shared.stateSince,
  },
  pool: {
    severity: { by: poolSeverity, type: "integer" },
    server: shared.server,
    name: { by: sql`lower(coalesce(r.labels->>'name', r.key))`, type: "text" },
    type: shared.type,
    stateSince: shared.stateSince,
  },
  filesystem: {
    fullAt: { by: sql`coalesce(f.full_at, 'infinity')`, type: "timestamptz" },
    mountPoint: { by: sql`r.key`, type: "text" },
    server: shared.server,
    type: shared.type,
    state: shared.state,
  },
  controller: {
    severity: { by: controllerSeverity, type: "integer" },
    server: shared.server,
    model: { by: sql`coalesce(r.labels->>'model', '')`, type: "text" },
    stateSince: shared.stateSince,
  },
};

export type StorageFilter = {
  server?: string | undefined;
  state?: readonly string[] | undefined;
  protocol?: string | undefined;
  media?: string | undefined;
  type?: string | undefined;
  network?: boolean | undefined;
  q?: string | undefined;
  gone?: boolean | undefined;
};

/** Ids of one page of a kind, sorted by what the database knows. */
export async function pageOfIds(
  db: Kysely<Database>,
  kind: StorageKind,
  filter: StorageFilter,
  page: PageRequest,
): Promise<Page<number>> {
  const rows = await fetchPage(
    select(db, kind, filter).select("r.id"),
    sorts[kind],
    { by: sql`r.id`, type: "integer" },
    page,
  );
  return { items: rows.items.map((row) => row.id), nextCursor: rows.nextCursor };
}

/** Ids of all resources of a kind that fit, in no order; as one text, which is several times quicker than rows. */
export async function allIds(db: Kysely<Database>, kind: StorageKind, filter: StorageFilter): Promise<number[]> {
  const row = await select(db, kind, filter)
    .select(sql<string | null>`string_agg(r.id::text, ',')`.as("ids"))
    .executeTakeFirst();
  return row?.ids === null || row === undefined ? [] : row.ids.split(",").map(Number);
}

export type StorageRow = {
  id: number;
  serverId: string;
  serverName: string;
  key: string;
  labels: Labels;
  /** Those that were asked for; of untrusted shape. */
  attributes: Readonly<Record<string, unknown>>;
  state: string | null;
  stateSince: Date | null;
  goneAt: Date | null;
};

/**
 * Resources of a kind with these attributes alone, in the order of the ids. The others (raw output, long lists) would
 * cost a page most of its time.
 */
export async function storageRows(
  db: Kysely<Database>,
  kind: StorageKind,
  ids: readonly number[],
  attributes: readonly string[] | "all",
): Promise<StorageRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<StorageRow>`
    SELECT r.id, r.server_id AS "serverId", s.name AS "serverName", r.key, r.labels, r.state,
      r.state_since AS "stateSince", r.gone_at AS "goneAt", ${picked(attributes)} AS attributes
    FROM resource r JOIN server s ON s.id = r.server_id
    WHERE r.id = any(${[...ids]}::int[]) AND r.kind = ${kind}`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The attributes of `r` with these names: read in one go, since they may be stored compressed. */
export function picked(names: readonly string[] | "all") {
  if (names === "all") return sql`r.attributes`;
  const columns = sql.raw(names.map((name) => `"${name}" jsonb`).join(", "));
  return sql`(SELECT to_jsonb(a) FROM jsonb_to_record(r.attributes) AS a(${columns}))`;
}

function select(db: Kysely<Database>, kind: StorageKind, filter: StorageFilter) {
  let query = db
    .selectFrom("resource as r")
    .innerJoin("server as s", "s.id", "r.server_id")
    .leftJoin("storage_forecast as f", (join) =>
      join.onRef("f.resource_id", "=", "r.id").on("f.metric", "=", "used_ratio"),
    )
    .where("r.kind", "=", kind);
  const label = (name: string, value: string) => sql<boolean>`r.labels->>${sql.lit(name)} = ${value}`;
  if (filter.server !== undefined) query = query.where("r.server_id", "=", filter.server);
  if (filter.state !== undefined && filter.state.length > 0) query = query.where("r.state", "in", [...filter.state]);
  if (filter.gone !== undefined) query = query.where("r.gone_at", filter.gone ? "is not" : "is", null);
  if (filter.protocol !== undefined) query = query.where(label("protocol", filter.protocol));
  if (filter.media !== undefined) query = query.where(label("media", filter.media));
  if (filter.type !== undefined) query = query.where(label("type", filter.type));
  if (filter.network !== undefined) query = query.where(label("network", String(filter.network)));
  if (filter.q !== undefined) {
    // The names of servers are looked at once, not once for each of their drives.
    const servers = sql`SELECT n.id FROM server n WHERE ${holdsText(filter.q, sql`n.name`)}`;
    const own = holdsText(filter.q, sql`r.key`, sql`r.labels::text`);
    query = query.where(sql<boolean>`(${own} OR r.server_id IN (${servers}))`);
  }
  return query;
}

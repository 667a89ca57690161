import { type Kysely, sql } from "kysely";
import type { Database, Labels, ServerState } from "../schema.ts";
import { fetchPage, type Page, type PageRequest, type SortBy } from "./keyset.ts";
import { holdsLabels, holdsText } from "./match.ts";

export const serverSorts = ["name", "hostname", "group", "state", "lastSeenAt", "createdAt"] as const;

const sorts: Record<(typeof serverSorts)[number], SortBy> = {
  name: { by: sql`lower(s.name)`, type: "text" },
  hostname: { by: sql`lower(s.hostname)`, type: "text" },
  group: { by: sql`lower(s.group_name)`, type: "text" },
  state: { by: sql`s.state`, type: "text" },
  lastSeenAt: { by: sql`coalesce(s.last_seen_at, '-infinity')`, type: "timestamptz" },
  createdAt: { by: sql`s.created_at`, type: "timestamptz" },
};

export type ServerFilter = {
  ids?: readonly string[] | undefined;
  state?: readonly ServerState[] | undefined;
  group?: string | undefined;
  labels?: Labels | undefined;
  q?: string | undefined;
};

/** A server's row with its number of firing alerts. */
export type ServerRow = Awaited<ReturnType<ReturnType<typeof selectServers>["executeTakeFirstOrThrow"]>>;

/** One page of servers. */
export function pageOfServers(db: Kysely<Database>, filter: ServerFilter, page: PageRequest): Promise<Page<ServerRow>> {
  return fetchPage(selectServers(db, filter), sorts, { by: sql`s.id`, type: "uuid" }, page);
}

/** These servers, in no order. */
export function serversOf(db: Kysely<Database>, ids: readonly string[]): Promise<ServerRow[]> {
  return selectServers(db, { ids }).execute();
}

const shown = [
  "s.id",
  "s.name",
  "s.hostname",
  "s.group_name",
  "s.labels",
  "s.notes",
  "s.state",
  "s.state_reason",
  "s.state_since",
  "s.last_seen_at",
  "s.last_report_at",
  "s.clock_skew_ms",
  "s.agent_version",
  "s.interval_seconds",
  "s.disabled_collectors",
  "s.paused_at",
  "s.booted_at",
  "s.reboot_count",
  "s.facts",
  "s.capabilities",
  "s.spool",
  "s.refused",
  "s.created_at",
] as const;

function selectServers(db: Kysely<Database>, filter: ServerFilter) {
  let query = db
    .selectFrom("server as s")
    .select(shown)
    .select(
      sql<number>`(SELECT count(*) FROM alert a WHERE a.server_id = s.id AND a.state = 'firing')`.as("firing_alerts"),
    );
  if (filter.ids !== undefined) query = query.where("s.id", "=", sql<string>`any(${[...filter.ids]}::uuid[])`);
  if (filter.state !== undefined && filter.state.length > 0) query = query.where("s.state", "in", [...filter.state]);
  if (filter.group !== undefined) query = query.where("s.group_name", "=", filter.group);
  if (filter.labels !== undefined) query = query.where(holdsLabels(sql`s.labels`, filter.labels));
  if (filter.q !== undefined)
    query = query.where(holdsText(filter.q, sql`s.name`, sql`s.hostname`, sql`s.group_name`, sql`s.labels::text`));
  return query;
}

/** What a server's line in a list is made of. */
export type ServerParts = {
  containers: { total: number; running: number; unhealthy: number };
  host: number | null;
  filesystems: readonly number[];
  nics: readonly number[];
};

/** The parts of these servers: container counts, ids of the host, of writable local filesystems and of physical interfaces. */
export async function partsOfServers(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, ServerParts>> {
  const { rows } = await sql<{
    server_id: string;
    total: number;
    running: number;
    unhealthy: number;
    host: number | null;
    filesystems: string | null;
    nics: string | null;
  }>`
    SELECT server_id,
      count(*) FILTER (WHERE kind = 'container') AS total,
      count(*) FILTER (WHERE kind = 'container' AND state = 'running') AS running,
      count(*) FILTER (WHERE kind = 'container' AND attributes->>'health' = 'unhealthy') AS unhealthy,
      max(id) FILTER (WHERE kind = 'host') AS host,
      string_agg(id::text, ',') FILTER (WHERE kind = 'filesystem' AND state IS DISTINCT FROM 'ro'
        AND labels->>'network' IS DISTINCT FROM 'true') AS filesystems,
      coalesce(
        string_agg(id::text, ',') FILTER (WHERE kind = 'nic' AND labels->>'type' IN ('physical', 'wireless', 'wlan')),
        string_agg(id::text, ',') FILTER (WHERE kind = 'nic' AND key !~ ${virtualNic})) AS nics
    FROM resource
    WHERE server_id = any(${[...ids]}::uuid[]) AND gone_at IS NULL
      AND kind IN ('host', 'container', 'filesystem', 'nic')
    GROUP BY server_id`.execute(db);
  return new Map(
    rows.map((row) => [
      row.server_id,
      {
        containers: { total: row.total, running: row.running, unhealthy: row.unhealthy },
        host: row.host,
        filesystems: idsOf(row.filesystems),
        nics: idsOf(row.nics),
      },
    ]),
  );
}

/** Text is twice as fast to read as an array column. */
function idsOf(text: string | null): number[] {
  return text === null ? [] : text.split(",").map(Number);
}

/** Where no interface is physical (a guest): those whose traffic passes another one too, or never leaves the host. */
const virtualNic = "^(lo|veth|docker|br-|virbr|cni|flannel|cali|vnet|tap|dummy|ifb)";

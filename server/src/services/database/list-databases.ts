import { metricIndex } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import {
  type DatabaseFilter,
  type DatabaseRow,
  databaseIds,
  databaseRow,
  databaseRows,
  pageOfDatabases,
  stateReasons,
  storedDatabaseSorts,
} from "../../db/queries/databases.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import { Failure } from "../../failure.ts";
import { type Newest, namedValues, valueAt } from "../resource/latest-values.ts";
import { pageByValue } from "./page-by-value.ts";
import { type DatabaseParts, readParts } from "./parts.ts";

/** A database server as its agent told of it. `id` is its resource id. */
export type DatabaseSummary = {
  id: number;
  serverId: string;
  serverName: string;
  key: string;
  engine: string;
  version: string | null;
  /** From the agent's configuration. */
  name: string | null;
  /** host:port, or the path of its socket. */
  address: string | null;
  container: string | null;
  status: string | null;
  /** Why it is not up; of one that is up what is amiss, mostly empty. */
  statusReason: string;
  stateSince: Date | null;
  role: string | null;
  credentials: string | null;
  sizeBytes: number | null;
  connections: number | null;
  connectionsLimit: number | null;
  connectionsUsedRatio: number | null;
  active: number | null;
  queriesPerSecond: number | null;
  cacheHitRatio: number | null;
  replicationLagSeconds: number | null;
  replicas: number | null;
  uptimeSeconds: number | null;
  memoryUsedBytes: number | null;
  diskUsedRatio: number | null;
  probedAt: Date | null;
  goneAt: Date | null;
};

/** One database with all that is known of it. */
export type DatabaseDetail = DatabaseSummary & {
  labels: Record<string, string>;
  /** Whether its agent takes credentials from here; null before its first Hello. */
  configurable: boolean | null;
  latest: { at: Date; values: Record<string, number | null> } | null;
} & Pick<DatabaseParts, (typeof detailParts)[number]>;

/** The parts that only the detail shows. */
export const detailParts = [
  "host",
  "port",
  "socket",
  "containerId",
  "process",
  "pid",
  "source",
  "dataDirectory",
  "databases",
  "replication",
  "topStatements",
  "longRunning",
  "settings",
  "persistence",
  "blocking",
  "slowLog",
  "cluster",
  "more",
  "product",
  "credentialsFrom",
  "error",
  "grants",
  "tls",
  "disks",
  "pools",
] as const satisfies (keyof DatabaseParts)[];

/** Sorts by what was measured last. */
const measured = {
  size: "size_bytes",
  connections: "connections_used_ratio",
  queries: "queries_per_second",
  cacheHit: "cache_hit_ratio",
  lag: "replication_lag_seconds",
  memory: "memory_used_bytes",
  uptime: "uptime_seconds",
} as const;

export const databaseSorts = [
  ...storedDatabaseSorts,
  ...(Object.keys(measured) as (keyof typeof measured)[]),
] as unknown as readonly ["state", ...((typeof storedDatabaseSorts)[number] | keyof typeof measured)[]];

/** One page of databases with their newest values. */
export async function listDatabases(
  context: Context,
  filter: DatabaseFilter,
  page: PageRequest,
): Promise<Page<DatabaseSummary>> {
  const { items, nextCursor } = await pageOfRows(context, filter, page);
  const ids = items.map((row) => row.id);
  const newest = context.samples.latest(ids);
  const reasons = await stateReasons(context.db, ids);
  return {
    items: items.map((row) => toSummary(row, readParts(row.attributes), newest.get(row.id), reasons)),
    nextCursor,
  };
}

/** One database. Throws not_found. */
export async function findDatabase(context: Context, id: number): Promise<DatabaseDetail> {
  const row = await databaseRow(context.db, id);
  if (row === undefined) throw new Failure("not_found", "There is no such database");
  const parts = readParts(row.attributes);
  const newest = context.samples.latest([id]).get(id);
  const summary = toSummary(row, parts, newest, await stateReasons(context.db, [id]));
  const shown = Object.fromEntries(detailParts.map((name) => [name, parts[name]]));
  return {
    ...summary,
    labels: row.labels,
    configurable: row.capabilities.length === 0 ? null : row.capabilities.includes("database.configure"),
    latest: namedValues("database", newest),
    ...(shown as Pick<DatabaseParts, (typeof detailParts)[number]>),
  };
}

async function pageOfRows(context: Context, filter: DatabaseFilter, page: PageRequest): Promise<Page<DatabaseRow>> {
  const sort = page.sort.replace(/^-/, "");
  if (!Object.hasOwn(measured, sort)) return await pageOfDatabases(context.db, filter, page);
  const index = metricIndex("database", measured[sort as keyof typeof measured]);
  const all = await databaseIds(context.db, filter);
  const { ids, nextCursor } = pageByValue(all, (id) => valueAt(context.samples.newest(id), index), page);
  return { items: await databaseRows(context.db, ids), nextCursor };
}

function toSummary(
  row: DatabaseRow,
  parts: DatabaseParts,
  newest: Newest | undefined,
  reasons: ReadonlyMap<number, string>,
): DatabaseSummary {
  const value = (name: string) => valueAt(newest, metricIndex("database", name));
  const isUp = row.state === "up" || row.state === null;
  const told = reasons.get(row.id) ?? "";
  return {
    id: row.id,
    serverId: row.server_id,
    serverName: row.server_name,
    key: row.key,
    engine: row.labels.engine ?? parts.engine ?? row.key.split(":", 1)[0] ?? "",
    version: parts.version ?? row.labels.version ?? null,
    name: parts.name ?? row.labels.name ?? null,
    address: addressOf(row, parts),
    container: parts.container ?? row.labels.container ?? null,
    status: row.state,
    statusReason: isUp ? (parts.note ?? "") : (parts.error ?? told),
    stateSince: row.state_since,
    role: row.labels.role ?? parts.role,
    credentials: parts.credentials,
    sizeBytes: value("size_bytes"),
    connections: value("connections"),
    connectionsLimit: value("connections_limit"),
    connectionsUsedRatio: value("connections_used_ratio"),
    active: value("active"),
    queriesPerSecond: value("queries_per_second"),
    cacheHitRatio: value("cache_hit_ratio"),
    replicationLagSeconds: value("replication_lag_seconds"),
    replicas: value("replicas"),
    uptimeSeconds: value("uptime_seconds"),
    memoryUsedBytes: value("memory_used_bytes"),
    diskUsedRatio: value("disk_used_ratio"),
    probedAt: probedAt(parts.probedAt, newest),
    goneAt: row.gone_at,
  };
}

function addressOf(row: DatabaseRow, parts: DatabaseParts): string | null {
  const host = parts.host ?? row.labels.host ?? null;
  const port = parts.port ?? row.labels.port ?? null;
  if (host !== null && port !== null) return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return parts.socket ?? (port === null ? host : `port ${port}`);
}

/** Attributes come when they changed, values with each report. */
function probedAt(told: string | null, newest: Newest | undefined): Date | null {
  const measured = newest?.values.some((value) => !Number.isNaN(value)) ? newest.at : 0;
  const at = Math.max(measured, told === null ? 0 : Date.parse(told));
  return at === 0 ? null : new Date(at);
}

import { metricIndex } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import {
  pageOfServers,
  type ServerFilter,
  type ServerParts,
  type ServerRow,
  serversOf,
} from "../../db/queries/servers.ts";
import type { Labels, ServerState } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { tidy, valueAt } from "../resource/latest-values.ts";
import { partsFor } from "./server-parts.ts";

/** A server as people see it. */
export type Server = {
  id: string;
  name: string;
  hostname: string;
  group: string;
  labels: Labels;
  notes: string;
  state: ServerState;
  stateReason: string;
  stateSince: Date;
  connected: boolean;
  lastSeenAt: Date | null;
  lastReportAt: Date | null;
  clockSkewMs: number | null;
  agentVersion: string | null;
  intervalSeconds: number;
  disabledCollectors: string[];
  paused: boolean;
  bootedAt: Date | null;
  rebootCount: number;
  facts: Record<string, unknown>;
  capabilities: string[];
  spool: { records: number; bytes: number; droppedRecords: number } | null;
  refused: Record<string, number>;
  firingAlerts: number;
  containers: ServerParts["containers"];
  latest: LatestOfServer | null;
  createdAt: Date;
};

/** The newest figures of a server, from memory. */
export type LatestOfServer = {
  at: Date;
  hostResourceId: number;
  cpuUsageRatio: number | null;
  memoryUsedRatio: number | null;
  memoryTotalBytes: number | null;
  /** Of the fullest writable filesystem. */
  diskUsedRatio: number | null;
  load5PerCore: number | null;
  uptimeSeconds: number | null;
  /** Over all physical interfaces. */
  receiveBytesPerSecond: number | null;
  transmitBytesPerSecond: number | null;
};

/** One page of servers with their newest figures. */
export async function listServers(context: Context, filter: ServerFilter, page: PageRequest): Promise<Page<Server>> {
  const { items, nextCursor } = await pageOfServers(context.db, filter, page);
  return { items: await toServers(context, items), nextCursor };
}

/** These servers; unknown ids are left out. */
export async function serversByIds(context: Context, ids: readonly string[]): Promise<Server[]> {
  return await toServers(context, await serversOf(context.db, ids));
}

/** One server. Throws not_found. */
export async function findServer(context: Context, id: string): Promise<Server> {
  const [server] = await serversByIds(context, [id]);
  if (server === undefined) throw new Failure("not_found", "There is no such server");
  return server;
}

async function toServers(context: Context, rows: readonly ServerRow[]): Promise<Server[]> {
  if (rows.length === 0) return [];
  const parts = await partsFor(
    context,
    rows.map((row) => row.id),
  );
  return rows.map((row) => toServer(context, row, parts.get(row.id) ?? nothing));
}

const nothing: ServerParts = {
  containers: { total: 0, running: 0, unhealthy: 0 },
  host: null,
  filesystems: [],
  nics: [],
};

function toServer(context: Context, row: ServerRow, parts: ServerParts): Server {
  return {
    id: row.id,
    name: row.name,
    hostname: row.hostname,
    group: row.group_name,
    labels: row.labels,
    notes: row.notes,
    state: row.state,
    stateReason: row.state_reason,
    stateSince: row.state_since,
    connected: context.sessions.isConnected(row.id),
    lastSeenAt: row.last_seen_at,
    lastReportAt: row.last_report_at,
    clockSkewMs: row.clock_skew_ms,
    agentVersion: row.agent_version,
    intervalSeconds: row.interval_seconds,
    disabledCollectors: row.disabled_collectors,
    paused: row.paused_at !== null,
    bootedAt: row.booted_at,
    rebootCount: row.reboot_count,
    facts: row.facts,
    capabilities: row.capabilities,
    spool: row.spool,
    refused: row.refused,
    firingAlerts: Number(row.firing_alerts),
    containers: parts.containers,
    latest: latestOf(context, parts),
    createdAt: row.created_at,
  };
}

const host = (metric: string) => metricIndex("host", metric);
const cpuUsage = host("cpu_usage_ratio");
const memoryUsed = host("memory_used_ratio");
const memoryTotal = host("memory_total_bytes");
const load5 = host("load5_per_core");
const uptime = host("uptime_seconds");
const diskUsed = metricIndex("filesystem", "used_ratio");
const received = metricIndex("nic", "receive_bytes_per_second");
const sent = metricIndex("nic", "transmit_bytes_per_second");

function latestOf({ samples }: Context, parts: ServerParts): LatestOfServer | null {
  const newest = parts.host === null ? undefined : samples.newest(parts.host);
  if (parts.host === null || newest === undefined) return null;
  let disk = Number.NaN;
  for (const id of parts.filesystems) disk = joined(disk, samples.newest(id)?.values[diskUsed], Math.max);
  let receive = Number.NaN;
  let transmit = Number.NaN;
  for (const id of parts.nics) {
    const values = samples.newest(id)?.values;
    receive = joined(receive, values?.[received], sum);
    transmit = joined(transmit, values?.[sent], sum);
  }
  return {
    at: new Date(newest.at),
    hostResourceId: parts.host,
    cpuUsageRatio: valueAt(newest, cpuUsage),
    memoryUsedRatio: valueAt(newest, memoryUsed),
    memoryTotalBytes: valueAt(newest, memoryTotal),
    diskUsedRatio: known(disk),
    load5PerCore: valueAt(newest, load5),
    uptimeSeconds: valueAt(newest, uptime),
    receiveBytesPerSecond: known(receive),
    transmitBytesPerSecond: known(transmit),
  };
}

/** NaN is a missing value: what is there stays. */
function joined(a: number, b: number | undefined, join: (a: number, b: number) => number): number {
  if (b === undefined || Number.isNaN(b)) return a;
  return Number.isNaN(a) ? b : join(a, b);
}

function sum(a: number, b: number): number {
  return a + b;
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : tidy(value);
}

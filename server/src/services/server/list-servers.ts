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
import { metricOf, type Newest } from "../resource/latest-values.ts";
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
  const ids = rows.map((row) => row.id);
  const parts = await partsFor(context, ids);
  const wanted = [...parts.values()].flatMap((part) => [
    ...(part.host === null ? [] : [part.host]),
    ...part.filesystems,
    ...part.nics,
  ]);
  const newest = context.samples.latest(wanted);
  return rows.map((row) => toServer(context, row, parts.get(row.id) ?? nothing, newest));
}

const nothing: ServerParts = {
  containers: { total: 0, running: 0, unhealthy: 0 },
  host: null,
  filesystems: [],
  nics: [],
};

function toServer(context: Context, row: ServerRow, parts: ServerParts, newest: Map<number, Newest>): Server {
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
    latest: latestOf(parts, newest),
    createdAt: row.created_at,
  };
}

function latestOf(parts: ServerParts, newest: Map<number, Newest>): LatestOfServer | null {
  const host = parts.host === null ? undefined : newest.get(parts.host);
  if (parts.host === null || host === undefined) return null;
  const of = (kind: string, ids: readonly number[], metric: string) =>
    ids.map((id) => metricOf(kind, metric, newest.get(id))).filter((value) => value !== null);
  const received = of("nic", parts.nics, "receive_bytes_per_second");
  const sent = of("nic", parts.nics, "transmit_bytes_per_second");
  const disks = of("filesystem", parts.filesystems, "used_ratio");
  return {
    at: new Date(host.at),
    hostResourceId: parts.host,
    cpuUsageRatio: metricOf("host", "cpu_usage_ratio", host),
    memoryUsedRatio: metricOf("host", "memory_used_ratio", host),
    memoryTotalBytes: metricOf("host", "memory_total_bytes", host),
    diskUsedRatio: disks.length === 0 ? null : Math.max(...disks),
    load5PerCore: metricOf("host", "load5_per_core", host),
    uptimeSeconds: metricOf("host", "uptime_seconds", host),
    receiveBytesPerSecond: received.length === 0 ? null : sum(received),
    transmitBytesPerSecond: sent.length === 0 ? null : sum(sent),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

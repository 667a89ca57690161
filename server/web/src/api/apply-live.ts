import { catalogue, type KindName, metricIndex } from "@fairlead/shared/catalogue";
import { type LiveName, rememberValues } from "./live.ts";
import { queryClient } from "./queries.ts";
import type { Command, Container, Latest, LiveValues, Page, Resource, Server } from "./types.ts";

const hostFields: readonly [keyof Latest, number][] = [
  ["cpuUsageRatio", metricIndex("host", "cpu_usage_ratio")],
  ["memoryUsedRatio", metricIndex("host", "memory_used_ratio")],
  ["memoryTotalBytes", metricIndex("host", "memory_total_bytes")],
  ["load5PerCore", metricIndex("host", "load5_per_core")],
  ["uptimeSeconds", metricIndex("host", "uptime_seconds")],
];

let waiting = new Map<string, LiveValues>();
let flushTimer: ReturnType<typeof setTimeout> | undefined;
const stale = new Set<string>();
let staleTimer: ReturnType<typeof setTimeout> | undefined;

const storageKinds = new Set(["drive", "pool", "pool_member", "filesystem", "controller"]);

/** The lists that show resources of a kind. */
function listsOf(kind: string): string[] {
  if (kind === "container") return ["containers"];
  if (kind === "database") return ["databases"];
  return storageKinds.has(kind) ? ["storage"] : [];
}

/** Brings one live event into the query cache. Values are gathered and applied once a second at most. */
export function applyLive(name: LiveName, data: unknown): void {
  switch (name) {
    case "values": {
      const values = data as LiveValues;
      waiting.set(values.serverId, values);
      rememberValues(values);
      if (flushTimer === undefined) flushTimer = setTimeout(flush, 900);
      return;
    }
    case "server":
      applyServer(data as Partial<Server> & { deleted?: boolean });
      return;
    case "command":
      applyCommand(data as Partial<Command>);
      return;
    case "alert":
      refresh("alerts");
      return;
    case "resource":
      refresh("resources", "state-changes", ...listsOf((data as { kind?: string }).kind ?? ""));
  }
}

/** Marks queries stale, gathered so that a burst asks once. */
function refresh(...keys: string[]): void {
  for (const key of keys) stale.add(key);
  if (staleTimer !== undefined) return;
  staleTimer = setTimeout(() => {
    staleTimer = undefined;
    const now = new Set(stale);
    stale.clear();
    void queryClient.invalidateQueries({ predicate: (query) => now.has(String(query.queryKey[0])) });
  }, 700);
}

function applyServer(row: Partial<Server> & { deleted?: boolean }): void {
  if (row.deleted || !row.id || !row.name) {
    refresh("servers", "server");
    return;
  }
  const server = row as Server;
  queryClient.setQueryData<Server>(["server", server.id], (old) => (old ? { ...old, ...server } : old));
  queryClient.setQueryData<Server[]>(["servers"], (old) => {
    if (!old) return old;
    const at = old.findIndex((one) => one.id === server.id);
    return at === -1 ? [...old, server] : old.with(at, { ...old[at], ...server });
  });
}

function applyCommand(row: Partial<Command>): void {
  refresh("commands");
  if (!row.id || !row.status) {
    refresh("command");
    return;
  }
  const command = row as Command;
  queryClient.setQueryData<Command>(["command", command.id], (old) => ({
    ...old,
    ...command,
    events: command.events ?? old?.events ?? [],
  }));
  queryClient.setQueriesData<Page<Command>>({ queryKey: ["commands"] }, (old) =>
    old ? { ...old, items: old.items.map((one) => (one.id === command.id ? { ...one, ...command } : one)) } : old,
  );
}

function flush(): void {
  flushTimer = undefined;
  const batch = waiting;
  waiting = new Map();
  const update = (server: Server): Server => {
    const values = batch.get(server.id);
    return values ? withValues(server, values) : server;
  };
  queryClient.setQueryData<Server[]>(["servers"], (old) => old?.map(update));
  for (const [id, values] of batch) {
    queryClient.setQueryData<Server>(["server", id], (old) => (old ? update(old) : old));
    applyResources(id, values);
  }
}

function withValues(server: Server, values: LiveValues): Server {
  const host = values.resources.find((resource) => resource.kind === "host");
  if (!host) return server;
  const at = new Date(values.at).toISOString();
  const latest: Latest = {
    cpuUsageRatio: null,
    memoryUsedRatio: null,
    memoryTotalBytes: null,
    diskUsedRatio: null,
    load5PerCore: null,
    uptimeSeconds: null,
    receiveBytesPerSecond: null,
    transmitBytesPerSecond: null,
    ...server.latest,
    at,
    hostResourceId: host.id,
  };
  for (const [field, index] of hostFields) Object.assign(latest, { [field]: host.values[index] ?? null });
  return { ...server, latest, lastSeenAt: at, lastReportAt: at };
}

function applyResources(serverId: string, values: LiveValues): void {
  const at = new Date(values.at).toISOString();
  const byId = new Map(values.resources.map((resource) => [resource.id, resource]));
  const update = <T extends Resource | Container>(row: T): T => {
    const live = byId.get(row.id);
    if (!live || !Object.hasOwn(catalogue, live.kind)) return row;
    const metrics = catalogue[live.kind as KindName].metrics;
    const named = Object.fromEntries(metrics.map((metric, i) => [metric.name, live.values[i] ?? null]));
    return { ...row, latest: { at, values: named } };
  };
  queryClient.setQueryData<Resource[]>(["resources", serverId], (old) => old?.map(update));
  queryClient.setQueryData<Container[]>(["containers", serverId], (old) => old?.map(update));
}

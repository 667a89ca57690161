import type { Server } from "../../api/types.ts";

export type FleetFilter = {
  q?: string | undefined;
  state?: string | undefined;
  group?: string | undefined;
  label?: string | undefined;
  sort?: string | undefined;
};

const stateOrder = ["offline", "degraded", "never_seen", "online", "paused"];

const sortKeys: Record<string, (server: Server) => number | string> = {
  name: (server) => server.name.toLowerCase(),
  state: (server) => stateOrder.indexOf(server.state),
  cpu: (server) => server.latest?.cpuUsageRatio ?? -1,
  memory: (server) => server.latest?.memoryUsedRatio ?? -1,
  disk: (server) => server.latest?.diskUsedRatio ?? -1,
  containers: (server) => server.containers.total,
  alerts: (server) => server.firingAlerts,
  seen: (server) => (server.lastSeenAt ? Date.parse(server.lastSeenAt) : 0),
};

/** The servers that a filter lets through, in its order. Every word of `q` must occur in a name, group or label. */
export function applyFilter(servers: readonly Server[], filter: FleetFilter): Server[] {
  const words = (filter.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const [labelName, labelValue] = (filter.label ?? "").split("=");
  const kept = servers.filter((server) => {
    if (filter.state && server.state !== filter.state) return false;
    if (filter.group !== undefined && server.group !== (filter.group === "none" ? "" : filter.group)) return false;
    if (
      labelName &&
      (labelValue === undefined ? !(labelName in server.labels) : server.labels[labelName] !== labelValue)
    ) {
      return false;
    }
    if (words.length === 0) return true;
    const labels = Object.entries(server.labels).map((pair) => pair.join("="));
    const text = [server.name, server.hostname, server.group, ...labels].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const descending = filter.sort?.startsWith("-") ?? false;
  const key = sortKeys[filter.sort?.replace("-", "") ?? "name"] ?? sortKeys.name;
  if (!key) return kept;
  const byName = (a: Server, b: Server) => a.name.localeCompare(b.name, undefined, { numeric: true });
  return kept.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const order = typeof left === "string" ? byName(a, b) : left - Number(right);
    return (descending ? -order : order) || byName(a, b);
  });
}

export type Totals = {
  states: Record<string, number>;
  containers: number;
  running: number;
  unhealthy: number;
  firing: number;
  cpu: number | null;
};

/** Figures over the whole fleet. */
export function totalsOf(servers: readonly Server[]): Totals {
  const totals: Totals = { states: {}, containers: 0, running: 0, unhealthy: 0, firing: 0, cpu: null };
  let cpu = 0;
  let measured = 0;
  for (const server of servers) {
    totals.states[server.state] = (totals.states[server.state] ?? 0) + 1;
    totals.containers += server.containers.total;
    totals.running += server.containers.running;
    totals.unhealthy += server.containers.unhealthy;
    totals.firing += server.firingAlerts;
    const usage = server.latest?.cpuUsageRatio ?? null;
    if (usage !== null && server.connected) {
      cpu += usage;
      measured += 1;
    }
  }
  if (measured > 0) totals.cpu = cpu / measured;
  return totals;
}

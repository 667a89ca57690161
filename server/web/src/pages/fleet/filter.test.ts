import { expect, test } from "vitest";
import type { Server } from "../../api/types.ts";
import { applyFilter, type FleetFilter, totalsOf } from "./filter.ts";

const make = (name: string, extra: Partial<Server> = {}): Server =>
  ({
    name,
    hostname: name,
    group: "",
    labels: {},
    state: "online",
    connected: true,
    firingAlerts: 0,
    containers: { total: 2, running: 1, unhealthy: 0 },
    latest: null,
    lastSeenAt: null,
    ...extra,
  }) as Server;
const latest = (cpu: number) => ({ cpuUsageRatio: cpu }) as Server["latest"];
const fleet = [
  make("web-10", { group: "web", labels: { env: "prod" }, latest: latest(0.9) }),
  make("web-2", { group: "web", labels: { env: "test" }, latest: latest(0.1), firingAlerts: 2 }),
  make("db-1", { labels: { env: "prod", role: "primary" }, state: "offline", connected: false, latest: latest(1) }),
];

test.each<[FleetFilter, string[]]>([
  [{}, ["db-1", "web-2", "web-10"]],
  [{ sort: "-name" }, ["web-10", "web-2", "db-1"]],
  [{ sort: "-cpu" }, ["db-1", "web-10", "web-2"]],
  [{ sort: "state" }, ["db-1", "web-2", "web-10"]],
  [{ sort: "-alerts" }, ["web-2", "db-1", "web-10"]],
  [{ sort: "nonsense" }, ["db-1", "web-2", "web-10"]],
  [{ q: "env=prod web" }, ["web-10"]],
  [{ q: "WEB" }, ["web-2", "web-10"]],
  [{ state: "offline" }, ["db-1"]],
  [{ group: "none" }, ["db-1"]],
  [{ group: "web" }, ["web-2", "web-10"]],
  [{ label: "env=prod" }, ["db-1", "web-10"]],
  [{ label: "role" }, ["db-1"]],
  [{ label: "role=replica" }, []],
])("%o", (filter, names) => expect(applyFilter(fleet, filter).map((server) => server.name)).toEqual(names));

test("totals count what is there; an offline server's last CPU is not a present one", () => {
  expect(totalsOf(fleet)).toEqual({
    states: { online: 2, offline: 1 },
    containers: 6,
    running: 3,
    unhealthy: 0,
    firing: 2,
    cpu: 0.5,
  });
  expect(totalsOf([]).cpu).toBeNull();
});

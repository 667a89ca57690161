import type { Counters, ProbeResult } from "../probe.ts";
import { at, type Doc, listAt, numberAt, secondsAt, textAt } from "./documents.ts";

/** Roles: of a replica set's member, of one server alone, or `router` (mongos). */
export type Role = "primary" | "replica" | "arbiter" | "standalone" | "router";

/** Role by the answer to `hello`, which needs no rights. */
export function roleOf(hello: unknown): Role {
  if (at(hello, "msg") === "isdbgrid") return "router";
  if (textAt(hello, "setName") === "") return "standalone";
  if (at(hello, "arbiterOnly") === true) return "arbiter";
  return at(hello, "isWritablePrimary") === true || at(hello, "ismaster") === true ? "primary" : "replica";
}

export type Member = {
  name: string;
  address: string;
  state: string;
  lagSeconds?: number;
  health: boolean;
  self: boolean;
};

/** A member's view of its replica set. `lagSeconds`: its own, NaN where there is no primary to compare with. */
export type SetView = {
  name: string;
  role: Role;
  state: string;
  upstream: string;
  running: boolean;
  lagSeconds: number;
  members: Member[];
  offline: number;
  oplogSeconds: number;
};

/** Reads replSetGetStatus, and the ends of the log from serverStatus. */
export function parseSet(set: unknown, hello: unknown, status: unknown): SetView {
  const members = listAt(set, ["members"], 50);
  const own = members.find(({ self }) => self === true);
  const primary = members.find((member) => stateOf(member) === "PRIMARY");
  const applied = secondsAt(primary, "optimeDate");
  const state = stateOf(own) || textAt(hello, "setName");
  const behind = Math.max(0, applied - secondsAt(own, "optimeDate"));
  return {
    name: textAt(set, "set", 100) || textAt(hello, "setName", 100),
    role: roleOf(hello),
    state,
    upstream: textAt(own, "syncSourceHost", 200) || textAt(primary, "name", 200),
    running: state === "SECONDARY" && primary !== undefined && isHealthy(primary),
    lagSeconds: state === "PRIMARY" || state === "ARBITER" ? Number.NaN : behind,
    members: members.map((member) => {
      const lag = Math.max(0, applied - secondsAt(member, "optimeDate"));
      const name = textAt(member, "name", 200);
      const known = stateOf(member) === "SECONDARY" && Number.isFinite(lag) ? { lagSeconds: lag } : {};
      return { name, address: name, state: stateOf(member), ...known, health: isHealthy(member), self: member === own };
    }),
    offline: members.filter((member) => member !== own && !isHealthy(member)).length,
    oplogSeconds: secondsAt(status, "oplog", "latestOptime") - secondsAt(status, "oplog", "earliestOptime"),
  };
}

/** Metrics of a member. While no primary is in sight its last known lag grows by the time since then. */
export function setValues(view: SetView, now: Counters, before: Counters | undefined): ProbeResult["values"] {
  const replicas = view.members.filter(({ state, health, self }) => state === "SECONDARY" && health && !self).length;
  const values: ProbeResult["values"] = {
    nodes_offline: view.offline,
    replicas: view.role === "primary" ? replicas : 0,
  };
  if (view.role !== "replica") return values;
  const grown = before?.lag === undefined ? Number.NaN : before.lag + (now.at - before.at) / 1000;
  values.replication_lag_seconds = Number.isNaN(view.lagSeconds) ? grown : view.lagSeconds;
  values.replication_running = view.running ? 1 : 0;
  return values;
}

function stateOf(member: Doc | undefined): string {
  return textAt(member, "stateStr", 60);
}

function isHealthy(member: Doc): boolean {
  return numberAt(member, "health") === 1;
}

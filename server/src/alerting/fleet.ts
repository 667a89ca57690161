import { close } from "../domain/alerts/machine.ts";
import type { Condition } from "../domain/alerts/rule.ts";
import type { Change } from "./alert-writer.ts";
import type { Judging } from "./judging.ts";
import type { LoadedRule } from "./rules.ts";
import type { ActiveRow, ResourceRow, ServerRow } from "./store.ts";
import {
  type Check,
  checksOf,
  emptyPlan,
  isHot,
  isSampleCheck,
  markCounters,
  planFor,
  type Watched,
  type WatchedServer,
} from "./watch.ts";

/** The servers and resources that rules are about, as memory holds them. */
export type Fleet = {
  servers: ReadonlyMap<string, WatchedServer>;
  byId: ReadonlyMap<number, Watched>;
  /** True for kinds that some rule is about. */
  hasRules(kind: string): boolean;
  setRules(rules: Map<string, LoadedRule[]>): void;
  /** Kinds whose resources must be known before data comes. */
  watchedKinds(): string[];
  /** Names of the attributes that conditions are about. */
  attributeNames(): string[];
  /** Metrics whose forecasts conditions are about. */
  forecastMetrics(): string[];
  /** Adds it or takes over what changed; its checks are not made anew. */
  addServer(row: ServerRow): WatchedServer;
  /** The same; undefined where its server is not known. `reason` came with its state. */
  addResource(row: ResourceRow, reason?: string): Watched | undefined;
  /** Goes on with an alert from its row. */
  resume(row: ActiveRow): void;
  /** Makes the checks anew after rules or labels changed; what no longer applies ends. */
  rebuild(watched: Watched): void;
  /** Forgets it without a word. */
  removeResource(watched: Watched): void;
  removeServer(serverId: string): void;
  clear(): void;
};

/** After a start nobody can tell how long a resource was silent while no evaluator ran: it gets this long to be heard. */
const graceMs = 30_000;
const none = Object.freeze({});

/** An empty fleet without rules. */
export function createFleet(options: { judging: Judging; add: (change: Change) => void; now: () => number }): Fleet {
  const { judging, add, now } = options;
  const servers = new Map<string, WatchedServer>();
  const byId = new Map<number, Watched>();
  let rules = new Map<string, LoadedRule[]>();

  function watchedKinds(): string[] {
    const need = (rule: LoadedRule) => rule.condition.type !== "threshold" && rule.condition.type !== "increase";
    return [...rules].flatMap(([kind, each]) => (kind !== "server" && each.some(need) ? [kind] : []));
  }

  function conditions(): Condition[] {
    return [...rules.values()].flat().map((rule) => rule.condition);
  }

  function attributeNames(): string[] {
    const names = conditions().flatMap((c) => (c.type === "state" ? (c.attributes ?? []).map(({ name }) => name) : []));
    return [...new Set(names)];
  }

  function forecastMetrics(): string[] {
    return [...new Set(conditions().flatMap((c) => (c.type === "forecast" ? [c.metric] : [])))];
  }

  function addServer(row: ServerRow): WatchedServer {
    const about = { id: row.id, name: row.name, labels: row.labels, group: row.group_name };
    const known = servers.get(row.id);
    if (known !== undefined) {
      Object.assign(known, about);
      Object.assign(known.self, { key: row.name, labels: row.labels });
      return known;
    }
    const state = { state: row.state, reason: row.state_reason };
    const self: Omit<Watched, "server"> = {
      resourceId: null,
      kind: "server",
      key: row.name,
      labels: row.labels,
      attributes: {},
      ...state,
      previous: null,
      forecasts: undefined,
      lastAt: Number.NEGATIVE_INFINITY,
      heardAt: now(),
      checks: [],
      plan: emptyPlan,
      marks: [],
      hot: false,
    };
    const server: WatchedServer = { ...about, ...state, self: self as Watched, resources: new Set() };
    server.self.server = server;
    servers.set(row.id, server);
    plan(server.self);
    setChecks(server.self, checksOf(server.self.plan));
    return server;
  }

  function addResource(row: ResourceRow, reason = ""): Watched | undefined {
    const server = servers.get(row.server_id);
    if (server === undefined) return undefined;
    const attributes = Object.keys(row.attributes).length === 0 ? none : row.attributes;
    const about = { key: row.key, labels: row.labels, attributes, state: row.state };
    const known = byId.get(row.id);
    if (known !== undefined) {
      const relabelled = JSON.stringify(known.labels) !== JSON.stringify(row.labels);
      const changed = known.state !== row.state;
      if (changed) known.previous = known.state;
      // The reason of another state explains nothing.
      Object.assign(known, about, reason === "" && !changed ? {} : { reason });
      if (relabelled) rebuild(known);
      return known;
    }
    const watched: Watched = {
      server,
      resourceId: row.id,
      kind: row.kind,
      key: row.key,
      labels: row.labels,
      attributes,
      state: row.state,
      previous: undefined,
      forecasts: undefined,
      reason,
      lastAt: Number.NEGATIVE_INFINITY,
      heardAt: Math.max(row.last_seen_at.getTime(), now() - graceMs),
      checks: [],
      plan: emptyPlan,
      marks: [],
      hot: false,
    };
    byId.set(row.id, watched);
    server.resources.add(watched);
    plan(watched);
    setChecks(watched, checksOf(watched.plan));
    return watched;
  }

  function plan(watched: Watched): void {
    watched.plan = planFor(rules.get(watched.kind) ?? [], watched);
    watched.marks = watched.plan.counters.map(() => Number.NEGATIVE_INFINITY);
  }

  function setChecks(watched: Watched, checks: readonly Check[]): void {
    watched.checks = checks;
    markCounters(watched);
    watched.hot = isHot(watched);
    for (const check of checks)
      if (check.term.condition.type === "absence")
        judging.arm(watched, check, watched.heardAt + check.term.condition.seconds * 1000);
  }

  function resume(row: ActiveRow): void {
    const watched = row.resource_id === null ? servers.get(row.server_id)?.self : byId.get(row.resource_id);
    const check = watched?.checks.find((each) => each.term.rule.id === row.rule_id);
    const since = row.pending_at.getTime();
    const lastAt = row.last_evaluated_at.getTime();
    const firing = row.state === "firing";
    const instance = firing
      ? ({
          state: "firing",
          since,
          firedAt: row.fired_at?.getTime() ?? since,
          clearedSince: row.cleared_since?.getTime() ?? null,
          missingSince: null,
          lastAt,
          value: row.value,
        } as const)
      : ({ state: "pending", since, lastAt, value: row.value } as const);
    if (watched !== undefined && check !== undefined) {
      Object.assign(check, { instance, alertId: row.id });
      watched.hot = true;
      const deadline = deadlineAfterRestart(check);
      if (deadline !== null && !isSampleCheck(check)) judging.arm(watched, check, deadline);
      return;
    }
    // The rule was switched off or changed, or no longer selects this, while nobody evaluated.
    const step = close(instance, now(), "rule no longer applies");
    add({
      alertId: row.id,
      ruleId: row.rule_id,
      serverId: row.server_id,
      resourceId: row.resource_id,
      to: step.transition?.to === "resolved" ? "resolved" : "dropped",
      at: now(),
      since,
      stored: true,
      clearedSince: null,
      severity: "info",
      summary: "",
      value: row.value,
      threshold: null,
      reason: "rule no longer applies",
    });
  }

  function rebuild(watched: Watched): void {
    const before = watched.checks;
    plan(watched);
    const checks = checksOf(watched.plan);
    for (const old of before) {
      const next = checks.find(
        (each) => each.term.rule.id === old.term.rule.id && each.term.rule.version === old.term.rule.version,
      );
      if (next !== undefined) {
        Object.assign(next, { instance: old.instance, alertId: old.alertId });
        if (next.history !== undefined) next.history = old.history ?? next.history;
      } else judging.end(watched, "rule changed or no longer applies", old);
    }
    setChecks(watched, checks);
    for (const check of checks) {
      const deadline = deadlineAfterRestart(check);
      if (deadline !== null && !isSampleCheck(check)) judging.arm(watched, check, deadline);
    }
  }

  function removeResource(watched: Watched): void {
    if (watched.resourceId !== null) byId.delete(watched.resourceId);
    watched.server.resources.delete(watched);
    watched.checks = [];
  }

  return {
    servers,
    byId,
    hasRules: (kind) => rules.has(kind),
    setRules(next) {
      rules = next;
    },
    watchedKinds,
    attributeNames,
    forecastMetrics,
    addServer,
    addResource,
    resume,
    rebuild,
    removeResource,
    removeServer(serverId) {
      const server = servers.get(serverId);
      for (const watched of server?.resources ?? []) removeResource(watched);
      if (server !== undefined) server.self.checks = [];
      servers.delete(serverId);
    },
    clear() {
      servers.clear();
      byId.clear();
    },
  };
}

function deadlineAfterRestart({ instance, term: { rule } }: Check): number | null {
  if (instance.state === "pending") return instance.since + rule.timing.forSeconds * 1000;
  if (instance.state === "firing" && instance.clearedSince !== null)
    return instance.clearedSince + rule.timing.keepFiringSeconds * 1000;
  return null;
}

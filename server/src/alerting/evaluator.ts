import { randomUUIDv7 } from "node:crypto";
import { metricIndex } from "@fairlead/shared/catalogue";
import type { Events } from "../bus.ts";
import type { Context } from "../context.ts";
import { noteIncrease } from "../domain/alerts/increase.ts";
import { judgeState, judgeValue, type Verdict } from "../domain/alerts/judge.ts";
import { close, evaluate, type Step } from "../domain/alerts/machine.ts";
import { summarise } from "../domain/alerts/summary.ts";
import { createAlertWriter } from "./alert-writer.ts";
import { createDeadlines } from "./deadlines.ts";
import { holdLease } from "./lease.ts";
import { createMuting, isAbout } from "./muting.ts";
import { isOpen, type OwnCommand, readOwnCommand, readRecentCommands, readStops } from "./own-commands.ts";
import { type LoadedRule, loadRules } from "./rules.ts";
import {
  type ActiveRow,
  type ResourceRow,
  readActive,
  readKinds,
  readResources,
  readServers,
  type ServerRow,
} from "./store.ts";
import {
  type Check,
  checksFor,
  flatten,
  isSampleCheck,
  needsLook,
  type SampleCheck,
  type Watched,
  type WatchedServer,
} from "./watch.ts";

export type Evaluator = {
  /** True while this process holds the lease and evaluates. */
  isActive(): boolean;
  /** Resolves when everything that was heard is judged and stored. */
  settled(): Promise<void>;
  /** Looks now at what time has made due; a timer does it otherwise. */
  runDue(): void;
  /** Stores what is waiting and gives the lease back. */
  stop(): Promise<void>;
};

/** Commands that ended so long ago are told when an evaluator starts, if nobody told of them. */
const catchUpMs = 15 * 60_000;
const healthy = metricIndex("container", "healthy");
const running = metricIndex("container", "running");

/**
 * Judges what ingest commits by the alert rules. One process at a time does it (lease `alert-evaluator`); it holds the
 * state in memory, mirrored as rows of `alert`, and goes on from these rows after a restart.
 */
export function startEvaluator(context: Pick<Context, "db" | "bus" | "log" | "now" | "metrics">): Evaluator {
  const { db, bus, metrics } = context;
  const log = context.log.child({ part: "alerts" });
  const now = () => context.now().getTime();
  const servers = new Map<string, WatchedServer>();
  const byId = new Map<number, Watched>();
  const deadlines = createDeadlines<{ watched: Watched; check: Check }>();
  const muting = createMuting();
  let rules = new Map<string, LoadedRule[]>();
  let sampleKinds = new Set<string>();
  let phase: "standby" | "loading" | "active" = "standby";
  let term = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  /** Resources to read (again), with the reason that came with the event; done in one go. */
  const stale = new Map<number, string | undefined>();
  let work: Promise<void> = Promise.resolve();
  let staleQueued = false;
  const statuses = new Map<string, string>();

  const evaluations = metrics.counter("fairlead_alert_evaluations_total", "Values judged by alert rules");
  const transitions = metrics.counter("fairlead_alert_transitions_total", "Alert state changes");
  metrics.gauge("fairlead_alert_evaluator_active", "1 while this process evaluates alert rules", () =>
    phase === "active" ? 1 : 0,
  );
  metrics.gauge("fairlead_alert_watched_resources", "Resources that alert rules are about", () => byId.size);
  metrics.gauge("fairlead_alert_writes_waiting", "Alert state changes not stored yet", () => writer.waiting());

  const lease = holdLease({
    db,
    name: "alert-evaluator",
    onChange: (held) => (held ? activate() : deactivate()),
    onError: (error) => log.warn({ err: error }, "evaluator lease not renewed"),
  });
  const writer = createAlertWriter({
    db,
    bus,
    log,
    confirm: lease.confirm,
    onLost: () => {
      deactivate();
      lease.lose();
    },
    onConflict: (change) => {
      log.warn({ alertId: change.alertId, to: change.to }, "alert row differs from memory, reading all again");
      activate();
    },
  });

  /** Runs after what was begun before; an error is logged, and the state read again from the rows. */
  function enqueue(name: string, task: () => Promise<void>): void {
    const mine = term;
    work = work.then(async () => {
      if (mine !== term) return;
      try {
        await task();
      } catch (error) {
        if (mine !== term) return;
        log.error({ err: error, task: name }, "alert evaluation disturbed, reading all again");
        setTimeout(() => mine === term && activate(), 1000 + Math.random() * 2000).unref();
      }
    });
  }

  function deactivate(): void {
    term++;
    phase = "standby";
    forget();
    writer.clear();
  }

  function forget(): void {
    servers.clear();
    byId.clear();
    deadlines.clear();
    muting.clear();
    stale.clear();
    staleQueued = false;
    statuses.clear();
    clearTimeout(timer);
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
  }

  function activate(): void {
    term++;
    phase = "loading";
    enqueue("start", async () => {
      await writer.settled();
      forget();
      await readRules();
      const rows = await readActive(db);
      for (const row of await readServers(db)) addServer(row);
      const resources = await readKinds(db, watchedKinds());
      const known = new Set(resources.map((r) => r.id));
      const more = rows.flatMap((r) => (r.resource_id !== null && !known.has(r.resource_id) ? [r.resource_id] : []));
      resources.push(...(await readResources(db, more)));
      for (const row of resources) addResource(row);
      for (const row of rows) resume(row);
      for (const command of await readStops(db)) muting.note(command, now());
      phase = "active";
      for (const command of await readRecentCommands(db, new Date(now() - catchUpMs)))
        await onOwnCommand(command, true);
      for (const row of resources) if (row.gone_at !== null) closeResource(byId.get(row.id), "gone");
      for (const server of servers.values()) {
        if (server.state === "paused") closeServer(server, "server paused");
        lookAtStates(server.self);
        for (const watched of server.resources) lookAtStates(watched);
      }
      log.info({ rules: [...rules.values()].flat().length, resources: byId.size }, "alert rules are evaluated here");
    });
  }

  async function readRules(): Promise<void> {
    rules = await loadRules(db, (name, problem) =>
      log.error({ rule: name, problem }, "stored alert rule is malformed"),
    );
    sampleKinds = new Set([...rules.keys()].filter((kind) => kind !== "server"));
  }

  /** Kinds whose resources must be known before data comes. */
  function watchedKinds(): string[] {
    const need = (rule: LoadedRule) => rule.condition.type !== "threshold" && rule.condition.type !== "increase";
    return [...sampleKinds].filter((kind) => rules.get(kind)?.some(need));
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
      lastAt: Number.NEGATIVE_INFINITY,
      heardAt: now(),
      checks: [],
      samples: [],
      limits: new Float64Array(),
      hot: false,
    };
    const server: WatchedServer = { ...about, ...state, self: self as Watched, resources: new Set() };
    server.self.server = server;
    servers.set(row.id, server);
    setChecks(server.self, checksFor(rules.get("server") ?? [], server.self));
    return server;
  }

  function addResource(row: ResourceRow, reason = ""): Watched | undefined {
    const server = servers.get(row.server_id);
    if (server === undefined) return undefined;
    const about = { key: row.key, labels: row.labels, attributes: row.attributes, state: row.state };
    const known = byId.get(row.id);
    if (known !== undefined) {
      const relabelled = JSON.stringify(known.labels) !== JSON.stringify(row.labels);
      Object.assign(known, about, reason === "" ? {} : { reason });
      if (relabelled) rebuild(known);
      return known;
    }
    const watched: Watched = {
      server,
      resourceId: row.id,
      kind: row.kind,
      ...about,
      reason,
      lastAt: Number.NEGATIVE_INFINITY,
      heardAt: Math.max(row.last_seen_at.getTime(), now() - graceMs),
      checks: [],
      samples: [],
      limits: new Float64Array(),
      hot: false,
    };
    byId.set(row.id, watched);
    server.resources.add(watched);
    setChecks(watched, checksFor(rules.get(row.kind) ?? [], watched));
    return watched;
  }

  function setChecks(watched: Watched, checks: readonly Check[]): void {
    watched.checks = checks;
    watched.samples = checks.filter(isSampleCheck);
    watched.limits = flatten(watched.samples);
    watched.hot = isHot(watched);
    for (const check of checks)
      if (check.condition.type === "absence") arm(watched, check, watched.heardAt + check.condition.seconds * 1000);
  }

  function resume(row: ActiveRow): void {
    const watched = row.resource_id === null ? servers.get(row.server_id)?.self : byId.get(row.resource_id);
    const check = watched?.checks.find((each) => each.rule.id === row.rule_id);
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
      if (deadline !== null && !isSampleCheck(check)) arm(watched, check, deadline);
      return;
    }
    // The rule was switched off or changed, or no longer selects this, while nobody evaluated.
    const step = close(instance, now(), "rule no longer applies");
    writer.add({
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
    const checks = checksFor(rules.get(watched.kind) ?? [], watched);
    for (const old of before) {
      const next = checks.find((each) => each.rule.id === old.rule.id && each.rule.version === old.rule.version);
      if (next !== undefined) {
        Object.assign(next, { instance: old.instance, alertId: old.alertId });
        if (isSampleCheck(old) && isSampleCheck(next)) next.history = old.history;
      } else if (old.instance.state !== "inactive")
        take(watched, old, close(old.instance, now(), "rule changed or no longer applies"));
    }
    setChecks(watched, checks);
    for (const check of checks) {
      const deadline = deadlineAfterRestart(check);
      if (deadline !== null && !isSampleCheck(check)) arm(watched, check, deadline);
    }
  }

  /** Applies a step: memory first, then the row. */
  function take(watched: Watched, check: Check, step: Step): void {
    const before = check.instance;
    check.instance = step.next;
    watched.hot = isHot(watched);
    if (step.deadline !== null && !isSampleCheck(check)) arm(watched, check, step.deadline);
    if (step.transition === null) return;
    const { to } = step.transition;
    const stored = check.alertId !== null;
    const alertId = check.alertId ?? randomUUIDv7();
    const { next } = step;
    const about = next.state === "inactive" ? before : next;
    const value = about.state === "inactive" ? null : about.value;
    const threshold = isSampleCheck(check) ? check.threshold : null;
    check.alertId = next.state === "inactive" ? null : alertId;
    if (to !== "kept") transitions.add(1, { to });
    writer.add({
      alertId,
      ruleId: check.rule.id,
      serverId: watched.server.id,
      resourceId: watched.resourceId,
      to,
      at: next.lastAt,
      since: about.state === "inactive" ? next.lastAt : about.since,
      stored,
      clearedSince: next.state === "firing" ? next.clearedSince : null,
      severity: check.rule.severity,
      summary: summarise({
        condition: check.condition,
        kind: watched.kind,
        key: watched.key,
        serverName: watched.server.name,
        value,
        state: watched.state,
        detail: watched.reason,
      }),
      value,
      threshold,
      reason: step.transition.to === "resolved" ? step.transition.reason : "",
    });
    if (check.condition.type === "absence" && next.state === "inactive")
      arm(watched, check, watched.heardAt + check.condition.seconds * 1000);
  }

  function observe(watched: Watched, check: Check, at: number, verdict: Verdict, value: number | null): void {
    if (check.instance.state === "inactive" && verdict !== "breach") return;
    take(watched, check, evaluate(check.rule.timing, check.instance, { at, verdict, value }));
  }

  function onCommitted({ serverId, at, late, points }: Events["committed"]): void {
    if (phase !== "active") return;
    const server = servers.get(serverId);
    if (server === undefined) refreshServer(serverId);
    if (server === undefined || server.state === "paused") return;
    const clock = now();
    const when = Math.min(at, clock);
    let judged = 0;
    for (const point of points) {
      const watched = byId.get(point.resourceId);
      if (watched === undefined) {
        if (sampleKinds.has(point.kind)) readAgain(point.resourceId, undefined);
        continue;
      }
      watched.heardAt = clock;
      if (watched.hot) endAbsence(watched, clock);
      if (late || when <= watched.lastAt) continue;
      watched.lastAt = when;
      judged += watched.samples.length;
      if (!watched.hot && !needsLook(watched.limits, point.values)) continue;
      for (const check of watched.samples) judgeSample(watched, check, when, point.values);
      if (watched.hot) judgeUpdates(watched, when, point.values);
      watched.limits = flatten(watched.samples);
    }
    if (judged > 0) evaluations.add(judged);
  }

  function judgeSample(watched: Watched, check: SampleCheck, at: number, values: Float32Array): void {
    // An agent older than a metric sends fewer values.
    const value = check.metric < values.length ? (values[check.metric] as number) : Number.NaN;
    if (check.history !== undefined) judgeIncrease(watched, check, at, value);
    else observe(watched, check, at, judgeValue(value, check.op, check.threshold, check.clear), value);
  }

  function judgeIncrease(watched: Watched, check: SampleCheck, at: number, value: number): void {
    if (check.condition.type !== "increase" || check.history === undefined || Number.isNaN(value)) return;
    const { rise, whole } = noteIncrease(check.history, at, value, check.condition.seconds * 1000);
    if (muting.why(watched, at) !== null) return;
    const verdict = judgeValue(rise, check.op, check.threshold, check.threshold);
    observe(watched, check, at, verdict === "clear" && !whole ? "between" : verdict, rise);
  }

  function endAbsence(watched: Watched, at: number): void {
    for (const check of watched.checks)
      if (check.condition.type === "absence") observe(watched, check, after(check, at), "clear", null);
  }

  /** A container that runs well clears what its update left. */
  function judgeUpdates(watched: Watched, at: number, values: Float32Array): void {
    const well = values[running] === 1 && values[healthy] !== 0;
    for (const check of watched.checks)
      if (check.condition.type === "update_failed") observe(watched, check, at, well ? "clear" : "between", null);
  }

  /** Judges the state conditions by the state as it is now. */
  function lookAtStates(watched: Watched): void {
    const { server } = watched;
    if (server.state === "paused" || (watched.resourceId !== null && server.state === "offline")) return;
    const at = now();
    const muted = muting.why(watched, at);
    for (const check of watched.checks) {
      if (check.condition.type !== "state") continue;
      if (muted === null) observe(watched, check, after(check, at), judgeState(check.condition, watched), null);
      else if (check.instance.state === "pending" || muted === "stopped")
        take(watched, check, close(check.instance, at, "stopped by a command"));
    }
  }

  function runDue(): void {
    const at = now();
    for (;;) {
      const due = deadlines.take(at);
      if (due === undefined) break;
      const { watched, check } = due;
      if (!watched.checks.includes(check)) continue;
      if (check.condition.type === "state") lookAtStates(watched);
      if (check.condition.type === "absence") lookAtAbsence(watched, check, check.condition.seconds * 1000, at);
    }
    schedule();
  }

  function lookAtAbsence(watched: Watched, check: Check, ms: number, at: number): void {
    if (watched.server.state === "paused") return;
    // A dead host silences its disks and containers; a rule about the host itself is its deadman.
    if (watched.server.state === "offline" && watched.kind !== "host") return;
    if (at - watched.heardAt < ms) arm(watched, check, watched.heardAt + ms);
    else observe(watched, check, after(check, at), "breach", null);
  }

  function arm(watched: Watched, check: Check, at: number): void {
    deadlines.push(at, { watched, check });
    if (at < timerAt) schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    const next = deadlines.next();
    timerAt = next ?? Number.POSITIVE_INFINITY;
    timer = next === undefined ? undefined : setTimeout(runDue, Math.min(Math.max(next - now(), 5), 60_000));
    timer?.unref();
  }

  function readAgain(resourceId: number, reason: string | undefined): void {
    if (reason !== undefined || !stale.has(resourceId)) stale.set(resourceId, reason);
    if (staleQueued) return;
    staleQueued = true;
    enqueue("resources", async () => {
      staleQueued = false;
      const wanted = new Map(stale);
      stale.clear();
      for (const row of await readResources(db, [...wanted.keys()])) {
        const watched = addResource(row, wanted.get(row.id));
        if (watched === undefined) refreshServer(row.server_id);
        else if (row.gone_at !== null) leave(watched);
        else {
          endHealth(watched);
          lookAtStates(watched);
        }
      }
    });
  }

  /** A container that was replaced by one without a health check will never be measured healthy again. */
  function endHealth(watched: Watched): void {
    if (!watched.hot || watched.kind !== "container" || watched.state !== "running") return;
    if (watched.attributes.health !== null) return;
    for (const check of watched.samples)
      if (check.metric === healthy && check.instance.state !== "inactive")
        take(watched, check, close(check.instance, now(), "has no health check any more"));
  }

  /** A resource that is gone ends its alerts, unless we are replacing it at this moment. */
  function leave(watched: Watched): void {
    if (muting.isBusy(watched, now()) && watched.checks.some((check) => check.instance.state === "firing")) return;
    closeResource(watched, "gone");
    if (watched.resourceId !== null) byId.delete(watched.resourceId);
    watched.server.resources.delete(watched);
    watched.checks = [];
  }

  function closeResource(watched: Watched | undefined, reason: string): void {
    for (const check of watched?.checks ?? [])
      if (watched !== undefined && check.instance.state !== "inactive")
        take(watched, check, close(check.instance, now(), reason));
  }

  function closeServer(server: WatchedServer, reason: string): void {
    for (const watched of [server.self, ...server.resources]) closeResource(watched, reason);
  }

  function refreshServer(serverId: string): void {
    enqueue("server", async () => {
      const [row] = await readServers(db, [serverId]);
      if (row === undefined) return forgetServer(serverId);
      const fresh = !servers.has(serverId);
      const server = addServer(row);
      if (fresh) for (const each of await readKinds(db, watchedKinds(), serverId)) addResource(each);
      else for (const watched of [server.self, ...server.resources]) rebuild(watched);
      changeServer(server, row.state, row.state_reason);
    });
  }

  function forgetServer(serverId: string): void {
    const server = servers.get(serverId);
    for (const watched of server?.resources ?? []) if (watched.resourceId !== null) byId.delete(watched.resourceId);
    if (server !== undefined) for (const each of [server.self, ...server.resources]) each.checks = [];
    servers.delete(serverId);
  }

  function changeServer(server: WatchedServer, state: string, reason: string): void {
    const before = server.state;
    Object.assign(server, { state, reason });
    Object.assign(server.self, { state, reason });
    if (state === "paused") closeServer(server, "server paused");
    if (state === "offline" && before !== "offline") dropPending(server);
    if (state === "online" || state === "degraded") {
      if (before !== "online" && before !== "degraded") comeBack(server);
    }
    lookAtStates(server.self);
  }

  /** Nobody knows any more whether what was about to fire goes on. */
  function dropPending(server: WatchedServer): void {
    for (const watched of server.resources)
      for (const check of watched.checks)
        if (check.instance.state === "pending" && !(watched.kind === "host" && check.condition.type === "absence"))
          take(watched, check, close(check.instance, now(), "host down"));
  }

  function comeBack(server: WatchedServer): void {
    const clock = now();
    for (const watched of server.resources) {
      watched.heardAt = clock;
      for (const check of watched.checks)
        if (check.condition.type === "absence") arm(watched, check, clock + check.condition.seconds * 1000);
      if (watched.resourceId !== null) readAgain(watched.resourceId, undefined);
    }
  }

  async function onOwnCommand(command: OwnCommand, catchUp: boolean): Promise<void> {
    const lookAgain = muting.note(command, now());
    if (isOpen(command)) return;
    const server = servers.get(command.serverId);
    for (const watched of server?.resources ?? []) {
      if (watched.kind !== "container" || !isAbout(command, watched)) continue;
      if (command.type === "container.update") await tellUpdate(watched, command, catchUp);
      if (lookAgain !== null && watched.resourceId !== null) {
        const id = watched.resourceId;
        const mine = term;
        setTimeout(() => mine === term && readAgain(id, undefined), Math.max(0, lookAgain - now()) + 50).unref();
      }
    }
  }

  async function tellUpdate(watched: Watched, command: OwnCommand, catchUp: boolean): Promise<void> {
    const at = catchUp ? Math.min(command.finishedAt ?? now(), now()) : now();
    for (const check of watched.checks) {
      const { condition } = check;
      if (condition.type !== "update_failed" || !condition.statuses.some((status) => status === command.status))
        continue;
      if (catchUp && (await wasTold(check, watched, at))) continue;
      watched.reason = command.outcome;
      observe(watched, check, catchUp ? at : after(check, at), "breach", null);
    }
  }

  async function wasTold(check: Check, watched: Watched, at: number): Promise<boolean> {
    const row = await db
      .selectFrom("alert")
      .select("id")
      .where("rule_id", "=", check.rule.id)
      .where("server_id", "=", watched.server.id)
      .where("resource_id", "=", watched.resourceId)
      .where("pending_at", ">=", new Date(at))
      .executeTakeFirst();
    return row !== undefined;
  }

  const off = [
    bus.on("committed", onCommitted),
    bus.on("resource", (event) => {
      if (phase === "standby" || !(sampleKinds.has(event.kind) || byId.has(event.resourceId))) return;
      readAgain(event.resourceId, event.reason);
    }),
    bus.on("server", ({ serverId, state, reason }) => {
      if (phase === "standby") return;
      const server = servers.get(serverId);
      if (server === undefined || phase === "loading") refreshServer(serverId);
      else changeServer(server, state, reason);
    }),
    bus.on("configured", ({ serverId, deleted }) => {
      if (phase === "standby") return;
      if (deleted) forgetServer(serverId);
      else refreshServer(serverId);
    }),
    bus.on("command", ({ commandId, status }) => {
      // Most of its events tell of progress only.
      if (phase === "standby" || statuses.get(commandId) === status) return;
      statuses.set(commandId, status);
      if (statuses.size > 10_000) statuses.clear();
      enqueue("command", async () => {
        const command = await readOwnCommand(db, commandId);
        if (command !== undefined) await onOwnCommand(command, false);
      });
    }),
    bus.on("rules", () => {
      if (phase === "standby") return;
      enqueue("rules", async () => {
        await readRules();
        for (const row of await readKinds(db, watchedKinds())) addResource(row);
        for (const server of servers.values())
          for (const watched of [server.self, ...server.resources]) {
            rebuild(watched);
            lookAtStates(watched);
          }
      });
    }),
  ];

  return {
    isActive: () => phase === "active",
    async settled() {
      let seen: Promise<void>;
      do {
        seen = work;
        await seen;
        await writer.settled();
      } while (seen !== work);
    },
    runDue,
    async stop() {
      for (const end of off) end();
      clearTimeout(timer);
      await work;
      await Promise.race([writer.settled(), new Promise((done) => setTimeout(done, 5000).unref())]);
      deactivate();
      await lease.stop();
    },
  };
}

/** After a start, nobody can tell how long a resource was silent while no evaluator ran: it gets this long to be heard. */
const graceMs = 30_000;

function isHot(watched: Watched): boolean {
  return watched.checks.some((check) => check.instance.state !== "inactive");
}

/** What is heard of by our clock counts in the order in which it came, also within a millisecond or when the clock was set back. */
function after({ instance }: Check, at: number): number {
  return Math.max(at, instance.lastAt + 1);
}

function deadlineAfterRestart({ instance, rule }: Check): number | null {
  if (instance.state === "pending") return instance.since + rule.timing.forSeconds * 1000;
  if (instance.state === "firing" && instance.clearedSince !== null)
    return instance.clearedSince + rule.timing.keepFiringSeconds * 1000;
  return null;
}

import type { Events } from "../bus.ts";
import type { Context } from "../context.ts";
import { forecastsSince } from "../db/queries/storage-forecasts.ts";
import { createAlertWriter } from "./alert-writer.ts";
import { createFleet } from "./fleet.ts";
import { after, createJudging } from "./judging.ts";
import { holdLease } from "./lease.ts";
import { createMuting, isAbout } from "./muting.ts";
import { isOpen, type OwnCommand, readOwnCommand, readRecentCommands, readStops } from "./own-commands.ts";
import { hasForecast, noteForecasts, prepare } from "./prepare.ts";
import { loadRules } from "./rules.ts";
import { readActive, readKinds, readResources, readServers } from "./store.ts";
import type { Check, Watched, WatchedServer } from "./watch.ts";

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
const hourMs = 3_600_000;

/**
 * Judges what ingest commits by the alert rules. One process at a time does it (lease `alert-evaluator`); it holds the
 * state in memory, mirrored as rows of `alert`, and goes on from these rows after a restart.
 */
export function startEvaluator(context: Pick<Context, "db" | "bus" | "log" | "now" | "metrics">): Evaluator {
  const { db, bus, metrics } = context;
  const log = context.log.child({ part: "alerts" });
  const now = () => context.now().getTime();
  const muting = createMuting();
  let phase: "standby" | "loading" | "active" = "standby";
  let term = 0;
  /** Resources to read (again), with the reason that came with the event; done in one go. */
  const stale = new Map<number, string | undefined>();
  let work: Promise<void> = Promise.resolve();
  let staleQueued = false;
  const statuses = new Map<string, string>();
  /** Unix ms: forecasts made before were judged. */
  let forecastsSeen = 0;

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

  const judging = createJudging({
    add: writer.add,
    muting,
    now,
    onTransition: (to) => to !== "kept" && transitions.add(1, { to }),
  });
  const fleet = createFleet({ judging, add: writer.add, now });
  const { servers, byId } = fleet;

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
    fleet.clear();
    judging.clear();
    muting.clear();
    stale.clear();
    staleQueued = false;
    statuses.clear();
  }

  function activate(): void {
    term++;
    phase = "loading";
    enqueue("start", async () => {
      await writer.settled();
      forget();
      await readRules();
      const rows = await readActive(db);
      for (const row of await readServers(db)) fleet.addServer(row);
      const names = fleet.attributeNames();
      const resources = await readKinds(db, fleet.watchedKinds(), names);
      const known = new Set(resources.map((r) => r.id));
      const more = rows.flatMap((r) => (r.resource_id !== null && !known.has(r.resource_id) ? [r.resource_id] : []));
      resources.push(...(await readResources(db, more, names)));
      for (const row of resources) fleet.addResource(row);
      for (const row of rows) fleet.resume(row);
      forecastsSeen = now() - hourMs;
      await prepare(db, [...byId.values()], now());
      for (const command of await readStops(db)) muting.note(command, now());
      phase = "active";
      for (const command of await readRecentCommands(db, new Date(now() - catchUpMs)))
        await onOwnCommand(command, true);
      for (const row of resources) {
        const watched = row.gone_at === null ? undefined : byId.get(row.id);
        if (watched !== undefined) leave(watched);
      }
      for (const server of servers.values()) {
        if (server.state === "paused") closeServer(server, "server paused");
        judging.states(server.self);
        for (const watched of server.resources) {
          judging.states(watched);
          judging.forecasts(watched);
        }
      }
      log.info({ servers: servers.size, resources: byId.size }, "alert rules are evaluated here");
    });
  }

  async function readRules(): Promise<void> {
    fleet.setRules(
      await loadRules(db, (name, problem) => log.error({ rule: name, problem }, "stored alert rule is malformed")),
    );
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
        if (fleet.hasRules(point.kind)) readAgain(point.resourceId, undefined);
        continue;
      }
      judged += judging.sample(watched, point.values, when, late, clock);
    }
    if (judged > 0) evaluations.add(judged);
  }

  function readAgain(resourceId: number, reason: string | undefined): void {
    if (reason !== undefined || !stale.has(resourceId)) stale.set(resourceId, reason);
    if (staleQueued) return;
    staleQueued = true;
    enqueue("resources", async () => {
      staleQueued = false;
      const wanted = new Map(stale);
      stale.clear();
      const rows = await readResources(db, [...wanted.keys()], fleet.attributeNames());
      const fresh = rows.filter((row) => !byId.has(row.id));
      for (const row of rows) fleet.addResource(row, wanted.get(row.id));
      await prepareAll(fresh.map((row) => row.id));
      for (const row of rows) {
        const watched = byId.get(row.id);
        if (watched === undefined) refreshServer(row.server_id);
        else if (row.gone_at !== null) leave(watched);
        else {
          judging.endHealth(watched);
          judging.states(watched);
        }
      }
    });
  }

  async function prepareAll(ids: readonly number[]): Promise<void> {
    await prepare(
      db,
      ids.flatMap((id) => byId.get(id) ?? []),
      now(),
    );
  }

  /** Judges what was forecast since the last time. */
  async function readForecasts(): Promise<void> {
    for (const row of await forecastsSince(db, fleet.forecastMetrics(), new Date(forecastsSeen))) {
      forecastsSeen = Math.max(forecastsSeen, row.computedAt.getTime());
      const watched = byId.get(row.resourceId);
      if (watched === undefined || !hasForecast(watched)) continue;
      noteForecasts(watched, [row]);
      judging.forecasts(watched);
    }
  }

  /** A resource that is gone ends its alerts, unless we are replacing it at this moment. */
  function leave(watched: Watched): void {
    if (muting.isBusy(watched, now()) && watched.checks.some((check) => check.instance.state === "firing")) return;
    judging.end(watched, "gone");
    fleet.removeResource(watched);
  }

  function closeServer(server: WatchedServer, reason: string): void {
    for (const watched of [server.self, ...server.resources]) judging.end(watched, reason);
  }

  function refreshServer(serverId: string): void {
    enqueue("server", async () => {
      const [row] = await readServers(db, [serverId]);
      if (row === undefined) return fleet.removeServer(serverId);
      const fresh = !servers.has(serverId);
      const server = fleet.addServer(row);
      if (fresh) {
        const rows = await readKinds(db, fleet.watchedKinds(), fleet.attributeNames(), serverId);
        for (const each of rows) fleet.addResource(each);
        await prepareAll(rows.map((each) => each.id));
      } else for (const watched of [server.self, ...server.resources]) fleet.rebuild(watched);
      changeServer(server, row.state, row.state_reason);
    });
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
    judging.states(server.self);
  }

  /** Nobody knows any more whether what was about to fire goes on. */
  function dropPending(server: WatchedServer): void {
    for (const watched of server.resources)
      for (const check of watched.checks)
        if (check.instance.state === "pending" && !(watched.kind === "host" && check.term.condition.type === "absence"))
          judging.end(watched, "host down", check);
  }

  function comeBack(server: WatchedServer): void {
    const clock = now();
    for (const watched of server.resources) {
      watched.heardAt = clock;
      for (const check of watched.checks)
        if (check.term.condition.type === "absence")
          judging.arm(watched, check, clock + check.term.condition.seconds * 1000);
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
      const { condition } = check.term;
      if (condition.type !== "update_failed" || !condition.statuses.some((status) => status === command.status))
        continue;
      if (catchUp && (await wasTold(check, watched, at))) continue;
      watched.reason = command.outcome;
      judging.happened(watched, check, catchUp ? at : after(check, at));
    }
  }

  async function wasTold(check: Check, watched: Watched, at: number): Promise<boolean> {
    const row = await db
      .selectFrom("alert")
      .select("id")
      .where("rule_id", "=", check.term.rule.id)
      .where("server_id", "=", watched.server.id)
      .where("resource_id", "=", watched.resourceId)
      .where("pending_at", ">=", new Date(at))
      .executeTakeFirst();
    return row !== undefined;
  }

  const off = [
    bus.on("committed", onCommitted),
    bus.on("resource", (event) => {
      if (phase === "standby" || !(fleet.hasRules(event.kind) || byId.has(event.resourceId))) return;
      // That an agent declared it (at its start) is no reason for its state.
      readAgain(event.resourceId, event.reason === "declared" ? "" : event.reason);
    }),
    bus.on("server", ({ serverId, state, reason }) => {
      if (phase === "standby") return;
      const server = servers.get(serverId);
      if (server === undefined || phase === "loading") refreshServer(serverId);
      else changeServer(server, state, reason);
    }),
    bus.on("configured", ({ serverId, deleted }) => {
      if (phase === "standby") return;
      if (deleted) fleet.removeServer(serverId);
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
    bus.on("forecasts", () => {
      if (phase !== "standby") enqueue("forecasts", readForecasts);
    }),
    bus.on("rules", () => {
      if (phase === "standby") return;
      enqueue("rules", async () => {
        await readRules();
        for (const row of await readKinds(db, fleet.watchedKinds(), fleet.attributeNames())) fleet.addResource(row);
        const all = [...servers.values()].flatMap((server) => [server.self, ...server.resources]);
        for (const watched of all) fleet.rebuild(watched);
        await prepare(db, all, now());
        for (const watched of all) {
          judging.states(watched);
          judging.forecasts(watched);
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
    runDue: judging.runDue,
    async stop() {
      for (const end of off) end();
      await work;
      await Promise.race([writer.settled(), new Promise((done) => setTimeout(done, 5000).unref())]);
      deactivate();
      await lease.stop();
    },
  };
}

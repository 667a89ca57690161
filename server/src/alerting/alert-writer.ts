import { setTimeout as delay } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import type { Logger } from "pino";
import type { Bus } from "../bus.ts";
import type { Database, Severity } from "../db/schema.ts";
import { affectedLine } from "./affected.ts";
import { explainState } from "./explain.ts";
import { queueFiring, queueResolved } from "./outbox.ts";

/** A transition as it is stored. Times in Unix ms. */
export type Change = {
  alertId: string;
  ruleId: string;
  serverId: string;
  resourceId: number | null;
  /** Of the resource; absent where nobody is told that it fires. */
  kind?: string;
  /** Nobody said why the resource is in its state: it is looked up when this fires. */
  explain?: boolean;
  to: "pending" | "firing" | "dropped" | "kept" | "resolved";
  at: number;
  since: number;
  /** False: the alert has no row yet. */
  stored: boolean;
  clearedSince: number | null;
  severity: Severity;
  summary: string;
  value: number | null;
  threshold: number | null;
  reason: string;
};

export type AlertWriter = {
  add(change: Change): void;
  /** Resolves when all that was added is stored. */
  settled(): Promise<void>;
  /** Forgets what is not stored yet. */
  clear(): void;
  waiting(): number;
};

const batch = 100;

/**
 * Stores transitions in their order, each together with its outbox rows, in transactions that confirm the lease. While
 * the database is away they wait. `onLost`: the lease is gone; `onConflict`: another row is active for the same thing.
 */
export function createAlertWriter(options: {
  db: Kysely<Database>;
  bus: Bus;
  log: Logger;
  confirm: (trx: Kysely<Database>) => Promise<boolean>;
  onLost: () => void;
  onConflict: (change: Change) => void;
}): AlertWriter {
  const { db, bus, log, confirm, onLost, onConflict } = options;
  let queue: Change[] = [];
  let inFlight = new Set<Change>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    let failures = 0;
    while (queue.length > 0) {
      const part = queue.slice(0, failures > 0 ? 1 : batch);
      inFlight = new Set(part);
      const done = () => {
        queue = queue.filter((change) => !inFlight.has(change));
        inFlight = new Set();
      };
      try {
        const held = await store(part);
        if (!held) {
          queue = [];
          onLost();
          return;
        }
        done();
        failures = 0;
      } catch (error) {
        failures++;
        const code = (error as { code?: string }).code ?? "";
        if (part.length === 1 && /^2[23]/.test(code)) {
          // Its rule, server or resource was deleted meanwhile: nothing is left to tell.
          log.warn({ alertId: part[0]?.alertId, code }, "alert transition dropped");
          done();
          continue;
        }
        if (part.length > 1 && /^2[23]/.test(code)) continue;
        log.error({ err: error, waiting: queue.length }, "alert transitions not stored, trying again");
        await delay(Math.random() * Math.min(10_000, 100 * 2 ** Math.min(failures, 7)));
      }
    }
  }

  async function store(part: readonly Change[]): Promise<boolean> {
    const done: Change[] = [];
    const conflicts: Change[] = [];
    const held = await db.transaction().execute(async (trx) => {
      if (!(await confirm(trx))) return false;
      for (const change of part) {
        if (await apply(trx, change)) done.push(change);
        else if (!change.stored || change.to === "firing") conflicts.push(change);
      }
      return true;
    });
    if (!held) return false;
    for (const change of conflicts) onConflict(change);
    for (const { alertId, serverId, ruleId, to } of done)
      if (to === "pending" || to === "firing" || to === "resolved")
        bus.emit("alert", { alertId, serverId, ruleId, state: to });
    return true;
  }

  return {
    add(change) {
      // A pending one that came and went before it was stored leaves nothing behind.
      const begun =
        change.to === "dropped"
          ? queue.find((each) => each.alertId === change.alertId && each.to === "pending" && !inFlight.has(each))
          : undefined;
      if (begun === undefined) queue.push(change);
      else queue = queue.filter((each) => each !== begun);
      running ??= run().finally(() => {
        running = undefined;
      });
    },
    async settled() {
      while (running !== undefined) await running;
    },
    clear() {
      queue = [];
    },
    waiting: () => queue.length,
  };
}

/** False where nothing was changed because the row is not (or no longer) in the state that the change starts from. */
async function apply(trx: Kysely<Database>, change: Change): Promise<boolean> {
  const { alertId, to } = change;
  const at = new Date(change.at);
  const seen = { value: change.value, summary: change.summary, last_evaluated_at: at };
  if (!change.stored) return insert(trx, change);
  if (to === "dropped") {
    const gone = await trx
      .deleteFrom("alert")
      .where("id", "=", alertId)
      .where("state", "=", "pending")
      .executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }
  const update = trx.updateTable("alert").where("id", "=", alertId);
  if (to === "firing") {
    const fired = await update
      .set({ ...seen, state: "firing", fired_at: at })
      .where("state", "=", "pending")
      .executeTakeFirst();
    if (fired.numUpdatedRows > 0n) await tellFiring(trx, change);
    return fired.numUpdatedRows > 0n;
  }
  if (to === "resolved") {
    const resolved = await update
      .set({
        value: change.value,
        last_evaluated_at: at,
        state: "resolved",
        resolved_at: at,
        resolve_reason: change.reason,
        cleared_since: null,
      })
      .where("state", "=", "firing")
      .executeTakeFirst();
    if (resolved.numUpdatedRows > 0n) await queueResolved(trx, alertId);
    return resolved.numUpdatedRows > 0n;
  }
  const kept = await update
    .set({ last_evaluated_at: at, cleared_since: change.clearedSince === null ? null : new Date(change.clearedSince) })
    .where("state", "=", "firing")
    .executeTakeFirst();
  return kept.numUpdatedRows > 0n;
}

async function insert(trx: Kysely<Database>, change: Change): Promise<boolean> {
  const firing = change.to === "firing";
  const row = await trx
    .insertInto("alert")
    .values({
      id: change.alertId,
      rule_id: change.ruleId,
      server_id: change.serverId,
      resource_id: change.resourceId,
      state: firing ? "firing" : "pending",
      severity: change.severity,
      generation: sql<number>`(SELECT coalesce(max(generation), 0) + 1 FROM alert WHERE rule_id = ${change.ruleId}
        AND server_id = ${change.serverId} AND resource_id IS NOT DISTINCT FROM ${change.resourceId})`,
      summary: change.summary,
      value: change.value,
      threshold: change.threshold,
      pending_at: new Date(change.since),
      fired_at: firing ? new Date(change.at) : null,
      last_evaluated_at: new Date(change.at),
    })
    .onConflict((c) => c.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (row === undefined) return false;
  if (firing) await tellFiring(trx, change);
  return true;
}

/** Notes what stands on the drive, pool or filesystem, so that every message says it, then queues them. */
async function tellFiring(trx: Kysely<Database>, change: Change): Promise<void> {
  const { alertId, serverId, resourceId, kind } = change;
  const why = resourceId !== null && change.explain === true ? await explainState(trx, serverId, resourceId) : "";
  if (why !== "")
    await trx
      .updateTable("alert")
      .set({ summary: `${change.summary}: ${why}` })
      .where("id", "=", alertId)
      .execute();
  const affected = resourceId === null ? "" : await affectedLine(trx, { serverId, resourceId, kind: kind ?? "" });
  if (affected !== "") await trx.updateTable("alert").set({ affected }).where("id", "=", alertId).execute();
  await queueFiring(trx, alertId);
}

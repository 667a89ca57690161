import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import pg from "pg";
import type { Context } from "../context.ts";
import type { Database } from "../db/schema.ts";
import { giveUpSeconds, nextAttempt } from "../domain/alerts/backoff.ts";
import { type AlertEvent, composeMessage, type Message, testMessage } from "../domain/alerts/message.ts";
import type { Outcome } from "../notifiers/notifier.ts";
import { outboxChannel } from "./outbox.ts";
import { type Receiver, sendMessage } from "./send.ts";

export type Delivery = {
  /** Looks at the outbox now. */
  wake(): void;
  stop(): Promise<void>;
};

type Options = {
  /** Least time between two messages to one receiver, unless they are retried. Seconds. */
  spacingSeconds?: number;
};

type Row = {
  id: number;
  alert_id: string | null;
  event: string;
  payload: Record<string, unknown>;
  attempts: number;
  created_at: Date;
};
type Claim = { receiver: Receiver; rows: Row[] };

/** How long a claimed row is left alone: longer than any attempt takes. */
const claimSeconds = 120;
const attemptMs = 90_000;
/** How long a message under way may hold up the end of the process. */
const stopMs = 5_000;
const most = 500;

/**
 * Sends what the outbox holds. Any number of processes may: a row is claimed in a short transaction, sent, then
 * marked. A crash in between sends it again after the claim's time with the same idempotency key (at least once).
 * What waits for one receiver goes out as one message; of one alert nothing overtakes what came before.
 */
export function startDelivery(
  context: Pick<Context, "config" | "db" | "pool" | "log" | "now" | "secrets" | "metrics">,
  options: Options = {},
): Delivery {
  const { db, metrics } = context;
  const log = context.log.child({ part: "delivery" });
  const spacing = options.spacingSeconds ?? 10;
  const stopping = new AbortController();
  let closed = false;
  const busy = new Map<string, Promise<void>>();
  const sentAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  const attempts = metrics.counter("fairlead_notifications_total", "Messages to receivers by outcome");

  const listener = listen(context.pool, outboxChannel, wake, (error) =>
    log.warn({ err: error }, "outbox notifications interrupted"),
  );

  function wake(): void {
    if (closed) return;
    again = true;
    looking ??= look().finally(() => {
      looking = undefined;
      if (again) wake();
    });
  }

  async function look(): Promise<void> {
    again = false;
    let next = 60_000;
    try {
      for (const due of await waiting(db)) {
        const spaced = (sentAt.get(due.receiverId) ?? Number.NEGATIVE_INFINITY) + spacing * 1000 - performance.now();
        const wait = Math.max(due.inMs, due.fresh ? spaced : 0);
        if (busy.has(due.receiverId)) continue;
        if (wait > 0) next = Math.min(next, wait);
        else start(due.receiverId);
      }
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error }, "outbox not read, trying again");
      next = 2000;
    }
    clearTimeout(timer);
    if (!closed) timer = setTimeout(wake, Math.max(20, next)).unref();
  }

  function start(receiverId: string): void {
    const task = serve(receiverId)
      .catch((error) => {
        if (!stopping.signal.aborted) log.error({ err: error, receiverId }, "delivery disturbed");
      })
      .finally(() => {
        busy.delete(receiverId);
        wake();
      });
    busy.set(receiverId, task);
  }

  async function serve(receiverId: string): Promise<void> {
    const claim = await db.transaction().execute((trx) => claimRows(trx, receiverId));
    if (claim === undefined) return;
    const started = performance.now();
    const outcome = await sendMessage(context, claim.receiver, messageOf(claim.receiver, claim.rows), {
      idempotencyKey: keyOf(claim.rows),
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(attemptMs)]),
    });
    sentAt.set(receiverId, performance.now());
    const seconds = (performance.now() - started) / 1000;
    const result = "ok" in outcome ? "delivered" : "retry" in outcome ? "retry" : "failed";
    attempts.add(1, { kind: claim.receiver.kind, outcome: result });
    const about = { receiver: claim.receiver.name, kind: claim.receiver.kind, alerts: claim.rows.length, seconds };
    if ("ok" in outcome) log.info(about, "message delivered");
    else log.warn({ ...about, reason: "retry" in outcome ? outcome.retry : outcome.permanent }, `message ${result}`);
    await settle(db, claim.rows, outcome, context.now());
  }

  wake();
  return {
    wake,
    async stop() {
      closed = true;
      clearTimeout(timer);
      await looking;
      // What is on its way would be sent again by the next process: it gets a moment to arrive.
      const late = setTimeout(() => stopping.abort(), stopMs);
      await Promise.allSettled(busy.values());
      clearTimeout(late);
      stopping.abort();
      await listener.stop();
    },
  };
}

/** Receivers with something to send: when, and whether all of it is sent for the first time. */
async function waiting(db: Kysely<Database>): Promise<{ receiverId: string; inMs: number; fresh: boolean }[]> {
  const { rows } = await sql<{ receiver_id: string; in_ms: number; fresh: boolean }>`
    SELECT receiver_id, extract(epoch FROM min(next_attempt_at) - now()) * 1000 AS in_ms, bool_and(attempts = 0) AS fresh
    FROM outbox WHERE state = 'waiting' GROUP BY receiver_id`.execute(db);
  return rows.map((row) => ({ receiverId: row.receiver_id, inMs: Number(row.in_ms), fresh: row.fresh }));
}

/** Takes what is due for the receiver, and what is fresh and could go with it. */
async function claimRows(trx: Kysely<Database>, receiverId: string): Promise<Claim | undefined> {
  const receiver = await trx
    .selectFrom("receiver")
    .select(["id", "name", "kind", "config", "enabled"])
    .where("id", "=", receiverId)
    .executeTakeFirst();
  if (receiver === undefined) return undefined;
  const { rows } = await sql<Row>`
    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => ${claimSeconds})
    WHERE id IN (
      SELECT o.id FROM outbox o
      WHERE o.receiver_id = ${receiverId} AND o.state = 'waiting' AND (o.next_attempt_at <= now() OR o.attempts = 0)
        AND NOT EXISTS (SELECT FROM outbox e WHERE e.alert_id = o.alert_id AND e.receiver_id = o.receiver_id
          AND e.id < o.id AND e.state = 'waiting')
        AND EXISTS (SELECT FROM outbox d WHERE d.receiver_id = ${receiverId} AND d.state = 'waiting'
          AND d.next_attempt_at <= now())
      ORDER BY o.id LIMIT ${most} FOR UPDATE SKIP LOCKED)
    RETURNING id, alert_id, event, payload, attempts, created_at`.execute(trx);
  return rows.length === 0 ? undefined : { receiver, rows: rows.sort((a, b) => a.id - b.id) };
}

async function settle(db: Kysely<Database>, rows: readonly Row[], outcome: Outcome, now: Date): Promise<void> {
  const ids = rows.map((row) => row.id);
  const update = db.updateTable("outbox").where("id", "in", ids).where("state", "=", "waiting");
  if ("ok" in outcome) {
    await update.set({ state: "delivered", delivered_at: now, last_error: "" }).execute();
    return;
  }
  if ("permanent" in outcome) {
    await update.set({ state: "failed", last_error: outcome.permanent }).execute();
    return;
  }
  const { retry, afterSeconds } = outcome;
  const attempts = Math.min(...rows.map((row) => row.attempts));
  const seconds = nextAttempt(attempts, 0, Math.random(), afterSeconds) ?? 0;
  await update
    .set({
      last_error: retry,
      state: sql`CASE WHEN created_at < now() - make_interval(secs => ${giveUpSeconds}) THEN 'failed' ELSE 'waiting' END`,
      next_attempt_at: sql`now() + make_interval(secs => ${seconds}::float8)`,
    })
    .execute();
}

function messageOf(receiver: Receiver, rows: readonly Row[]): Message {
  const events = rows.filter((row) => row.event !== "test");
  if (events.length === 0) return testMessage(receiver.name);
  return composeMessage(
    events.map((row) => {
      const payload = row.payload as Omit<AlertEvent, "id" | "event">;
      return { ...payload, id: `${payload.alertId}:${row.event}`, event: row.event as AlertEvent["event"] };
    }),
  );
}

function keyOf(rows: readonly Row[]): string {
  return createHash("sha256")
    .update(rows.map((row) => row.id).join(","))
    .digest("hex")
    .slice(0, 32);
}

/** Calls back at each NOTIFY on the channel, over a connection of its own that is opened again when it breaks. */
function listen(
  pool: pg.Pool,
  channel: string,
  onNotify: () => void,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  function reopen(error: unknown): void {
    if (stopped || timer !== undefined) return;
    onError(error);
    client?.end().catch(() => {});
    timer = setTimeout(
      () => {
        timer = undefined;
        void open();
      },
      500 + Math.random() * 1500,
    ).unref();
  }

  async function open(): Promise<void> {
    if (stopped) return;
    const mine = new pg.Client(pool.options as pg.ClientConfig);
    client = mine;
    mine.on("error", reopen);
    mine.on("end", () => client === mine && reopen(new Error("connection ended")));
    mine.on("notification", onNotify);
    try {
      await mine.connect();
      await mine.query(`LISTEN ${channel}`);
      onNotify();
    } catch (error) {
      reopen(error);
    }
  }

  void open();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}

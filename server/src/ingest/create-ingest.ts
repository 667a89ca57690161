import type { Kysely } from "kysely";
import type pg from "pg";
import type { Logger } from "pino";
import type { Bus } from "../bus.ts";
import { isDataFault } from "../db/checkout.ts";
import { ensurePartitions } from "../db/partitions.ts";
import type { Database } from "../db/schema.ts";
import { windowStart } from "../domain/rollup/levels.ts";
import type { MetricsRegistry } from "../metrics-registry.ts";
import { commitBatch } from "./commit-batch.ts";
import { createDeclarer } from "./declare.ts";
import type { IncomingChange, IncomingReport, Ingest } from "./ingest.ts";
import { createOpenWindows, type OpenWindows } from "./open-windows.ts";

export type IngestOptions = {
  pool: pg.Pool;
  db: Kysely<Database>;
  bus: Bus;
  log: Logger;
  metrics: MetricsRegistry;
  now: () => Date;
  /** Bound of the queue: report() answers false above it. Sessions pause; a value is 4 bytes and its share of a report. */
  maxQueuedValues?: number;
};

/** The ingest, and what it saw of the open minutes: the roll-up job wants that. */
export type RunningIngest = Ingest & { windows: OpenWindows };

type Item =
  | { report: IncomingReport; change?: undefined; done: () => void; size: number }
  | { change: IncomingChange; report?: undefined; done: () => void; size: number };

/** Packing this many holds the event loop for about 10 ms. */
const maxBatchValues = 100_000;
const changeSize = 10;
/** Under load batches start no closer than this, unless there is enough for a large one: each costs a commit and round trips. */
const gatherMs = 80;
const fullBatchValues = 50_000;
/** After a batch with duplicates more of them follow, as agents send again what was never acknowledged. */
const replayMs = 3000;
const dayMs = 86_400_000;
const maxBackoffMs = 5000;
const stopMs = 10_000;

/** One loop that commits what all sessions queued, batch after batch: the time of one commit gathers the next. */
export function createIngest(options: IngestOptions): RunningIngest {
  const { pool, bus, log, metrics, now, maxQueuedValues = 4_000_000 } = options;
  const windows = createOpenWindows();
  const newest = new Map<string, number>();
  const declarer = createDeclarer(pool, bus, (serverId) => newest.get(serverId));
  const madeDays = new Set<number>();
  let queue: Item[] = [];
  let head = 0;
  let queuedValues = 0;
  let committing: Promise<void> | undefined;
  let replayUntil = 0;
  let stopAt: number | undefined;
  let wake: (() => void) | undefined;
  let gathered: (() => void) | undefined;
  let waiters: (() => void)[] = [];

  const values = metrics.counter("fairlead_ingest_values_total", "Values committed, replays included");
  const reports = metrics.counter("fairlead_ingest_reports_total", "Reports committed, replays included");
  const batches = metrics.counter("fairlead_ingest_batches_total", "Transactions committed, by way of storing");
  const failures = metrics.counter("fairlead_ingest_failures_total", "Transactions that failed and were tried again");
  const refused = metrics.counter("fairlead_ingest_refused_total", "Records that the database refuses for good");
  const seconds = metrics.histogram(
    "fairlead_ingest_commit_seconds",
    "Duration of a transaction",
    [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  metrics.gauge("fairlead_ingest_queued_values", "Values that wait for their commit", () => queuedValues);
  metrics.gauge("fairlead_ingest_lag_seconds", "Age of the oldest record that waits", () => {
    const oldest = queue[head]?.report?.receivedAt;
    return oldest === undefined ? 0 : Math.max(0, now().getTime() - oldest) / 1000;
  });
  const subscriptions = [
    bus.on("configured", ({ serverId, deleted }) => {
      if (!deleted) return;
      declarer.forget(serverId);
      newest.delete(serverId);
    }),
    // Until it comes back another process may have changed its resources.
    bus.on("stream", ({ serverId, connected }) => {
      if (!connected) declarer.forget(serverId);
    }),
  ];

  function push(item: Item): boolean {
    queue.push(item);
    queuedValues += item.size;
    if (queuedValues >= fullBatchValues) gathered?.();
    committing ??= drain();
    return queuedValues <= maxQueuedValues;
  }

  async function drain(): Promise<void> {
    // What arrives in the same turn of the event loop goes into the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (head < queue.length) {
      const started = performance.now();
      await commit(take());
      if (stopAt !== undefined && Date.now() > stopAt) break;
      // More came during the commit: there is load, and waiting for still more of it saves commits.
      if (head < queue.length && queuedValues < fullBatchValues) {
        const gathering = pause(gatherMs - (performance.now() - started));
        gathered = wake;
        await gathering;
        gathered = undefined;
      }
    }
    committing = undefined;
  }

  function take(): Item[] {
    let size = 0;
    let end = head;
    while (end < queue.length) {
      const next = (queue[end] as Item).size;
      if (end > head && size + next > maxBatchValues) break;
      size += next;
      end++;
    }
    const batch = queue.slice(head, end);
    head = end;
    if (head === queue.length || head > 10_000) {
      queue = queue.slice(head);
      head = 0;
    }
    return batch;
  }

  /** Ends when each record of the batch is stored or refused for good, or the ingest gave up on stopping. */
  async function commit(batch: Item[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const started = performance.now();
      try {
        const found = batch.flatMap((item) => item.report ?? []);
        const changes = batch.flatMap((item) => item.change ?? []);
        await makeDays(found);
        const at = now().getTime();
        const stored = await commitBatch(pool, windows, found, changes, () => now().getTime(), at < replayUntil);
        if (stored.replayed && at >= replayUntil) replayUntil = at + replayMs;
        seconds.observe((performance.now() - started) / 1000);
        batches.add(1, { way: stored.replayed ? "replay" : "new" });
        for (const { serverId, kind, key, state } of stored.updates) declarer.changed(serverId, kind, key, state);
        finish(batch);
        for (const { serverId, resourceId, kind, key, state, reason } of stored.updates) {
          bus.emit("resource", { serverId, resourceId, kind, key, state, reason });
        }
        return;
      } catch (error) {
        failures.add(1);
        if (isMissingPartition(error) && attempt < 3) {
          madeDays.clear();
          continue;
        }
        if (isDataFault(error)) {
          await isolate(batch, error);
          return;
        }
        if (stopAt !== undefined && Date.now() > stopAt) {
          log.warn({ records: batch.length, err: error }, "ingest stops with records that agents will send again");
          return;
        }
        if (attempt === 0) log.warn({ err: error, records: batch.length }, "commit failed, trying again");
        await backoff(attempt);
      }
    }
  }

  /** Halves the batch until what the database refuses stands alone; that one is dropped, the rest is stored. */
  async function isolate(batch: Item[], error: unknown): Promise<void> {
    if (batch.length > 1) {
      const half = batch.length >> 1;
      await commit(batch.slice(0, half));
      await commit(batch.slice(half));
      return;
    }
    for (const item of batch) {
      const { serverId, seq } = item.report ?? item.change;
      log.error({ err: error, serverId, seq }, "record refused by the database");
      refused.add(1);
      queuedValues -= item.size;
      item.done();
    }
    release();
  }

  function finish(batch: Item[]): void {
    for (const item of batch) {
      queuedValues -= item.size;
      item.done();
    }
    release();
    let total = 0;
    let count = 0;
    for (const { report } of batch) {
      if (report === undefined) continue;
      const { serverId, at, points } = report;
      const before = newest.get(serverId);
      const late = before !== undefined && at <= before;
      if (!late) newest.set(serverId, at);
      bus.emit("committed", { serverId, at, late, points });
      if (!late) bus.emit("live", { serverId, at, points });
      for (const point of points) total += point.values.length;
      count++;
    }
    values.add(total);
    reports.add(count);
  }

  function release(): void {
    if (queuedValues > maxQueuedValues / 2) return;
    const woken = waiters;
    waiters = [];
    for (const resume of woken) resume();
  }

  async function makeDays(found: readonly IncomingReport[]): Promise<void> {
    for (const { at } of found) {
      const day = windowStart(at, dayMs);
      if (madeDays.has(day)) continue;
      await ensurePartitions(pool, "sample", at, at);
      madeDays.add(day);
    }
  }

  function backoff(attempt: number): Promise<void> {
    const bound = Math.min(maxBackoffMs, 50 * 2 ** attempt);
    return pause(bound / 2 + (Math.random() * bound) / 2);
  }

  /** Waits until `wake` is called or the time is over. */
  function pause(ms: number): Promise<void> {
    if (ms <= 0 || stopAt !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    windows,
    declare: declarer.declare,
    report(report, done) {
      let size = 1;
      for (const point of report.points) size += point.values.length;
      return push({ report, done, size });
    },
    change: (change, done) => push({ change, done, size: changeSize }),
    drained: () =>
      queuedValues <= maxQueuedValues / 2
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push(resolve);
          }),
    async stop() {
      stopAt = Date.now() + stopMs;
      wake?.();
      await committing;
      for (const end of subscriptions) end();
    },
  };
}

/** Retention dropped the day meanwhile, or another process did. */
function isMissingPartition(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "23514" && message?.startsWith("no partition of relation") === true;
}

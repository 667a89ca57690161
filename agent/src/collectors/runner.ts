import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, Partly, type Reading, type StateEvent } from "./collector.ts";
import { createKnownResources, type Gathered, type Remembered, type Run } from "./known-resources.ts";
import type { CollectorHealth, CollectorStateName, Pass, Runner } from "./pass.ts";
import { missing, slots } from "./values.ts";

export type RunnerOptions = {
  host: Host;
  factories: readonly CollectorFactory[];
  /** Names of collectors not to run. */
  disabled?: readonly string[];
  /** What an earlier run of the agent knew (`Runner.remember`): what differs now is told as a change. */
  remembered?: readonly Remembered[];
  /** Unix ms; the wall clock unless a test says otherwise. */
  now?: () => number;
};

type Found = Pick<Run, "serial" | "keeps"> & { readings: Reading[] };

/** A collector's run that has not ended, in time or not. */
type Running = { started: number; late: boolean; done: Promise<void> };

type Entry = {
  factory: CollectorFactory;
  collector: Collector;
  health: CollectorHealth;
  disabled: boolean;
  /** For runs; replaced once it aborted. */
  abort: AbortController;
  watching: AbortController | undefined;
  running: Running | undefined;
  startedAt: number;
  /** What the last run found, until the next pass takes it. */
  found: Found | undefined;
  /** Ran to its end or its deadline since the last pass. */
  ended: boolean;
};

const slot = slots("collector");
// A run that is due this little later is due now: intervals jitter.
const jitterMs = 500;

/**
 * A runner of these collectors. Those with `everySeconds`, and those that did not end in time when they last ran, run
 * beside the passes, and the next pass takes what they found: no pass waits for them unless it asks for all.
 */
export function createRunner({
  host,
  factories,
  disabled = [],
  remembered = [],
  now = Date.now,
}: RunnerOptions): Runner {
  const entries = factories.map((factory) => toEntry(factory, host, disabled.includes(factory.name)));
  const known = createKnownResources(remembered);
  let emit: ((event: StateEvent) => void) | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let stopped = false;

  async function pass(all: boolean, live: boolean): Promise<Pass> {
    const at = now();
    const waits: Promise<void>[] = [];
    for (const entry of entries) {
      if (entry.disabled || stopped) continue;
      const beside = isRare(entry) || entry.health.state === "timed_out";
      if (entry.running === undefined && (all || isDue(entry))) start(entry, at);
      if (entry.running !== undefined && !entry.running.late && (all || !beside)) waits.push(entry.running.done);
    }
    if (waits.length > 0) await Promise.all(waits);
    const gathered: Gathered = { readings: new Map(), changes: [] };
    for (const entry of entries) {
      if (entry.found === undefined || entry.disabled || (live && isRare(entry))) continue;
      const { name, kinds } = entry.factory;
      known.take({ collector: name, kinds, ...entry.found }, at, gathered);
      entry.found = undefined;
    }
    tellHealth(at, live, gathered);
    return { at, readings: [...gathered.readings.values()], changes: gathered.changes, health: healthNow() };
  }

  function start(entry: Entry, at: number): void {
    const serial = known.begin();
    const started = performance.now();
    entry.startedAt = started;
    if (entry.abort.signal.aborted) entry.abort = new AbortController();
    let result: Promise<Reading[]> | Reading[];
    try {
      result = entry.collector.collect(at, entry.abort.signal);
    } catch (error) {
      fail(entry, started, error, serial);
      return;
    }
    if (Array.isArray(result)) succeed(entry, started, { readings: result, serial });
    else entry.running = follow(entry, started, serial, result);
  }

  function follow(entry: Entry, started: number, serial: number, result: Promise<Reading[]>): Running {
    const running: Running = { started, late: false, done: Promise.resolve() };
    running.done = new Promise((resolve) => {
      const timer = setTimeout(() => {
        running.late = true;
        const reason = `no answer within ${entry.factory.deadlineMs} ms`;
        settle(entry, started, "timed_out", reason);
        entry.health.errorCount++;
        entry.abort.abort(new Error(reason));
        resolve();
      }, entry.factory.deadlineMs);
      const end = (note: () => void) => {
        entry.running = undefined;
        if (running.late) return;
        clearTimeout(timer);
        // Aborted by us: neither a success nor a failure.
        if (!entry.disabled && !stopped) note();
        resolve();
      };
      result.then(
        (readings) => end(() => succeed(entry, started, { readings, serial })),
        (error) => end(() => fail(entry, started, error, serial)),
      );
    });
    return running;
  }

  function succeed(entry: Entry, started: number, found: Found): void {
    settle(entry, started, "ok", "");
    entry.health.lastSuccessAt = now();
    entry.found = found;
  }

  function tellHealth(at: number, live: boolean, gathered: Gathered): void {
    const readings: Reading[] = [];
    for (const entry of entries) {
      if (live && isRare(entry)) continue;
      const { health } = entry;
      if (entry.disabled) known.setState("collector", health.name, at, "disabled", gathered.changes);
      else if (entry.ended || entry.running?.late) readings.push(healthReading(entry));
      entry.ended = false;
    }
    known.take({ collector: "", kinds: [], serial: known.begin(), readings }, at, gathered);
  }

  function healthNow(): CollectorHealth[] {
    return entries.map(({ health, disabled: off }) => ({
      ...health,
      ...(off ? { state: "disabled", error: "" } : {}),
    }));
  }

  function watchOne(entry: Entry): void {
    if (emit === undefined || entry.disabled || stopped || entry.watching !== undefined) return;
    const abort = new AbortController();
    const tell = (event: StateEvent) => {
      if (abort.signal.aborted) return;
      const news = known.hear(entry.factory.name, event);
      if (news !== undefined) emit?.(news);
    };
    try {
      entry.collector.watch?.(tell, abort.signal, () => {
        entry.startedAt = Number.NEGATIVE_INFINITY;
      });
      entry.watching = abort;
    } catch (error) {
      entry.health.errorCount++;
      entry.health.error = oneLine(error);
    }
  }

  return {
    pass({ all = false, live = false } = {}) {
      const result = tail.then(() => pass(all, live));
      tail = result.catch(() => undefined);
      return result;
    },
    health: healthNow,
    known: { version: known.version, remember: known.remember },
    setDisabled(names) {
      for (const entry of entries) {
        entry.disabled = names.includes(entry.factory.name);
        if (!entry.disabled) {
          watchOne(entry);
          continue;
        }
        entry.abort.abort(new Error("disabled"));
        entry.watching?.abort();
        entry.watching = undefined;
        entry.found = undefined;
      }
    },
    due(name) {
      const entry = entries.find((one) => one.factory.name === name);
      if (entry !== undefined) entry.startedAt = Number.NEGATIVE_INFINITY;
    },
    watch(listener) {
      emit = listener;
      for (const entry of entries) watchOne(entry);
    },
    stop() {
      stopped = true;
      for (const entry of entries) {
        entry.abort.abort(new Error("stopped"));
        entry.watching?.abort();
      }
    },
  };
}

function toEntry(factory: CollectorFactory, host: Host, disabled: boolean): Entry {
  return {
    factory,
    collector: factory.create(host),
    health: { name: factory.name, state: "ok", error: "", errorCount: 0, durationSeconds: 0, lastSuccessAt: 0 },
    disabled,
    abort: new AbortController(),
    watching: undefined,
    running: undefined,
    startedAt: Number.NEGATIVE_INFINITY,
    found: undefined,
    ended: false,
  };
}

function isRare(entry: Entry): boolean {
  return entry.factory.everySeconds !== undefined;
}

function isDue(entry: Entry): boolean {
  const { everySeconds } = entry.factory;
  return everySeconds === undefined || performance.now() - entry.startedAt >= everySeconds * 1000 - jitterMs;
}

function settle(entry: Entry, started: number, state: CollectorStateName, error: string): void {
  entry.health.state = state;
  entry.health.error = error;
  entry.health.durationSeconds = (performance.now() - started) / 1000;
  entry.ended = true;
}

function fail(entry: Entry, started: number, error: unknown, serial: number): void {
  if (error instanceof NotHere) {
    settle(entry, started, "absent", oneLine(error));
    return;
  }
  settle(entry, started, "failed", oneLine(error));
  entry.health.errorCount++;
  if (error instanceof Partly) entry.found = { readings: error.readings, serial, keeps: error.keeps };
}

function healthReading({ health }: Entry): Reading {
  const values = missing("collector");
  values[slot.duration_seconds] = health.durationSeconds;
  if (health.state !== "absent") values[slot.success] = health.state === "ok" ? 1 : 0;
  return {
    kind: "collector",
    key: health.name,
    state: health.state,
    ...(health.error === "" ? {} : { reason: health.error }),
    values,
  };
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s+/g, " ").slice(0, 500);
}

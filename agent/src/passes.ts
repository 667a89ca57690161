import type { StateEvent } from "./collectors/collector.ts";
import type { CollectorHealth, Pass, Runner } from "./collectors/pass.ts";
import { errorText, type Log } from "./log.ts";
import { Pacer } from "./pacer.ts";
import { changeEntry, type Entry, reportEntries, type Stored } from "./report/entry.ts";
import { LiveMean } from "./report/mean.ts";
import type { ResourceTable } from "./report/resource-table.ts";
import { bridgedMs, nextPassAt, ReportClock } from "./schedule.ts";
import { defaultServerConfig, type ServerConfig } from "./server-config.ts";
import { changedHealth } from "./stream/collector-status.ts";

/** Where passes lead to, and what they run on. */
export type PassesParts = {
  runner: Runner;
  table: ResourceTable;
  /** Spools and sends. */
  store(entries: readonly Entry[]): Promise<Stored[]>;
  live(entry: Entry): void;
  health(changed: CollectorHealth[]): void;
  log: Log;
  /** Unix ms, and ms of a clock that is never set. */
  clock: { wall(): number; mono(): number };
  /** This host's share of the interval, 0 to 1. */
  share: number;
  /** Time of the newest report stored before, Unix ms. */
  lastAt: number;
};

/** Live mode ends by itself when the server has not renewed it for so long. */
export const liveForMs = 60_000;
const leastLiveMs = 200;

/** Runs passes at their time: stored ones at the interval, live ones between them while someone looks. */
export class Passes {
  readonly #parts: PassesParts;
  readonly #pacer = new Pacer();
  readonly #reportClock: ReportClock;
  readonly #mean = new LiveMean();
  readonly #told = new Map<string, string>();
  #config: ServerConfig = defaultServerConfig;
  #storedAt = 0;
  #liveMs = 0;
  #liveAt = 0;
  #liveUntil = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #events: StateEvent[] = [];
  #flushing = false;
  /** Unix ms; 0: none yet. */
  lastReportAt = 0;

  constructor(parts: PassesParts) {
    this.#parts = parts;
    this.#reportClock = new ReportClock(parts.lastAt, parts.clock.mono());
  }

  get liveIntervalMs(): number {
    return this.#liveMs;
  }

  /** Takes effect at once. */
  configure(config: ServerConfig): void {
    const { clock, share } = this.#parts;
    if (config.intervalSeconds !== this.#config.intervalSeconds || config.paused !== this.#config.paused) {
      this.#storedAt = nextPassAt(clock.wall(), config.intervalSeconds * 1000, share);
    }
    this.#config = config;
    this.#pacer.wake();
  }

  /** 0 switches off. */
  setLive(intervalMs: number): void {
    const { clock } = this.#parts;
    const asked = intervalMs <= 0 ? 0 : Math.min(liveForMs, Math.max(leastLiveMs, intervalMs));
    this.#liveUntil = clock.mono() + liveForMs;
    if (asked === this.#liveMs) return;
    this.#liveMs = asked;
    this.#liveAt = clock.mono();
    this.#pacer.wake();
  }

  /** Until the signal aborts; the first pass at once. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, share, log } = this.#parts;
    const stop = () => this.#pacer.wake();
    signal.addEventListener("abort", stop, { once: true });
    this.#storedAt = clock.wall();
    while (!signal.aborted) {
      const interval = this.#config.intervalSeconds * 1000;
      const wall = clock.wall();
      // After a step of the clock the next time may lie far away: nothing is further than one interval.
      if (this.#storedAt - wall > interval) this.#storedAt = nextPassAt(wall, interval, share);
      const storedDue = !this.#config.paused && wall >= this.#storedAt;
      if (this.#liveMs > 0 && clock.mono() > this.#liveUntil) this.#liveMs = 0;
      const liveDue = !this.#config.paused && this.#liveMs > 0 && clock.mono() >= this.#liveAt;
      if (storedDue || liveDue) {
        if (storedDue) this.#storedAt = afterNext(wall, interval, share);
        if (liveDue) this.#liveAt = Math.max(this.#liveAt + this.#liveMs, clock.mono());
        await this.pass({ stored: storedDue }).catch((error) => log.error("pass failed", { error: errorText(error) }));
        continue;
      }
      await this.#pacer.wait(this.#untilNext());
    }
    signal.removeEventListener("abort", stop);
    await this.#turn;
  }

  /** One pass, after those under way. `all` runs the rare collectors too. */
  pass({ stored, all = false }: { stored: boolean; all?: boolean }): Promise<Pass> {
    const result = this.#turn.then(() => this.#pass(stored, all));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Something happened between passes. */
  event(event: StateEvent): void {
    if (this.#config.paused) return;
    this.#events.push(event);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    try {
      while (this.#events.length > 0) {
        const events = this.#events;
        this.#events = [];
        await this.#parts.store(this.#changes(events));
      }
    } catch (error) {
      this.#parts.log.error("store changes", { error });
    } finally {
      this.#flushing = false;
    }
  }

  async #pass(stored: boolean, all: boolean): Promise<Pass> {
    const { runner, table, store, live, health, clock, log } = this.#parts;
    const pass = await runner.pass({ all, live: !stored });
    const changed = changedHealth(pass.health, this.#told);
    if (changed.length > 0) health(changed);
    if (!stored) {
      this.#mean.add(pass.readings);
      for (const entry of reportEntries(pass.readings, Math.round(pass.at), table)) live(entry);
      const changes = this.#changes(pass.changes);
      if (changes.length > 0) await store(changes);
      return pass;
    }
    const { at, stepped } = this.#reportClock.stamp(pass.at, clock.mono());
    if (stepped > bridgedMs) log.warn("the clock was set back", { seconds: Math.round(stepped / 1000) });
    const readings = this.#mean.take(pass.readings);
    const entries = reportEntries(readings, at, table);
    await store([...entries, ...this.#changes(pass.changes)]);
    this.lastReportAt = at;
    return pass;
  }

  #changes(events: readonly StateEvent[]): Entry[] {
    return events.flatMap((event) => changeEntry(event, this.#parts.table) ?? []);
  }

  #untilNext(): number {
    if (this.#config.paused) return Number.POSITIVE_INFINITY;
    const { clock } = this.#parts;
    const stored = this.#storedAt - clock.wall();
    return this.#liveMs > 0 ? Math.min(stored, this.#liveAt - clock.mono()) : stored;
  }
}

/** The next time of the grid, one later when the pass just made was close before it (the first one of a run). */
function afterNext(now: number, intervalMs: number, share: number): number {
  const next = nextPassAt(now, intervalMs, share);
  return next - now < Math.min(1000, intervalMs / 2) ? next + intervalMs : next;
}

import type { Kysely } from "kysely";
import type { Logger } from "pino";
import type { Bus } from "../bus.ts";
import { readWatched, type Transition, type WatchedServer, writeTransitions } from "../db/queries/servers-state.ts";
import type { Database } from "../db/schema.ts";
import { judgeServer, offlineAfter, type ServerState } from "../domain/server-state/server-state.ts";

/** What is known of one server; times in Unix ms. Sessions write into it, the monitor judges it. */
export type Watched = {
  readonly serverId: string;
  state: ServerState;
  reason: string;
  intervalSeconds: number;
  paused: boolean;
  seen: boolean;
  connected: boolean;
  lastHeard: number;
  closedByPeer: boolean;
  /** Reading from the agent is held back by this server. */
  held: boolean;
  clockSkew: number | null;
  cloneAt: number | null;
  spoolDroppedAt: number | null;
  failing: Set<string>;
};

/** Judges all servers over what is in memory and writes their transitions. */
export type StateMonitor = {
  /** The record of a server, made when unknown. */
  of(server: WatchedServer): Watched;
  find(serverId: string): Watched | undefined;
  /** Something other than `lastHeard` changed: judge soon. */
  changed(watched: Watched): void;
  /** Reads these rows again, because people changed them; gone ones are forgotten. Returns the present ones. */
  reload(ids: readonly string[]): Promise<WatchedServer[]>;
  stop(): Promise<void>;
};

const tickMs = 1_000;
const soonMs = 20;
/** Other processes write "last seen" in batches: wait as long for them before calling one offline. */
const othersMs = 6_000;
/** Servers that another process left behind are found by reading all rows, seldom. */
const resyncMs = 60_000;

export async function startStateMonitor({
  db,
  bus,
  log,
  now,
}: {
  db: Kysely<Database>;
  bus: Bus;
  log: Logger;
  now: () => Date;
}): Promise<StateMonitor> {
  const all = new Map<string, Watched>();
  const due = new Map<Watched, number>();
  const started = now().getTime();
  let soon: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let lastTick = started;
  let stopped = false;

  function of(server: WatchedServer): Watched {
    const known = all.get(server.id);
    if (known !== undefined) return known;
    const lastSeen = server.lastSeenAt?.getTime();
    const watched: Watched = {
      serverId: server.id,
      state: server.state,
      reason: server.reason,
      intervalSeconds: server.intervalSeconds,
      paused: server.paused,
      seen: lastSeen !== undefined,
      connected: false,
      // A restart of ours is no silence of theirs: everyone gets one full window.
      lastHeard: Math.max(lastSeen ?? 0, started),
      closedByPeer: false,
      held: false,
      clockSkew: server.clockSkewMs,
      cloneAt: server.cloneDetectedAt?.getTime() ?? null,
      spoolDroppedAt: null,
      failing: new Set(),
    };
    all.set(server.id, watched);
    due.set(watched, 0);
    return watched;
  }

  function changed(watched: Watched): void {
    if (stopped) return;
    due.set(watched, 0);
    soon ??= setTimeout(run, soonMs).unref();
  }

  function run(): void {
    clearTimeout(soon);
    soon = undefined;
    running = running.then(tick).catch((error) => log.warn({ err: error }, "judge servers"));
  }

  async function tick(): Promise<void> {
    const at = now().getTime();
    // This process stood still: what came in meanwhile is not read yet, so nobody was silent for that long.
    const stalled = at - lastTick - tickMs;
    if (stalled > tickMs) for (const w of all.values()) if (w.connected) w.lastHeard += stalled;
    lastTick = at;
    const wanted = new Map<string, { watched: Watched; transition: Transition }>();
    for (const [watched, when] of due) {
      if (when > at) continue;
      if (watched.held) watched.lastHeard = at;
      const verdict = judge(watched, at);
      if (verdict.recheckIn === null) due.delete(watched);
      else due.set(watched, at + verdict.recheckIn);
      if (verdict.state === watched.state && verdict.reason === watched.reason) continue;
      const offline = verdict.state === "offline";
      wanted.set(watched.serverId, {
        watched,
        transition: {
          serverId: watched.serverId,
          to: verdict.state,
          reason: verdict.reason,
          at: new Date(at),
          silentSince: offline && !watched.connected ? new Date(at - offlineAfter(watched.intervalSeconds)) : null,
        },
      });
    }
    if (wanted.size === 0) return;
    await apply(wanted);
  }

  async function apply(wanted: Map<string, { watched: Watched; transition: Transition }>): Promise<void> {
    const sorted = [...wanted.values()].toSorted((a, b) => (a.watched.serverId < b.watched.serverId ? -1 : 1));
    let written: { id: string; from: ServerState }[];
    try {
      written = await writeTransitions(
        db,
        sorted.map((w) => w.transition),
      );
    } catch (error) {
      const again = now().getTime() + tickMs;
      for (const { watched } of wanted.values()) due.set(watched, again);
      throw error;
    }
    for (const { id } of written) {
      const made = wanted.get(id);
      if (made === undefined) continue;
      wanted.delete(id);
      const { watched, transition } = made;
      watched.state = transition.to;
      watched.reason = transition.reason;
      bus.emit("server", { serverId: id, state: transition.to, reason: transition.reason });
    }
    if (wanted.size > 0) await refresh([...wanted.keys()]);
  }

  /** Rows that were not changed: another process hears them, has written the same, or they are gone. */
  async function refresh(ids: string[]): Promise<void> {
    const rows = new Map((await readWatched(db, ids)).map((row) => [row.id, row]));
    for (const id of ids) {
      const watched = all.get(id);
      const row = rows.get(id);
      if (watched === undefined) continue;
      if (row === undefined) {
        forget(watched);
        continue;
      }
      watched.state = row.state;
      watched.reason = row.reason;
      if (watched.connected) continue;
      watched.lastHeard = Math.max(watched.lastHeard, row.lastSeenAt?.getTime() ?? 0);
      if (row.state !== "offline") due.set(watched, now().getTime() + othersMs);
    }
  }

  function forget(watched: Watched): void {
    all.delete(watched.serverId);
    due.delete(watched);
  }

  async function reload(ids: readonly string[]): Promise<WatchedServer[]> {
    const rows = await readWatched(db, ids);
    const present = new Set(rows.map((row) => row.id));
    for (const id of ids) {
      const gone = present.has(id) ? undefined : all.get(id);
      if (gone !== undefined) forget(gone);
    }
    for (const row of rows) {
      const watched = of(row);
      // Its agent may have come to another process since this one last looked.
      watched.seen ||= row.lastSeenAt !== null;
      if (!watched.connected) watched.lastHeard = Math.max(watched.lastHeard, row.lastSeenAt?.getTime() ?? 0);
      watched.intervalSeconds = row.intervalSeconds;
      watched.paused = row.paused;
      watched.cloneAt = row.cloneDetectedAt?.getTime() ?? null;
      watched.state = row.state;
      watched.reason = row.reason;
      for (const name of row.disabledCollectors) watched.failing.delete(name);
      changed(watched);
    }
    return rows;
  }

  /** Takes up what other processes wrote about servers that are not connected here. */
  async function resync(): Promise<void> {
    for (const row of await readWatched(db)) {
      const watched = of(row);
      if (watched.connected) continue;
      watched.state = row.state;
      watched.reason = row.reason;
      watched.seen = row.lastSeenAt !== null;
      watched.paused = row.paused;
      watched.intervalSeconds = row.intervalSeconds;
      watched.lastHeard = Math.max(watched.lastHeard, row.lastSeenAt?.getTime() ?? 0);
      due.set(watched, 0);
    }
  }

  for (const row of await readWatched(db)) of(row);
  const timer = setInterval(run, tickMs).unref();
  const resyncTimer = setInterval(() => {
    resync().catch((error) => log.warn({ err: error }, "read servers again"));
  }, resyncMs).unref();

  return {
    of,
    find: (serverId) => all.get(serverId),
    changed,
    reload,
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearInterval(resyncTimer);
      clearTimeout(soon);
      await running;
    },
  };
}

function judge(watched: Watched, at: number) {
  return judgeServer({
    previous: watched.state,
    previousReason: watched.reason,
    paused: watched.paused,
    seen: watched.seen,
    connected: watched.connected,
    silent: Math.max(0, at - watched.lastHeard),
    closedByPeer: watched.closedByPeer,
    intervalSeconds: watched.intervalSeconds,
    clockSkew: watched.clockSkew,
    sinceClone: watched.cloneAt === null ? null : at - watched.cloneAt,
    sinceSpoolDrop: watched.spoolDroppedAt === null ? null : at - watched.spoolDroppedAt,
    failingCollectors: [...watched.failing].toSorted(),
  });
}

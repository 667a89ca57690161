import type { Kysely } from "kysely";
import type { Logger } from "pino";
import {
  addRefused,
  type CollectorRow,
  type Presence,
  writeCollectors,
  writePresence,
} from "../db/queries/servers-state.ts";
import type { Database } from "../db/schema.ts";

/** Gathers what sessions learn and writes it for all servers at once, every few seconds. */
export type PresenceWriter = {
  note(presence: Presence): void;
  collector(row: CollectorRow): void;
  /** Counts something refused. */
  refused(serverId: string, reason: string, amount: number): void;
  /** Writes what is gathered now. */
  flush(): Promise<void>;
  stop(): Promise<void>;
};

const everyMs = 4_000;
const collectorsDelayMs = 500;
/** Beyond, with the database away, collector states wait for the agent's next session. */
const maxCollectors = 100_000;

export function createPresenceWriter(db: Kysely<Database>, log: Logger, now: () => Date): PresenceWriter {
  let servers = new Map<string, Presence>();
  let collectors = new Map<string, CollectorRow>();
  let refusals = new Map<string, Record<string, number>>();
  let collectorTimer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    clearTimeout(collectorTimer);
    collectorTimer = undefined;
    const presences = servers;
    const statuses = collectors;
    const counts = refusals;
    refusals = new Map();
    servers = new Map();
    collectors = new Map();
    try {
      // Always in the same order, so that two servers writing at once cannot wait for each other.
      await writePresence(db, [...presences.values()].toSorted(byServer));
      await addRefused(db, [...counts].map(([serverId, row]) => ({ serverId, counts: row })).toSorted(byServer));
      counts.clear();
      await writeCollectors(db, [...statuses.values()].toSorted(byServer), now());
    } catch (error) {
      log.warn({ err: error }, "write presence");
      for (const [id, row] of presences) if (!servers.has(id)) servers.set(id, row);
      for (const [id, row] of counts) for (const [reason, n] of Object.entries(row)) refused(id, reason, n);
      for (const [id, row] of statuses) if (!collectors.has(id)) collectors.set(id, row);
    }
  }

  function refused(serverId: string, reason: string, amount: number): void {
    const row = refusals.get(serverId) ?? {};
    row[reason] = (row[reason] ?? 0) + amount;
    refusals.set(serverId, row);
  }

  function flush(): Promise<void> {
    running = running.then(write);
    return running;
  }

  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();
  return {
    note(presence) {
      const old = servers.get(presence.serverId);
      servers.set(presence.serverId, old === undefined ? presence : combine(old, presence));
    },
    collector(row) {
      if (collectors.size >= maxCollectors) return;
      collectors.set(`${row.serverId} ${row.collector}`, row);
      collectorTimer ??= setTimeout(() => void flush(), collectorsDelayMs).unref();
    },
    refused,
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

function combine(old: Presence, fresh: Presence): Presence {
  return {
    serverId: fresh.serverId,
    lastSeen: Math.max(old.lastSeen, fresh.lastSeen),
    lastReport: fresh.lastReport ?? old.lastReport,
    clockSkewMs: fresh.clockSkewMs ?? old.clockSkewMs,
    spoolId: fresh.spoolId,
    ackedSeq: fresh.ackedSeq ?? (fresh.spoolId === old.spoolId ? old.ackedSeq : undefined),
  };
}

function byServer(a: { serverId: string }, b: { serverId: string }): number {
  return a.serverId < b.serverId ? -1 : a.serverId > b.serverId ? 1 : 0;
}

import type { pb } from "@fairlead/proto";
import { errorText, type Log } from "../log.ts";
import type { ExecutorEvents } from "./executor.ts";
import type { Journal, JournalEntry, Outcome } from "./journal.ts";
import { resultOf } from "./messages.ts";

/** Who is told of a command, and what became of it. */
export type Ledger = {
  /** Ends a command: journaled, then told. */
  finish(entry: JournalEntry, outcome: Outcome): void;
  /** Who hears of it. */
  eventsOf(entry: JournalEntry): ExecutorEvents;
  /** A command that was given on this host is told to `to` until it ends. */
  listen(id: string, to: ExecutorEvents): void;
  forget(id: string): void;
  confirm(id: string): void;
  /** Results that wait for their confirmation, oldest first. */
  unconfirmed(): pb.CommandResult.$Properties[];
  /** How many have no outcome or no confirmation yet. */
  openCount(): number;
};

const longestReason = 2_000;

/** Of a command that was given before a restart: who gave it is gone. */
const unheard: ExecutorEvents = { progress: () => undefined, result: () => undefined };

/** Makes the ledger of a journal; `events` is where commands of the server are told. */
export function createLedger(journal: Journal, events: ExecutorEvents, log: Log, now: () => number): Ledger {
  /** Who waits for the commands that were given on this host. */
  const listeners = new Map<string, ExecutorEvents>();

  function store(entry: JournalEntry): void {
    try {
      journal.save(entry);
      if (entry.confirmedAt > 0) journal.prune(now());
    } catch (error) {
      log.error("command journal could not be written", { id: entry.id, error: errorText(error) });
    }
  }

  const eventsOf = (entry: JournalEntry) => (entry.local ? (listeners.get(entry.id) ?? unheard) : events);

  return {
    eventsOf,
    finish(entry, outcome) {
      delete entry.plan;
      entry.outcome = { ...outcome, ...(outcome.reason ? { reason: outcome.reason.slice(0, longestReason) } : {}) };
      entry.finishedAt = now();
      // Nobody else is going to ask for it.
      if (entry.local) entry.confirmedAt = entry.finishedAt;
      store(entry);
      log.info("command finished", { id: entry.id, type: entry.type, status: outcome.status, reason: outcome.reason });
      eventsOf(entry).result(resultOf(entry));
      listeners.delete(entry.id);
      // It stands in its file; a thousand plans need not stay in memory.
      if (entry.local) delete entry.outcome.output;
    },
    listen: (id, to) => void listeners.set(id, to),
    forget: (id) => void listeners.delete(id),
    confirm(id) {
      const entry = journal.entries.get(id);
      if (!entry?.outcome || entry.confirmedAt > 0) return;
      entry.confirmedAt = now();
      store(entry);
    },
    unconfirmed() {
      const open = [...journal.entries.values()].filter((entry) => entry.outcome && entry.confirmedAt === 0);
      return open.sort((a, b) => a.finishedAt - b.finishedAt).map(resultOf);
    },
    openCount() {
      let count = 0;
      for (const { confirmedAt } of journal.entries.values()) if (confirmedAt === 0) count++;
      return count;
    },
  };
}

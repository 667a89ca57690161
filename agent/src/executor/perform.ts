import { errorText } from "../log.ts";
import type { ParsedCommand } from "./command.ts";
import type { Journal, JournalEntry, Outcome } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { createTurns } from "./locks.ts";
import { progressOf } from "./messages.ts";
import { ProgressFilter } from "./progress-filter.ts";
import { Halted, type RunContext } from "./run-context.ts";
import { commandRunners } from "./runners.ts";

/** What all commands of a host share. */
export type Surroundings = Omit<RunContext, "entry" | "phase" | "progress" | "keep" | "cancelled" | "swap">;

/** Runs a command that has its locks, or goes on with one of before a restart; whatever comes of it is told. */
export type Perform = (entry: JournalEntry, command: ParsedCommand, cancelled: AbortSignal) => Promise<void>;

/** Commands that pull, copy or replace: a host has to serve meanwhile. */
const heavy: readonly string[] = [
  "container.update",
  "container.rollback",
  "container.backup",
  "container.restore",
  "project.update",
  "image.pull",
];

/** Makes it; `most` heavy commands run at once. */
export function createPerform(journal: Journal, ledger: Ledger, around: Surroundings, most: number): Perform {
  const { now, halted, leaving } = around;
  const inTurn = createTurns(most);

  function contextOf(entry: JournalEntry, cancelled: AbortSignal): RunContext {
    let present = "";
    let filter = new ProgressFilter();
    return {
      ...around,
      entry,
      cancelled,
      log: around.log.with({ command: entry.id }),
      phase(phase, message = "") {
        const record = { at: now(), phase, message };
        entry.phases.push(record);
        journal.save(entry);
        present = phase;
        filter = new ProgressFilter();
        ledger.eventsOf(entry).progress({ ...progressOf(entry.id, record), percent: 0 });
      },
      progress(message, percent) {
        const at = now();
        if (!filter.admits(message, percent, at)) return;
        ledger.eventsOf(entry).progress({ ...progressOf(entry.id, { at, phase: present, message }), percent });
      },
      keep(plan) {
        entry.plan = plan;
        journal.save(entry);
      },
    };
  }

  function expired(entry: JournalEntry, cancelled: AbortSignal): Outcome | undefined {
    if (cancelled.aborted) return { status: "CANCELLED", reason: "cancelled before it began" };
    if (entry.deadlineAt === 0 || now() <= entry.deadlineAt) return undefined;
    return { status: "EXPIRED", reason: "its deadline passed before it could begin" };
  }

  return async (entry, command, cancelled) => {
    if (leaving.aborted) return;
    const resumed = entry.startedAt > 0;
    if (!resumed) {
      const outcome = expired(entry, cancelled);
      if (outcome !== undefined) return ledger.finish(entry, outcome);
      entry.startedAt = now();
    }
    try {
      journal.save(entry);
      const { run, resume } = commandRunners[command.type] as CommandRunner;
      const context = contextOf(entry, cancelled);
      const step = () => (resumed ? resume : run)(command.args, context);
      ledger.finish(entry, await (heavy.includes(entry.type) ? inTurn(step) : step()));
    } catch (error) {
      if (error instanceof Halted || halted.aborted) return;
      ledger.finish(entry, { status: "FAILED", reason: errorText(error) });
    }
  };
}

type CommandRunner = {
  run(args: unknown, context: RunContext): Promise<Outcome>;
  resume(args: unknown, context: RunContext): Promise<Outcome>;
};

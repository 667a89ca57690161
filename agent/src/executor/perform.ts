import { errorText } from "../log.ts";
import type { Cancels } from "./cancels.ts";
import type { ParsedCommand } from "./command.ts";
import type { Journal, JournalEntry, Outcome } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import { createTurns, type Turn } from "./locks.ts";
import { progressOf, waitingOf } from "./messages.ts";
import { ProgressFilter } from "./progress-filter.ts";
import { Halted, type RunContext } from "./run-context.ts";
import { commandRunners } from "./runners.ts";

/** What all commands of a host share. */
export type Surroundings = Omit<RunContext, OfOne>;
type OfOne = "entry" | "phase" | "progress" | "keep" | "cancelled" | "nextCancel" | "yieldTurn" | "swap";

/** A command whose turn has come. `runtime`: name of the one that it needs. */
export type Due = { entry: JournalEntry; command: ParsedCommand; runtime: string; cancels: Cancels };

/** Runs a command that has its locks, or goes on with one of before a restart; whatever comes of it is told. */
export type Perform = (due: Due) => Promise<void>;

/** Commands that pull, copy or replace: a host has to serve meanwhile. */
const heavy: readonly string[] = [
  "container.update",
  "container.rollback",
  "container.backup",
  "container.restore",
  "project.update",
  "image.pull",
];

/** Makes it; `most` heavy commands run at once on each runtime. */
export function createPerform(journal: Journal, ledger: Ledger, around: Surroundings, most: number): Perform {
  const { now, halted, leaving } = around;
  const inTurn = createTurns(most);

  function contextOf({ entry, cancels }: Due, turn: Turn): RunContext {
    let present = entry.phases.at(-1)?.phase ?? "";
    let filter = new ProgressFilter();
    return {
      ...around,
      entry,
      cancelled: cancels.signal,
      nextCancel: cancels.next,
      yieldTurn: turn.leave,
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

  function waits({ entry, runtime }: Due): void {
    const where = runtime === "" ? "" : ` on ${runtime}`;
    const message = `waits for its turn: ${most} others that pull, copy or replace are at work${where}`;
    ledger.eventsOf(entry).progress(waitingOf(entry, message, now()));
  }

  return async (due) => {
    const { entry, command, runtime } = due;
    if (leaving.aborted) return;
    const resumed = entry.startedAt > 0;
    if (!resumed) {
      const outcome = expired(entry, due.cancels.signal);
      if (outcome !== undefined) return ledger.finish(entry, outcome);
      entry.startedAt = now();
    }
    try {
      journal.save(entry);
      const { run, resume } = commandRunners[command.type] as CommandRunner;
      const step = (turn: Turn) => (resumed ? resume : run)(command.args, contextOf(due, turn));
      const outcome = heavy.includes(entry.type) ? inTurn(runtime, step, () => waits(due)) : step(noTurn);
      ledger.finish(entry, await outcome);
    } catch (error) {
      if (error instanceof Halted || halted.aborted) return;
      ledger.finish(entry, { status: "FAILED", reason: errorText(error) });
    }
  };
}

const noTurn: Turn = { leave: () => undefined };

type CommandRunner = {
  run(args: unknown, context: RunContext): Promise<Outcome>;
  resume(args: unknown, context: RunContext): Promise<Outcome>;
};

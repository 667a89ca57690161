import { pb } from "@fairlead/proto";
import type { JournalEntry } from "./journal.ts";

/** The result of a command that has an outcome. */
export function resultOf(entry: JournalEntry): pb.CommandResult.$Properties {
  const { status, reason, output } = entry.outcome ?? { status: "FAILED" as const };
  return {
    id: entry.id,
    status: pb.CommandStatus[`COMMAND_STATUS_${status}`],
    reason: reason ?? "",
    startedUnixMs: entry.startedAt,
    finishedUnixMs: entry.finishedAt,
    outputJson: output ? JSON.stringify(output) : "",
    phases: entry.phases.map((record) => ({ ...progressOf(entry.id, record), percent: 0 })),
  };
}

/** The result of a command that is not even journaled. `at` in Unix ms. */
export function refused(id: string, reason: string, at: number): pb.CommandResult.$Properties {
  const status = pb.CommandStatus.COMMAND_STATUS_FAILED;
  return { id, status, reason, startedUnixMs: 0, finishedUnixMs: at, outputJson: "", phases: [] };
}

/** How far a command is that has no outcome yet. */
export function acceptedOf(entry: JournalEntry): pb.CommandProgress.$Properties {
  const last = entry.phases.at(-1);
  if (last) return { ...progressOf(entry.id, last), percent: -1 };
  return { id: entry.id, state: pb.CommandState.COMMAND_STATE_ACCEPTED, timeUnixMs: entry.receivedAt, percent: -1 };
}

/** What a command waits for that has not begun, or goes on after a restart. `at` in Unix ms. */
export function waitingOf(entry: JournalEntry, message: string, at: number): pb.CommandProgress.$Properties {
  const phase = entry.phases.at(-1)?.phase;
  if (phase !== undefined) return { ...progressOf(entry.id, { at, phase, message }), percent: -1 };
  return { id: entry.id, state: pb.CommandState.COMMAND_STATE_ACCEPTED, message, timeUnixMs: at, percent: -1 };
}

/** That a command is in that phase. */
export function progressOf(
  id: string,
  record: { at: number; phase: string; message: string },
): pb.CommandProgress.$Properties {
  const { at, phase, message } = record;
  return { id, state: pb.CommandState.COMMAND_STATE_RUNNING, phase, message, timeUnixMs: at };
}

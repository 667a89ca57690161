import type { Host } from "../host/host.ts";
import type { Log } from "../log.ts";
import type { RuntimeSet } from "../runtimes/index.ts";
import type { ContainerRuntime } from "../runtimes/runtime.ts";
import type { JournalEntry } from "./journal.ts";

/** What a running command may use. */
export type RunContext = {
  entry: JournalEntry;
  /** Begins a phase: journaled before this returns, then told. */
  phase(name: string, message?: string): void;
  /** Tells how far the present phase is; not journaled. */
  progress(message: string, percent: number): void;
  /** Keeps what undoing or finishing needs; durable when it returns. */
  keep(plan: unknown): void;
  runtimes: RuntimeSet;
  /** The first runtime. Throws RuntimeFailure where this host has none. */
  runtime(): Promise<ContainerRuntime>;
  refresh(): Promise<Record<string, unknown>>;
  /** Has that collector run with the next pass. */
  soon(collector: string): void;
  /** The machine; its `stateDir` is where commands keep what outlives them. */
  host: Host;
  /** Aborts when the server cancels the command. */
  cancelled: AbortSignal;
  /** Aborts at the next cancel from now on: there may have been one before. */
  nextCancel(): AbortSignal;
  /** Lets another command have this one's turn, for good: it can only wait. */
  yieldTurn(): void;
  /** Aborts as soon as the agent begins to stop, while commands may still finish: what would go on for long ends here. */
  leaving: AbortSignal;
  /** Aborts when the agent stops: leave everything as the journal says. */
  halted: AbortSignal;
  /** There where another process than the agent replaces the agent's own container. */
  swap?: Swap;
  now(): number;
  log: Log;
};

/** What the process that replaces the agent's own container may rely on. */
export type Swap = {
  /** Resolves when the agent in that container has come up and found this very command. Throws when it does not in time. */
  takenOver(id: string, limitMs: number): Promise<void>;
};

/** The command can't be done; nothing was changed. The message is for people. */
export class Refusal extends Error {
  // Its class has another name once it is built.
  override readonly name = "Refusal";
}

/** The agent stops: the journal stays as it is, the next start goes on from there. */
export class Halted extends Error {}

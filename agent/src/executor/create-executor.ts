import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { containerOfBackup } from "../backups/manifest.ts";
import { createHost, type Host } from "../host/host.ts";
import { errorText, type Log } from "../log.ts";
import { type RuntimeSet, singleRuntime } from "../runtimes/index.ts";
import { type ContainerRuntime, RuntimeFailure } from "../runtimes/runtime.ts";
import { type ParsedCommand, parseCommand } from "./command.ts";
import type { Executor, ExecutorEvents } from "./executor.ts";
import { isCommandId, type JournalEntry, type Outcome, openJournal } from "./journal.ts";
import { createLocks, createTurns, locksOf } from "./locks.ts";
import { ProgressFilter } from "./progress-filter.ts";
import { Halted, type RunContext } from "./run-context.ts";
import { commandRunners } from "./runners.ts";

export type ExecutorOptions = {
  stateDir: string;
  /** What the host's own configuration allows (`allow`, `readOnly`). */
  config: { allow: readonly string[]; readOnly: boolean };
  /** Undefined where this host has no container runtime. */
  runtime: () => Promise<ContainerRuntime | undefined>;
  /** All runtimes of this host; the one of `runtime` unless told. */
  runtimes?: RuntimeSet;
  refresh: () => Promise<Record<string, unknown>>;
  /** Has that collector run with the next pass. */
  soon?: (collector: string) => void;
  /** The machine that storage and database commands act on; this one unless told. */
  host?: Host;
  events: ExecutorEvents;
  /** How many commands that pull, copy or replace run at once; 2 unless told. */
  mostUpdates?: number;
  log: Log;
  now: () => number;
};

/** A command that was taken and has no outcome yet. */
type Running = { cancel: AbortController; done: Promise<void> };

const harmless: readonly string[] = ["agent.ping", "host.refresh"];
/** Commands that pull, copy or replace, and how many of them run at once: a host has to serve meanwhile. */
const heavy: readonly string[] = [
  "container.update",
  "container.rollback",
  "container.backup",
  "container.restore",
  "project.update",
  "image.pull",
];
const mostUpdates = 2;
const lookupMs = 20_000;
const recoverWaitMs = 15_000;
const stopWaitMs = 20_000;
/** Commands that the server may leave open or unconfirmed; more are refused and not kept. */
const mostOpen = 1_000;

/**
 * Runs commands from the server. Each is journaled under `stateDir`/commands before anything is done, runs once however
 * often it comes, and one container has one command at a time. Throws when the journal folder can't be used.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { config, events, log, now } = options;
  const journal = openJournal(join(options.stateDir, "commands"), now(), log);
  const host = { ...(options.host ?? createHost()), stateDir: options.stateDir };
  const runtimes = options.runtimes ?? singleRuntime(options.runtime);
  const running = new Map<string, Running>();
  /** Who waits for the commands that were given on this host. */
  const listeners = new Map<string, ExecutorEvents>();
  const locked = createLocks();
  const inTurn = createTurns(options.mostUpdates ?? mostUpdates);
  const halt = new AbortController();
  const leave = new AbortController();
  let lookups: Promise<unknown> = Promise.resolve();
  let stopping = false;
  let ready = () => {};
  const recovered = new Promise<void>((resolve) => {
    ready = resolve;
  });

  async function runtime(): Promise<ContainerRuntime> {
    const found = await options.runtime();
    if (!found) throw new RuntimeFailure("absent", "this host has no container runtime that the agent can reach");
    return found;
  }

  function finish(entry: JournalEntry, outcome: Outcome): void {
    delete entry.plan;
    entry.outcome = { ...outcome, ...(outcome.reason ? { reason: outcome.reason.slice(0, 2_000) } : {}) };
    entry.finishedAt = now();
    // Nobody else is going to ask for it.
    if (entry.local) entry.confirmedAt = entry.finishedAt;
    try {
      journal.save(entry);
      if (entry.local) journal.prune(now());
    } catch (error) {
      log.error("command journal could not be written", { id: entry.id, error: errorText(error) });
    }
    log.info("command finished", { id: entry.id, type: entry.type, status: outcome.status, reason: outcome.reason });
    eventsOf(entry).result(resultOf(entry));
    listeners.delete(entry.id);
    // It stands in its file; a thousand plans need not stay in memory.
    if (entry.local) delete entry.outcome.output;
  }

  function eventsOf(entry: JournalEntry): ExecutorEvents {
    return entry.local ? (listeners.get(entry.id) ?? unheard) : events;
  }

  function contextOf(entry: JournalEntry, cancelled: AbortSignal): RunContext {
    let present = "";
    let filter = new ProgressFilter();
    return {
      entry,
      cancelled,
      halted: halt.signal,
      leaving: leave.signal,
      now,
      log: log.with({ command: entry.id }),
      runtimes,
      runtime,
      refresh: options.refresh,
      soon: options.soon ?? (() => undefined),
      host,
      phase(phase, message = "") {
        const record = { at: now(), phase, message };
        entry.phases.push(record);
        journal.save(entry);
        present = phase;
        filter = new ProgressFilter();
        eventsOf(entry).progress({ ...progressOf(entry.id, record), percent: 0 });
      },
      progress(message, percent) {
        const at = now();
        if (!filter.admits(message, percent, at)) return;
        eventsOf(entry).progress({ ...progressOf(entry.id, { at, phase: present, message }), percent });
      },
      keep(plan) {
        entry.plan = plan;
        journal.save(entry);
      },
    };
  }

  async function perform(entry: JournalEntry, command: ParsedCommand, cancelled: AbortSignal): Promise<void> {
    if (stopping) return;
    const resumed = entry.startedAt > 0;
    if (!resumed) {
      if (cancelled.aborted) return finish(entry, { status: "CANCELLED", reason: "cancelled before it began" });
      if (entry.deadlineAt > 0 && now() > entry.deadlineAt) {
        return finish(entry, { status: "EXPIRED", reason: "its deadline passed before it could begin" });
      }
      entry.startedAt = now();
    }
    try {
      journal.save(entry);
      const { run, resume } = commandRunners[command.type] as CommandRunner;
      const context = contextOf(entry, cancelled);
      const step = () => (resumed ? resume : run)(command.args, context);
      finish(entry, await (heavy.includes(entry.type) ? inTurn(step) : step()));
    } catch (error) {
      if (error instanceof Halted || halt.signal.aborted) return;
      finish(entry, { status: "FAILED", reason: errorText(error) });
    }
  }

  function launch(entry: JournalEntry, command: ParsedCommand, gateKeeper: Promise<void>): Promise<void> {
    const cancel = new AbortController();
    const work = async () => {
      await gateKeeper;
      // One after the other, so that commands for one container keep their order.
      const limit = AbortSignal.any([halt.signal, AbortSignal.timeout(lookupMs)]);
      const names = lookups.then(() => locksOf(entry, runtimes, limit, (backup) => containerOfBackup(host, backup)));
      if (/^(container|project)\./.test(command.type)) lookups = names;
      await locked(await names, () => perform(entry, command, cancel.signal));
    };
    const done = work()
      .catch((error) => log.error("command", { id: entry.id, error: errorText(error) }))
      .finally(() => running.delete(entry.id));
    running.set(entry.id, { cancel, done });
    return done;
  }

  function openCount(): number {
    let count = 0;
    for (const { confirmedAt } of journal.entries.values()) if (confirmedAt === 0) count++;
    return count;
  }

  function refusal(type: string): string | undefined {
    if (config.readOnly && !harmless.includes(type)) {
      return `${type} is refused: this host is read-only (readOnly: true in the agent's configuration)`;
    }
    if (!config.allow.includes(type)) {
      return `${type} is refused: add it to "allow" in the agent's configuration on this host`;
    }
    return undefined;
  }

  function take(command: pb.Command.$Shape, to: ExecutorEvents, local: boolean): void {
    const id = command.id ?? "";
    if (!isCommandId(id)) {
      log.warn("command refused: its id is no UUID");
      to.result(refused(id.slice(0, 64), "the command's id is no UUID", now()));
      return;
    }
    const known = journal.entries.get(id);
    if (known) {
      if (known.outcome) to.result(resultOf(known));
      else to.progress(acceptedOf(known));
      return;
    }
    if (openCount() >= mostOpen) {
      const reason = `${mostOpen} commands wait for their end or their confirmation: send it again later`;
      to.result(refused(id, reason, now()));
      return;
    }
    const parsed = parseCommand(command);
    const entry = newEntry(id, parsed, command.deadlineUnixMs ?? 0, now());
    if (local) {
      entry.local = true;
      listeners.set(id, to);
    }
    const error = "error" in parsed ? parsed.error : undefined;
    const wrong = parsed.type === "unknown" ? error : (refusal(parsed.type) ?? error);
    if (wrong !== undefined || "error" in parsed) {
      finish(entry, { status: "FAILED", reason: wrong ?? "" });
      return;
    }
    try {
      journal.save(entry);
    } catch (error) {
      const reason = `the agent can't write its command journal: ${errorText(error)}`;
      log.error("command journal could not be written", { id, error: errorText(error) });
      listeners.delete(id);
      to.result(refused(id, reason, now()));
      return;
    }
    log.info("command accepted", { id, type: entry.type });
    to.progress(acceptedOf(entry));
    void launch(entry, parsed, recovered);
  }

  return {
    handle: (command) => take(command, events, false),

    handleLocal: (command, to) => take(command, to, true),

    cancel(id) {
      running.get(id)?.cancel.abort();
    },

    confirm(id) {
      const entry = journal.entries.get(id);
      if (!entry?.outcome || entry.confirmedAt > 0) return;
      entry.confirmedAt = now();
      try {
        journal.save(entry);
        journal.prune(now());
      } catch (error) {
        log.error("command journal could not be written", { id, error: errorText(error) });
      }
    },

    unconfirmed() {
      const open = [...journal.entries.values()].filter((entry) => entry.outcome && entry.confirmedAt === 0);
      return open.sort((a, b) => a.finishedAt - b.finishedAt).map(resultOf);
    },

    allowed() {
      const types = Object.keys(commandRunners);
      return types.filter((type) => refusal(type) === undefined);
    },

    async recover() {
      const begun = [...journal.entries.values()].filter((entry) => !entry.outcome && !running.has(entry.id));
      begun.sort((a, b) => a.receivedAt - b.receivedAt);
      const all = begun.map((entry) => {
        log.warn("command from before the restart", { id: entry.id, type: entry.type });
        const command = { type: entry.type, args: entry.args } as ParsedCommand;
        if (Object.hasOwn(commandRunners, entry.type)) return launch(entry, command, Promise.resolve());
        return Promise.resolve(finish(entry, { status: "FAILED", reason: "this agent does not know the command" }));
      });
      // Later commands wait for the same containers by their locks, the session does not wait for a dead engine.
      const limit = new Promise<void>((resolve) => setTimeout(resolve, recoverWaitMs).unref());
      await Promise.race([Promise.all(all), limit]);
      ready();
    },

    async stop() {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, stopWaitMs).unref());
      // What waits for a lock or for recovery stays in the journal; what has begun may finish.
      stopping = true;
      leave.abort();
      ready();
      await Promise.race([Promise.all([...running.values()].map(({ done }) => done)), limit]);
      halt.abort();
      await Promise.race([Promise.all([...running.values()].map(({ done }) => done)), limit]);
    },
  };
}

/** Of a command that was given before a restart: who gave it is gone. */
const unheard: ExecutorEvents = { progress: () => undefined, result: () => undefined };

type CommandRunner = {
  run(args: unknown, context: RunContext): Promise<Outcome>;
  resume(args: unknown, context: RunContext): Promise<Outcome>;
};

function newEntry(id: string, parsed: ReturnType<typeof parseCommand>, deadlineAt: number, at: number): JournalEntry {
  return {
    version: 1,
    id,
    type: parsed.type,
    args: "args" in parsed ? parsed.args : {},
    deadlineAt,
    receivedAt: at,
    startedAt: 0,
    finishedAt: 0,
    confirmedAt: 0,
    phases: [],
  };
}

function resultOf(entry: JournalEntry): pb.CommandResult.$Properties {
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

function refused(id: string, reason: string, at: number): pb.CommandResult.$Properties {
  const status = pb.CommandStatus.COMMAND_STATUS_FAILED;
  return { id, status, reason, startedUnixMs: 0, finishedUnixMs: at, outputJson: "", phases: [] };
}

function acceptedOf(entry: JournalEntry): pb.CommandProgress.$Properties {
  const last = entry.phases.at(-1);
  if (last) return { ...progressOf(entry.id, last), percent: -1 };
  return { id: entry.id, state: pb.CommandState.COMMAND_STATE_ACCEPTED, timeUnixMs: entry.receivedAt, percent: -1 };
}

function progressOf(
  id: string,
  record: { at: number; phase: string; message: string },
): pb.CommandProgress.$Properties {
  const { at, phase, message } = record;
  return { id, state: pb.CommandState.COMMAND_STATE_RUNNING, phase, message, timeUnixMs: at };
}

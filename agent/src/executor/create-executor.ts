import { join } from "node:path";
import type { pb } from "@fairlead/proto";
import { containerOfBackup } from "../backups/manifest.ts";
import { createHost, type Host } from "../host/host.ts";
import { errorText, type Log } from "../log.ts";
import { type RuntimeSet, singleRuntime } from "../runtimes/index.ts";
import { type ContainerRuntime, RuntimeFailure } from "../runtimes/runtime.ts";
import { type Cancels, createCancels } from "./cancels.ts";
import { type ParsedCommand, parseCommand } from "./command.ts";
import type { Executor, ExecutorEvents } from "./executor.ts";
import { isCommandId, type JournalEntry, openJournal } from "./journal.ts";
import { createLedger } from "./ledger.ts";
import { claimsOf, createLocks } from "./locks.ts";
import { acceptedOf, refused, resultOf, waitingOf } from "./messages.ts";
import { createPerform } from "./perform.ts";
import { allowedTypes, type Permission, refusalOf } from "./permission.ts";
import { commandRunners } from "./runners.ts";

export type ExecutorOptions = {
  stateDir: string;
  config: Permission;
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
  /** How many commands that pull, copy or replace run at once on each runtime; 2 unless told. */
  mostUpdates?: number;
  log: Log;
  now: () => number;
};

/** A command that was taken and has no outcome yet. */
type Running = { cancels: Cancels; done: Promise<void> };

const mostUpdates = 2;
const lookupMs = 20_000;
/** A lookup that takes so long is told of. */
const slowMs = 2_000;
const recoverWaitMs = 15_000;
const stopWaitMs = 20_000;
/** Commands that the server may leave open or unconfirmed; more are refused and not kept. */
const mostOpen = 1_000;

/**
 * Runs commands from the server. Each is journaled under `stateDir`/commands before anything is done, runs once however
 * often it comes, and one container has one command at a time. Throws when the journal folder can't be used.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { config, events, log, now, refresh, soon = () => undefined } = options;
  const journal = openJournal(join(options.stateDir, "commands"), now(), log);
  const host = { ...(options.host ?? createHost()), stateDir: options.stateDir };
  const runtimes = options.runtimes ?? singleRuntime(options.runtime);
  const running = new Map<string, Running>();
  const locked = createLocks();
  const halt = new AbortController();
  const leave = new AbortController();
  const ledger = createLedger(journal, events, log, now);
  const signals = { halted: halt.signal, leaving: leave.signal };
  const around = { ...signals, now, log, runtimes, runtime, refresh, soon, host };
  const perform = createPerform(journal, ledger, around, options.mostUpdates ?? mostUpdates);
  const recovered = Promise.withResolvers<void>();
  let lookups: Promise<unknown> = Promise.resolve();

  async function runtime(): Promise<ContainerRuntime> {
    const found = await options.runtime();
    if (!found) throw new RuntimeFailure("absent", "this host has no container runtime that the agent can reach");
    return found;
  }

  function launch(entry: JournalEntry, command: ParsedCommand, gateKeeper: Promise<void>): Promise<void> {
    const cancels = createCancels();
    const tell = (message: string) => ledger.eventsOf(entry).progress(waitingOf(entry, message, now()));
    const work = async () => {
      await gateKeeper;
      // One after the other, so that commands for one container keep their order.
      const limit = AbortSignal.any([halt.signal, AbortSignal.timeout(lookupMs)]);
      const claims = lookups.then(() => claimsOf(entry, runtimes, limit, (backup) => containerOfBackup(host, backup)));
      const ofContainer = /^(container|project)\./.test(command.type);
      if (ofContainer) lookups = claims;
      const slow = setTimeout(() => tell("waits for an answer of the engine"), slowMs);
      const { keys, runtime } = await claims.finally(() => clearTimeout(slow));
      const step = () => perform({ entry, command, runtime, cancels });
      await locked(keys, step, () => tell(`waits for another command on ${ofContainer ? "this container" : "it"}`));
    };
    const done = work()
      .catch((error) => log.error("command", { id: entry.id, error: errorText(error) }))
      .finally(() => running.delete(entry.id));
    running.set(entry.id, { cancels, done });
    return done;
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
    if (ledger.openCount() >= mostOpen) {
      const reason = `${mostOpen} commands wait for their end or their confirmation: send it again later`;
      to.result(refused(id, reason, now()));
      return;
    }
    const parsed = parseCommand(command);
    const entry = newEntry(id, parsed, command.deadlineUnixMs ?? 0, now());
    if (local) {
      entry.local = true;
      ledger.listen(id, to);
    }
    const error = "error" in parsed ? parsed.error : undefined;
    const wrong = parsed.type === "unknown" ? error : (refusalOf(parsed.type, config) ?? error);
    if (wrong !== undefined || "error" in parsed) {
      ledger.finish(entry, { status: "FAILED", reason: wrong ?? "" });
      return;
    }
    try {
      journal.save(entry);
    } catch (error) {
      const reason = errorText(error);
      log.error("command journal could not be written", { id, error: reason });
      ledger.forget(id);
      to.result(refused(id, reason, now()));
      return;
    }
    log.info("command accepted", { id, type: entry.type });
    to.progress(acceptedOf(entry));
    void launch(entry, parsed, recovered.promise);
  }

  /** Goes on with what the journal shows as begun. */
  function goOn(entry: JournalEntry): Promise<void> {
    log.warn("command from before the restart", { id: entry.id, type: entry.type });
    const command = { type: entry.type, args: entry.args } as ParsedCommand;
    if (Object.hasOwn(commandRunners, entry.type)) return launch(entry, command, Promise.resolve());
    ledger.finish(entry, { status: "FAILED", reason: "this agent does not know the command" });
    return Promise.resolve();
  }

  return {
    handle: (command) => take(command, events, false),
    handleLocal: (command, to) => take(command, to, true),
    cancel: (id) => running.get(id)?.cancels.cancel(),
    confirm: ledger.confirm,
    unconfirmed: ledger.unconfirmed,
    allowed: () => allowedTypes(config),

    async recover() {
      const begun = [...journal.entries.values()].filter((entry) => !entry.outcome && !running.has(entry.id));
      begun.sort((a, b) => a.receivedAt - b.receivedAt);
      // Later commands wait for the same containers by their locks, the session does not wait for a dead engine.
      await Promise.race([Promise.all(begun.map(goOn)), waited(recoverWaitMs)]);
      recovered.resolve();
    },

    async stop() {
      const limit = waited(stopWaitMs);
      const ended = () => Promise.race([Promise.all([...running.values()].map(({ done }) => done)), limit]);
      // What waits for a lock or for recovery stays in the journal; what has begun may finish.
      leave.abort();
      recovered.resolve();
      await ended();
      halt.abort();
      await ended();
    },
  };
}

function waited(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

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

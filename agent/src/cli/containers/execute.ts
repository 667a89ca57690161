import { randomUUID } from "node:crypto";
import type { pb } from "@fairlead/proto";
import type { AgentConfig } from "../../config.ts";
import { controlPath } from "../../control.ts";
import {
  type LocalProgress,
  type LocalResult,
  progressOf,
  resultOf,
  type Submitted,
  submitCommand,
} from "../../control-command.ts";
import { createExecutor } from "../../executor/create-executor.ts";
import { createLog, errorText } from "../../log.ts";
import { runtimesOf } from "../../runtimes/index.ts";
import { AlreadyRunning, lockFolder } from "../../state-folder.ts";
import { CliError, type Io } from "../command.ts";
import { hostOf } from "./runtimes.ts";

/** What is told while a command runs. */
export type Watcher = {
  progress(progress: LocalProgress): void;
  /** For a person: what their Ctrl-C brought about. */
  note(text: string): void;
  /** Cancelled, it puts back what was changed; else what was begun is finished. */
  undoes: boolean;
};

/**
 * Has a command run: by the agent that runs on this host, else here with the same journal, so that a crash is mended when
 * the agent starts. Ctrl-C cancels it; a second one leaves it to the agent, where there is one. Throws CliError.
 */
export async function execute(
  config: AgentConfig,
  io: Io,
  command: pb.Command.$Properties,
  watcher: Watcher,
): Promise<LocalResult> {
  io.signal.throwIfAborted();
  const byAgent = await submitCommand(controlPath(config.stateDir), command, watcher.progress);
  const given = byAgent ?? (await submitHere(config, command, watcher.progress));
  return await untilDone(given, byAgent !== undefined, io, watcher);
}

async function untilDone(given: Submitted, byAgent: boolean, io: Io, watcher: Watcher): Promise<LocalResult> {
  const left = Promise.withResolvers<never>();
  left.promise.catch(() => undefined);
  let interrupts = 0;
  const onInterrupt = () => {
    interrupts++;
    if (interrupts === 1) {
      given.cancel();
      watcher.note(watcher.undoes ? "cancelling: what was changed is put back" : "it has begun and is finished");
    } else if (byAgent) {
      const goesOn = watcher.undoes ? "puts back what was changed" : "finishes it";
      left.reject(new CliError(`left to the agent, which ${goesOn}: see its log or fairlead-agent containers`));
      given.leave();
    } else {
      // What it waits for it may be waiting for in vain.
      given.cancel();
      const goesOn = watcher.undoes ? "put back" : "finished";
      watcher.note(`it is being ${goesOn}; ended now it would stay half-done until the agent starts`);
    }
  };
  const release = io.hold?.(onInterrupt);
  if (!release) io.signal.addEventListener("abort", onInterrupt, { once: true });
  try {
    return await Promise.race([given.done, left.promise]);
  } finally {
    release?.();
    io.signal.removeEventListener("abort", onInterrupt);
  }
}

/** Runs it in this process, which takes the state folder as the agent would. */
async function submitHere(
  config: AgentConfig,
  command: pb.Command.$Properties,
  onProgress: (progress: LocalProgress) => void,
): Promise<Submitted> {
  const unlock = takeFolder(config.stateDir);
  try {
    const host = hostOf(config);
    const runtimes = runtimesOf(host);
    const executor = createExecutor({
      stateDir: config.stateDir,
      config,
      runtime: () => runtimes.get(""),
      runtimes,
      refresh: async () => ({}),
      host,
      // What others had asked for and is only ended now waits in the journal for the server.
      events: { progress: () => undefined, result: () => undefined },
      log: createLog("error", { text: true }),
      now: Date.now,
    });
    const id = randomUUID();
    const done = new Promise<LocalResult>((resolve) => {
      const result = (given: pb.CommandResult.$Properties) => resolve(resultOf(given));
      const progress = (given: pb.CommandProgress.$Properties) => onProgress(progressOf(given));
      executor.handleLocal({ ...command, id } as pb.Command.$Shape, { progress, result });
      // What a crash left half-done comes first.
      void executor.recover();
    });
    const finish = async () => {
      await executor.stop();
      unlock();
    };
    return { done: done.finally(finish), cancel: () => executor.cancel(id), leave: () => undefined };
  } catch (error) {
    unlock();
    throw error;
  }
}

function takeFolder(stateDir: string): () => void {
  try {
    return lockFolder(stateDir);
  } catch (error) {
    if (error instanceof AlreadyRunning) {
      const pid = /pid (\d+)/.exec(error.message)?.[1] ?? "?";
      throw new CliError(`another fairlead-agent (pid ${pid}) is at work on ${stateDir}: wait until it is done`);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") throw new CliError(`no permission for ${stateDir}: run as root`);
    throw new CliError(`stateDir: ${stateDir}: ${errorText(error)}: the journal of commands has to be kept there`);
  }
}

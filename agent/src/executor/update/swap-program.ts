import { setTimeout as delay } from "node:timers/promises";
import { createHost } from "../../host/host.ts";
import { createLog, errorText } from "../../log.ts";
import { openDocker } from "../../runtimes/docker.ts";
import { singleRuntime } from "../../runtimes/index.ts";
import { resumeUpdate } from "../container-update.ts";
import type { Outcome } from "../journal.ts";
import { Halted, type RunContext } from "../run-context.ts";
import { engineNamed } from "./engine.ts";
import { insist } from "./insist.ts";
import type { UpdatePlan } from "./plan.ts";
import { runPlan } from "./run-plan.ts";
import { type SwapFiles, swapFiles } from "./swap-files.ts";

const pollMs = 300;

/**
 * Replaces the container of the agent that handed over: the steps of that command's plan from the renaming on. Ends the
 * process: 0 when there is an outcome; else the engine starts it again and it finishes or undoes what it had begun.
 */
export async function runSwap([command = "", stateDir = "", socket = "", name = ""]: string[]): Promise<never> {
  const log = createLog("info");
  const halt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => halt.abort());
  try {
    await swap(swapFiles(stateDir, command), { command, stateDir, socket, name }, halt.signal);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof Halted)) log.error("swap", { error: errorText(error) });
    process.exit(1);
  }
}

async function swap(
  files: SwapFiles,
  { command, stateDir, socket, name }: { command: string; stateDir: string; socket: string; name: string },
  halted: AbortSignal,
): Promise<void> {
  const entry = files.read();
  if (entry === undefined) throw new Error(`there is nothing to swap for the command ${command}`);
  if (entry.outcome !== undefined) return;
  const plan = entry.plan as UpdatePlan;
  const cancel = new AbortController();
  const watch = setInterval(() => {
    if (files.cancelled()) cancel.abort();
  }, pollMs);
  const runtime = async () => ({ ...(await openDocker({ socket }, AbortSignal.timeout(10_000))), name });
  const context: RunContext = {
    entry,
    cancelled: cancel.signal,
    halted,
    leaving: halted,
    now: Date.now,
    log: createLog("info", { fields: { command } }),
    runtimes: singleRuntime(runtime),
    runtime,
    refresh: async () => ({}),
    soon: () => undefined,
    host: { ...createHost(), stateDir },
    phase(phase, message = "") {
      entry.phases.push({ at: Date.now(), phase, message });
      files.save(entry);
    },
    progress: () => undefined,
    // It was handed over to be finished.
    nextCancel: () => new AbortController().signal,
    yieldTurn: () => undefined,
    keep(kept) {
      entry.plan = kept;
      files.save(entry);
    },
    swap: {
      async takenOver(id, limitMs) {
        const until = performance.now() + limitMs;
        while (files.takenOverBy() !== id) {
          cancel.signal.throwIfAborted();
          if (performance.now() > until) {
            throw new Error(`the agent in the new container did not come up within ${limitMs / 1000} s`);
          }
          await delay(pollMs, undefined, { signal: halted });
        }
      },
    },
  };
  const engine = await insist(context, () => engineNamed(plan.runtime, context));
  const outcome: Outcome =
    plan.begun.rename === undefined ? await runPlan(plan, "rename", engine, context) : await resumeUpdate(context);
  clearInterval(watch);
  entry.outcome = outcome;
  await insist(context, async () => files.save(entry), 1_000);
}

import { setTimeout as delay } from "node:timers/promises";
import { exitReason } from "../runtimes/container-table.ts";
import { type Fitness, RuntimeFailure } from "../runtimes/runtime.ts";

/** Times in ms. `healthTimeoutMs` 0: as long as its health check may take. */
export type GateOptions = { stableMs: number; healthTimeoutMs: number };

export type GateVerdict = { passed: true } | { passed: false; reason: string } | undefined;

const pollMs = 400;
const silenceMs = 60_000;

/** What is to be said of a new container after so many ms; undefined: not yet decided. */
export function judge(fitness: Fitness, elapsedMs: number, options: GateOptions): GateVerdict {
  const after = `after ${(elapsedMs / 1000).toFixed(1)} s`;
  if (fitness.restartCount > 0) {
    // One that runs again tells nothing of how it ended before.
    const end = fitness.state === "running" ? "" : ` (${exitReason(fitness.exitCode, fitness.oomKilled)})`;
    return { passed: false, reason: `the new container restarted ${after}${end}` };
  }
  if (fitness.state !== "running") {
    const why = fitness.error || exitReason(fitness.exitCode, fitness.oomKilled);
    return { passed: false, reason: `the new container is ${fitness.state} ${after} (${why})` };
  }
  const output = fitness.healthOutput ? `: ${fitness.healthOutput}` : "";
  if (fitness.health === "unhealthy") return { passed: false, reason: `the new container is unhealthy${output}` };
  if (fitness.health === "starting") {
    const limit = Math.max(options.healthTimeoutMs || fitness.healthTimeoutMs, options.stableMs);
    if (elapsedMs < limit) return undefined;
    return { passed: false, reason: `the new container did not become healthy within ${limit / 1000} s${output}` };
  }
  return elapsedMs >= options.stableMs ? { passed: true } : undefined;
}

/**
 * Watches a new container until it has proved itself or failed. An engine that does not answer for a while decides
 * nothing; after a minute it counts as failure.
 */
export async function gate(
  fitness: () => Promise<Fitness>,
  options: GateOptions,
  onWait: (fitness: Fitness) => void,
  signal: AbortSignal,
): Promise<NonNullable<GateVerdict>> {
  const begun = performance.now();
  let heard = begun;
  for (;;) {
    signal.throwIfAborted();
    try {
      const found = await fitness();
      heard = performance.now();
      const verdict = judge(found, heard - begun, options);
      if (verdict) return verdict;
      onWait(found);
    } catch (error) {
      const silent = error instanceof RuntimeFailure && (error.code === "unreachable" || error.code === "absent");
      if (!silent) throw error;
      if (performance.now() - heard > silenceMs) return { passed: false, reason: error.message };
    }
    const left = options.stableMs - (performance.now() - begun);
    await delay(left > 0 ? Math.min(pollMs, left + 1) : pollMs, undefined, { signal });
  }
}

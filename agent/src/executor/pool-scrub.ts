import { setTimeout as delay } from "node:timers/promises";
import type { PoolScan, ScrubAction } from "../pools/pool.ts";
import { openScrub, type ScrubTarget } from "../pools/scrub.ts";
import { iso } from "../pools/texts.ts";
import type { ScrubArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Halted, Refusal, type RunContext } from "./run-context.ts";

/** Kept before the tool is told: what the pool said then. A command that finds one goes on after a restart. */
type Plan = { before: PoolScan | null; at: number };

const pollMs = 400;
const scrubs: ReadonlySet<string> = new Set(["scrub", "check", "repair"]);

/**
 * Starts, pauses or stops the scrub of a pool and answers its scan once the pool tells of it; a scrub then goes on by
 * itself. `start` goes on with a paused one. Refused where there is nothing to do, with the reason. After a restart of the
 * agent what the pool says decides whether it is still to be done.
 */
export async function scrubPool(
  { pool, action }: ScrubArguments,
  context: RunContext,
  patienceMs = 20_000,
): Promise<Outcome> {
  const plan = context.entry.plan as Plan | undefined;
  context.phase("look", pool);
  const target = await openScrub(context.host, pool, context.now(), context.halted);
  const scan = await target.scan(context.halted);
  context.soon(target.collector);
  if (plan !== undefined && isDone(action, scan, plan)) return succeeded(pool, scan);
  refuseUseless(target, action, scan);
  if (context.cancelled.aborted) return { status: "CANCELLED", reason: "cancelled before anything was done" };
  const kept: Plan = plan ?? { before: scan ?? null, at: context.now() };
  context.keep(kept);
  context.phase(action, target.name);
  await target.act(action, scan?.state === "paused", context.halted);
  return await confirm(target, { pool, action }, kept, context, patienceMs);
}

async function confirm(
  target: ScrubTarget,
  { pool, action }: ScrubArguments,
  plan: Plan,
  context: RunContext,
  patienceMs: number,
): Promise<Outcome> {
  context.phase("confirm");
  const until = performance.now() + patienceMs;
  for (;;) {
    const scan = await target.scan(context.halted);
    if (isDone(action, scan, plan)) {
      context.soon(target.collector);
      return succeeded(pool, scan);
    }
    if (performance.now() > until) {
      const told = scan === undefined ? "no scan" : `a ${scan.function} that is ${scan.state}`;
      return {
        status: "FAILED",
        reason: `${target.name} took the command, but after ${patienceMs / 1000} s it tells of ${told}`,
      };
    }
    await delay(pollMs, undefined, { signal: context.halted }).catch(() => {
      throw new Halted();
    });
  }
}

function refuseUseless(target: ScrubTarget, action: ScrubAction, scan: PoolScan | undefined): void {
  const { name } = target;
  const runs = scan?.state === "running";
  const scrub = scan !== undefined && scrubs.has(scan.function);
  if (!target.actions.includes(action)) {
    throw new Refusal(
      target.actions.length === 0 ? `${name} can't be scrubbed` : `${name}: ${target.unsupported ?? action}`,
    );
  }
  if (runs && !scrub) {
    const far = progressText(scan);
    const advice =
      action === "start" ? "a scrub can start when it has ended" : "it is no scrub and must not be stopped";
    throw new Refusal(`${name}: a ${scan.function} runs${far}: ${advice}`);
  }
  if (action === "start" && runs) throw new Refusal(`${name}: a ${scan?.function} runs already${progressText(scan)}`);
  if (action === "pause" && scrub && scan.state === "paused") throw new Refusal(`${name}: its scrub is paused already`);
  const open = scrub && (runs || scan.state === "paused");
  if (action !== "start" && !open) throw new Refusal(`${name}: no scrub runs: there is nothing to ${action}`);
}

/** Whether the pool shows what was asked for. */
function isDone(action: ScrubAction, scan: PoolScan | undefined, { before, at }: Plan): boolean {
  if (action === "pause") return scan?.state === "paused";
  const open = scan?.state === "running" || scan?.state === "paused";
  if (action === "stop") return !open;
  if (scan === undefined || !scrubs.has(scan.function)) return false;
  if (scan.state === "running") return true;
  if (scan.state === "paused" || scan.endedAt === undefined) return false;
  // A small pool is through before it is asked: it must be another scrub than before. Tools tell whole seconds.
  return (
    scan.endedAt >= Math.floor(at / 1000) * 1000 - 1000 || scan.endedAt > (before?.endedAt ?? Number.POSITIVE_INFINITY)
  );
}

function succeeded(pool: string, scan: PoolScan | undefined): Outcome {
  if (scan === undefined) return { status: "SUCCEEDED", output: { pool, scan: null } };
  const { startedAt, endedAt, ...rest } = scan;
  const times = {
    ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
  };
  return { status: "SUCCEEDED", output: { pool, scan: { ...rest, ...times } } };
}

function progressText({ progressRatio }: PoolScan): string {
  return progressRatio === undefined ? "" : ` (${(progressRatio * 100).toFixed(1)} %)`;
}

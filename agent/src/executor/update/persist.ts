import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "../../log.ts";
import { RuntimeFailure } from "../../runtimes/runtime.ts";
import { Halted, Refusal, type RunContext } from "../run-context.ts";
import { isSilence, silence } from "./insist.ts";

/** A step that failed, of which container. */
export type Trouble = { name: string; what: "new" | "policy" | "name" | "start" | "restart"; error: unknown };

/** What is left when it is no longer tried; `givenUp`: since a person cancelled it. */
export type Persisted = { troubles: Trouble[]; givenUp: boolean };

/** Attempts at what does not pass by itself, like a name that another container has: twelve seconds. */
const patience = 7;
/** From pauses of this length on it is told that it waits, and a cancel ends it. */
const longWaitMs = 3_000;
const longestWaitMs = 60_000;
/** So many attempts are told each, later ones each so many. */
const toldEach = 15;

/**
 * Repeats until an attempt has no troubles left. What may pass by itself (a full disk, a port that is taken, an engine in a
 * bad way) is waited for however long it takes, with growing pauses; other commands have its turn meanwhile, and a
 * cancel in one of the long pauses ends it. Throws Halted when the agent stops: it goes on with the next start.
 */
export async function persist(
  context: RunContext,
  attempt: () => Promise<Trouble[]>,
  told: (troubles: readonly Trouble[]) => Promise<string>,
  pause = pauseFor,
): Promise<Persisted> {
  let others = 0;
  let tries = 0;
  const begun = context.now();
  for (let wait = 200; ; wait = Math.min(longestWaitMs, wait * 2)) {
    const cancel = context.nextCancel();
    tries++;
    const troubles = await attempt().catch((error) => {
      if (context.halted.aborted) throw new Halted("halted", { cause: error });
      return [{ name: "", what: "new" as const, error }];
    });
    if (troubles.length === 0) return { troubles, givenUp: false };
    if (context.halted.aborted) throw new Halted("halted");
    const passes = troubles.some(({ error }) => mayPass(error));
    const isFinal = troubles.some(({ error }) => error instanceof Refusal) || ++others >= patience;
    if (!passes && isFinal) return { troubles, givenUp: false };
    if (passes && context.leaving.aborted) throw new Halted("halted");
    const error = errorText(mostUrgent(troubles)?.error);
    context.log.warn("the old containers are not all back, trying again", { error, waitMs: wait });
    const isLong = wait >= longWaitMs;
    if (isLong && cancel.aborted) return { troubles, givenUp: true };
    if (passes) context.yieldTurn();
    if (isSilence(mostUrgent(troubles)?.error)) context.progress(silence(context.now() - begun), -1);
    else if (isLong && (tries <= toldEach || tries % toldEach === 0)) {
      const again = `tried ${tries} times, again in ${Math.round(wait / 1000)} s, until it succeeds or is cancelled`;
      context.progress(`${await told(troubles)}; ${again}`, -1);
    }
    const signals = [context.halted, context.leaving, ...(isLong ? [cancel] : [])];
    await pause(wait, AbortSignal.any(signals));
    if (isLong && cancel.aborted) return { troubles, givenUp: true };
  }
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}

/** The one that is told: what keeps a container down comes first. */
export function mostUrgent(troubles: readonly Trouble[]): Trouble | undefined {
  return (
    troubles.find(({ error }) => error instanceof Refusal) ??
    troubles.find(({ what }) => what === "start") ??
    troubles.find(({ error }) => !isSilence(error)) ??
    troubles[0]
  );
}

/** What it was asked for is sound, and the engine could not do it now. */
function mayPass(error: unknown): boolean {
  return isSilence(error) || (error instanceof RuntimeFailure && error.code === "refused");
}

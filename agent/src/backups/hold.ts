import { setTimeout as delay } from "node:timers/promises";
import { Refusal, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { insist } from "../executor/update/insist.ts";
import { errorText } from "../log.ts";
import { openGuard } from "./guard.ts";
import type { Held, Work } from "./work.ts";

/**
 * Holds the container while `read` runs, and has it go on whatever comes. Should this process be killed, a process of its own
 * that sees it go does that; should both be, the next start of the agent, by the journal.
 */
export async function whileHeld(work: Work, by: Held["by"], read: () => Promise<void>): Promise<void> {
  const { engine, snapshot, context } = work;
  const held: Held = { id: snapshot.id, by };
  const guard = await openGuard(held, engine.runtime, context);
  try {
    work.hold(held);
    try {
      context.phase(by, `${by === "stop" ? "stop" : "pause"} ${snapshot.name} while its data are read`);
      if (by === "stop") await engine.runtime.stop(snapshot.id, undefined, context.halted);
      else await pause(work);
      const { startedAt } = await engine.runtime.describe(snapshot.id, context.halted);
      await read();
      await stillHeld(work, by, startedAt);
    } finally {
      await letGo(held, engine, context);
      work.hold(undefined);
    }
  } finally {
    guard.close();
  }
}

/** What was read while the container ran is of no one moment: no backup may say otherwise. */
async function stillHeld({ engine, snapshot, signal }: Work, by: Held["by"], startedAt: number | null): Promise<void> {
  const found = await engine.runtime.describe(snapshot.id, signal);
  const held = by === "pause" ? found.state === "paused" : found.state !== "running";
  if (held && found.startedAt === startedAt) return;
  const was = by === "pause" ? "was no longer paused" : "was started";
  const text = `${snapshot.name} ${was} while its data were read (by someone else, or its engine was restarted)`;
  throw new Refusal(`${text}: the backup would not be of one moment; take it again`);
}

// The kernel may not get a busy container frozen at once; the runtime gives up early.
const pauseTries = 4;

async function pause({ engine, snapshot, context, signal }: Work): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await engine.runtime.pause(snapshot.id, context.halted);
    } catch (error) {
      if (tries === pauseTries) {
        const text = `${snapshot.name} can't be paused (${errorText(error)}): choose stop or live`;
        throw new Refusal(text, { cause: error });
      }
    }
    await delay(250 * tries, undefined, { signal });
    if ((await engine.runtime.describe(snapshot.id, signal)).state === "paused") return;
  }
}

/** Lets a container that was held go on, however long the engine takes to answer. */
export async function letGo({ id, by }: Held, { runtime, recreation }: Engine, context: RunContext): Promise<void> {
  await insist(context, async () => {
    if ((await recreation.find(id, context.halted)) === undefined) return;
    const { state } = await runtime.describe(id, context.halted);
    if (by === "pause" && state === "paused") await runtime.unpause(id, context.halted);
    if (by === "stop" && state !== "running") await runtime.start(id, context.halted);
  });
}

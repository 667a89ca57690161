import { setTimeout as delay } from "node:timers/promises";
import type { RuntimeSet } from "../runtimes/index.ts";
import { RuntimeFailure } from "../runtimes/runtime.ts";
import { createLineCutter, type LineSink } from "./log-lines.ts";

/** What is read: `container` as commands name it; `sinceMs` Unix ms, 0 = no bound. */
export type LogRequest = { container: string; tail: number; sinceMs: number; follow: boolean };

/** When the container's next run is looked for, and how long one may be without its name while it is replaced. */
export const followTimes = { lookMs: 1_000, replacedMs: 5_000 };

const mostTail = 10_000;
const timeBytes = 30;

/**
 * Gives the lines of a container's log to `onLine`; between pieces it waits for what `room` answers. One that is followed
 * goes on with the container's next run, and with the container that replaces it, until it is removed. Resolves when
 * there is no more; rejects with a RuntimeFailure that says why.
 */
export async function followLog(
  runtimes: RuntimeSet,
  request: LogRequest,
  onLine: LineSink,
  room: () => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { container, follow } = request;
  let { tail, sinceMs } = request;
  let newest = "";
  let found = await runtimes.resolve(container, signal);
  for (;;) {
    // Whatever was written up to here was given before: only the engine's clock of whole milliseconds makes it come again.
    const before = newest;
    const cutter = createLineCutter((stream, line) => {
      const at = line.toString("latin1", 0, timeBytes);
      if (before !== "" && at <= before) return;
      if (at > newest) newest = at;
      onLine(stream, line);
    });
    const pieces = await found.runtime.logStream(found.id, { tail, sinceMs, follow }, signal);
    for await (const piece of pieces) {
      cutter.push(piece);
      const wait = room();
      if (wait !== undefined) await wait;
    }
    cutter.end();
    signal.throwIfAborted();
    if (!follow) return;
    const next = await nextRun(runtimes, container, found.id, signal);
    if (next === undefined) throw new RuntimeFailure("not_found", "the container was removed");
    found = next;
    tail = mostTail;
    if (newest !== "") sinceMs = Date.parse(newest) || sinceMs;
  }
}

/** The container once it runs again, or the one that took its name; undefined when it is gone. */
async function nextRun(runtimes: RuntimeSet, container: string, id: string, signal: AbortSignal) {
  let goneSince = 0;
  for (;;) {
    const found = await runtimes.resolve(container, signal).catch((error) => {
      if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
      throw error;
    });
    if (found === undefined) {
      if (goneSince === 0) goneSince = performance.now();
      else if (performance.now() - goneSince > followTimes.replacedMs) return undefined;
    } else {
      goneSince = 0;
      const { state } = await found.runtime.describe(found.id, signal);
      if (found.id !== id || state === "running" || state === "paused") return found;
    }
    await delay(followTimes.lookMs, undefined, { signal });
  }
}

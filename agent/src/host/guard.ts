import { isMainThread } from "node:worker_threads";

/** A call that has not answered yet. */
export class Hung extends Error {}

/** Runs a call that may hang for ever. Rejects at the deadline; `fallback` serves while hung calls hold all slots. */
export type Guard = <T>(
  key: string,
  deadlineMs: number,
  call: () => Promise<T>,
  fallback?: () => Promise<T>,
) => Promise<T>;

/**
 * At most `slots` calls at once. A call that passed its deadline keeps its slot until it answers, and its key is refused
 * until then. When hung calls hold every slot, further ones go to their fallback, or are refused where there is none; a
 * fallback takes no slot, but its key is refused in the same way.
 */
export function createGuard(slots: number): Guard {
  const hungSince = new Map<string, number>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let hung = 0;

  function wake(): void {
    const free = hung >= slots ? waiting.length : slots - busy;
    for (const go of waiting.splice(0, free)) go();
  }

  function refuseHung(key: string): void {
    const since = hungSince.get(key);
    if (since === undefined) return;
    throw new Hung(`${key}: no answer for ${Math.round((performance.now() - since) / 1000)} s`);
  }

  function race<T>(key: string, deadlineMs: number, call: () => Promise<T>, slot: 0 | 1): Promise<T> {
    busy += slot;
    return new Promise<T>((resolve, reject) => {
      const started = performance.now();
      const timer = setTimeout(() => {
        hung += slot;
        if (slot === 1) noteHungThread(1);
        hungSince.set(key, started);
        reject(new Hung(`${key}: no answer within ${deadlineMs} ms`));
        wake();
      }, deadlineMs);
      call()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          busy -= slot;
          if (hungSince.delete(key)) {
            hung -= slot;
            if (slot === 1) noteHungThread(-1);
          }
          wake();
        });
    });
  }

  return async (key, deadlineMs, call, fallback) => {
    refuseHung(key);
    while (busy >= slots && hung < slots) await new Promise<void>((resolve) => waiting.push(resolve));
    refuseHung(key);
    if (hung < slots) return race(key, deadlineMs, call, 1);
    if (fallback === undefined) throw new Error(`${key}: not asked while ${hung} other calls hang`);
    return race(key, deadlineMs, fallback, 0);
  };
}

let hungThreads = 0;
let watchesExit = false;

function noteHungThread(change: 1 | -1): void {
  hungThreads += change;
  if (watchesExit || !isMainThread) return;
  watchesExit = true;
  process.on("exit", leaveAtOnce);
}

// At exit libuv waits for its threads, so a hung mount would keep the process for ever. Becoming another program ends
// the threads and keeps the exit code.
function leaveAtOnce(code: number): void {
  if (hungThreads === 0) return;
  try {
    process.execve?.("/bin/sh", ["sh", "-c", `exit ${code}`], {});
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

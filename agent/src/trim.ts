import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type CollectGarbage = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

let trim: (() => void) | undefined;
let passed = 0;
let last = 0;

/** So much may pass through before what it left behind is collected, and no more often than that. */
const passedBytes = 8 << 20;
const betweenMs = 3_000;

/**
 * Gives back once what only the start needed, and then at each interval what has gathered since: an idle agent allocates
 * so little that V8 by itself would not collect for hours. Takes 40 to 60 ms of CPU each time.
 */
export function trimMemory(firstAfterMs: number, everyMs: number): void {
  let collect: CollectGarbage | undefined;
  trim = () => {
    if (collect === undefined) {
      setFlagsFromString("--expose-gc");
      collect = runInNewContext("gc") as CollectGarbage;
    }
    last = performance.now();
    passed = 0;
    // Drops the bytecode of what has not run lately too; an ordinary collection keeps it.
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
  };
  setTimeout(() => {
    trim?.();
    setInterval(() => trim?.(), everyMs).unref();
  }, firstAfterMs).unref();
}

/**
 * Tells of bytes that passed through (logs): buffers lie outside of V8's heap, so that it does not see how much of them is
 * garbage. Does nothing in programs that did not ask for `trimMemory`.
 */
export function notePassed(bytes: number): void {
  passed += bytes;
  if (passed >= passedBytes && performance.now() - last >= betweenMs) trim?.();
}

/** Collects soon what a piece of work left behind. */
export function trimAfterWork(): void {
  if (trim !== undefined && passed > 0) setTimeout(() => passed > 0 && trim?.(), 1_000).unref();
}

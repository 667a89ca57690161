import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type CollectGarbage = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

/**
 * Gives back once what only the start needed, and then at each interval what has gathered since: an idle agent allocates
 * so little that V8 by itself would not collect for hours. Takes 40 to 60 ms of CPU each time.
 */
export function trimMemory(firstAfterMs: number, everyMs: number): void {
  setTimeout(() => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as CollectGarbage;
    // Drops the bytecode of what has not run lately too; an ordinary collection keeps it.
    const trim = () => collect({ type: "major", execution: "sync", flavor: "last-resort" });
    trim();
    setInterval(trim, everyMs).unref();
  }, firstAfterMs).unref();
}

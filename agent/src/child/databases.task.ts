import type { Target } from "../databases/probe.ts";
import { createProber } from "../databases/prober.ts";
import type { ChildTask } from "./tasks.ts";

/** `keep`: the databases that there still are; what is kept for others is closed. */
export type DatabasesInput =
  | { do: "probe"; target: Target }
  | { do: "grants"; target: Target }
  | { do: "keep"; keys: readonly string[] };

const prober = createProber();

/** Asks one database: answers an Answer, or statements to paste. Keeps connections and counters for the next time. */
export const task: ChildTask = {
  async run(input, signal) {
    const asked = input as DatabasesInput;
    switch (asked.do) {
      case "probe":
        return await prober.probe(asked.target, signal);
      case "grants":
        return await prober.grants(asked.target);
      case "keep":
        return await prober.keep(asked.keys);
    }
  },
};

import type { ChildTask } from "./tasks.ts";

/** Answers its input: shows that the agent's program can start itself. `{hang: true}` never answers. */
export const task: ChildTask = {
  async run(input) {
    if (typeof input === "object" && input !== null && "hang" in input) await new Promise(() => undefined);
    return { input, pid: process.pid };
  },
};

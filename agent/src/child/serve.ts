import { createInterface } from "node:readline";
import { trimMemory } from "../trim.ts";
import { type ChildTask, childTasks, type TaskName } from "./tasks.ts";

/** A line to the child, and its answer. */
export type Request = { id: number; input: unknown };
export type Response = { id: number; result?: unknown; error?: string; name?: string };

const trimAfterMs = 20_000;
const trimEveryMs = 30 * 60_000;

/** Runs as the child: answers each line on stdin with one on stdout until stdin ends. */
export async function serveTask(name: string): Promise<void> {
  if (!Object.hasOwn(childTasks, name)) throw new Error(`no such task: ${name}`);
  const { task }: { task: ChildTask } = await childTasks[name as TaskName]();
  // Most live for seconds. One that is kept gives back what loading its libraries took: half of its memory.
  trimMemory(trimAfterMs, trimEveryMs);
  task.begin?.();
  const stop = new AbortController();
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  const running = new Set<Promise<void>>();
  for await (const line of lines) {
    const { id, input } = JSON.parse(line) as Request;
    const work = task
      .run(input, stop.signal)
      .then(
        (result) => answer({ id, result: result ?? null }),
        (error: Error) => answer({ id, error: String(error?.message ?? error), name: error?.name ?? "Error" }),
      )
      .finally(() => running.delete(work));
    running.add(work);
  }
  // The agent is gone, or done with us.
  stop.abort();
  await task.end?.();
  process.exit(0);
}

function answer(response: Response): void {
  process.stdout.write(`${JSON.stringify(response)}\n`);
}

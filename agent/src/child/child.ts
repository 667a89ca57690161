import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { isSea } from "node:sea";
import { defaultPath, killGroup } from "../host/subprocess.ts";
import type { Response } from "./serve.ts";
import { childTasks, type TaskName } from "./tasks.ts";

/** The hidden argument with which the agent's program starts itself as a child. */
export const childArgument = "internal-child";

/** A task failed in its own words; `kind` is the name of what it threw ("NotHere"). */
export class TaskError extends Error {
  readonly kind: string;
  constructor(message: string, kind: string) {
    super(message);
    this.kind = kind;
  }
}

export type Child = {
  /**
   * Runs the task with that input. At the deadline the whole child is killed and the call rejects, with all others that
   * wait; the next call starts a new one. What the child started and the kernel can't end is left behind.
   */
  call(input: unknown, options: { deadlineMs: number; signal?: AbortSignal }): Promise<unknown>;
  /** Ends the child at once. */
  stop(): void;
};

const maxAnswer = 16 * 1024 * 1024;

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };
type Started = { process: ChildProcess; waiting: Map<number, Waiting>; timer: NodeJS.Timeout | undefined };

/**
 * A child for that task, started at the first call and kept for `keepMs` after the last (0: not at all). Nothing that is
 * given to it stands in its arguments or environment. `program`: how to start the agent's program, by itself unless told;
 * where we are not that program (tests), the task runs here.
 */
export function createChild(
  name: TaskName,
  { keepMs, program = programArguments() }: { keepMs: number; program?: readonly string[] | undefined },
): Child {
  let started: Started | undefined;
  let serial = 0;

  function start(command: readonly string[]): Started {
    const child = spawn(process.execPath, [...command, childArgument, name], {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH || defaultPath, LC_ALL: "C" },
    });
    const mine: Started = { process: child, waiting: new Map(), timer: undefined };
    let rest = "";
    let complaint = "";
    const fail = (message: string) => {
      if (started === mine) started = undefined;
      clearTimeout(mine.timer);
      for (const { reject } of mine.waiting.values()) reject(new Error(message));
      mine.waiting.clear();
    };
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      rest += chunk;
      if (rest.length > maxAnswer) {
        kill(mine);
        fail(`${name}: answer of more than ${maxAnswer} bytes`);
        return;
      }
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) settle(mine, line);
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      complaint = (complaint + chunk).slice(-2000);
    });
    child.stdin?.on("error", () => undefined);
    child.on("error", (error) => fail(`${name}: can't be started: ${error.message}`));
    child.on("close", (code, signal) => {
      const last = complaint.trim().split("\n").at(-1) ?? "";
      fail(`${name}: ended with ${signal ?? `exit code ${code}`}${last === "" ? "" : `: ${last}`}`);
    });
    return mine;
  }

  function settle(mine: Started, line: string): void {
    let response: Response;
    try {
      response = JSON.parse(line);
    } catch {
      return;
    }
    const waiting = mine.waiting.get(response.id);
    mine.waiting.delete(response.id);
    if (response.error === undefined) waiting?.resolve(response.result);
    else waiting?.reject(new TaskError(response.error, response.name ?? "Error"));
    if (mine.waiting.size === 0) rest(mine);
  }

  /** Nothing more to do for now: the child ends when its stdin does. */
  function rest(mine: Started): void {
    clearTimeout(mine.timer);
    mine.timer = setTimeout(() => {
      if (started === mine) started = undefined;
      mine.process.stdin?.end();
      mine.timer = setTimeout(() => kill(mine), 5_000);
      mine.timer.unref();
    }, keepMs);
    mine.timer.unref();
  }

  function kill(mine: Started): void {
    if (started === mine) started = undefined;
    clearTimeout(mine.timer);
    if (mine.process.pid !== undefined) killGroup(mine.process.pid);
    mine.process.stdout?.destroy();
    mine.process.stderr?.destroy();
    mine.process.unref();
  }

  return {
    async call(input, { deadlineMs, signal }) {
      signal?.throwIfAborted();
      if (program === undefined) return await here(name, input, deadlineMs, signal);
      started ??= start(program);
      const mine = started;
      clearTimeout(mine.timer);
      const id = ++serial;
      return await new Promise((resolve, reject) => {
        const give = (message: string) => {
          const { waiting } = mine;
          kill(mine);
          for (const other of waiting.values()) other.reject(new Error(message));
          waiting.clear();
        };
        const timer = setTimeout(() => give(`${name}: no answer within ${deadlineMs} ms`), deadlineMs);
        const abort = () => give(`${name}: aborted`);
        signal?.addEventListener("abort", abort, { once: true });
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
        };
        mine.waiting.set(id, {
          resolve: (value) => {
            done();
            resolve(value);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        mine.process.stdin?.write(`${JSON.stringify({ id, input })}\n`);
      });
    },
    stop() {
      if (started !== undefined) kill(started);
    },
  };
}

/** How the agent's program is started once more: a single executable by itself, a checkout by its script. */
export function programArguments(): string[] | undefined {
  if (isSea()) return [];
  const script = process.argv[1] ?? "";
  return /^(main\.ts|agent\.cjs|fairlead-agent)/.test(basename(script)) ? [script] : undefined;
}

async function here(name: TaskName, input: unknown, deadlineMs: number, signal?: AbortSignal): Promise<unknown> {
  const { task } = await childTasks[name]();
  const limit = AbortSignal.any([AbortSignal.timeout(deadlineMs), ...(signal ? [signal] : [])]);
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener("abort", () => reject(new Error(`${name}: no answer within ${deadlineMs} ms`)), {
      once: true,
    });
  });
  // As through a pipe.
  const plain = JSON.parse(JSON.stringify(input ?? null));
  const result = await Promise.race([task.run(plain, limit), late]);
  return JSON.parse(JSON.stringify(result ?? null));
}

/** Work for a process of its own. Input and result are JSON; NaN becomes null. Throws what is to be told, in one line. */
export type ChildTask = {
  run(input: unknown, signal: AbortSignal): Promise<unknown>;
  /** In the child alone: before the first input. */
  begin?(): void;
  /** In the child alone: when the agent is gone or done with it. The child ends when this has settled. */
  end?(): Promise<void>;
};

/**
 * Every task, one file each: it and what it imports are loaded in the child alone, so that the agent stays small. A task
 * keeps what its module keeps for as long as its process lives.
 */
export const childTasks = {
  backup: () => import("./backup.task.ts"),
  databases: () => import("./databases.task.ts"),
  echo: () => import("./echo.task.ts"),
  guard: () => import("./guard.task.ts"),
  smart: () => import("./smart.task.ts"),
} as const satisfies Record<string, () => Promise<{ task: ChildTask }>>;

export type TaskName = keyof typeof childTasks;

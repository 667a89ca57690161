import type { Context } from "../context.ts";
import type { OpenWindows } from "../ingest/open-windows.ts";
import type { Job } from "./scheduler.ts";

/** What jobs may use: the context, and what this process's ingest saw of the open minutes. */
export type JobContext = Omit<Context, "scheduler"> & { windows: OpenWindows };

/** Makes a job; every file of this folder that is a job exports one. */
export type JobFactory = (context: JobContext) => Job;

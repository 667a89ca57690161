import { fulfilGuard, outliveAgent, takeGuard } from "../backups/guard-duty.ts";
import type { ChildTask } from "./tasks.ts";

/** Waits for the agent's end, and lets the container that it held go on; see GuardRequest. */
export const task: ChildTask = { run: takeGuard, begin: outliveAgent, end: fulfilGuard };

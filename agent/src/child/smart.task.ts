import { runSmartRequest } from "../smart/run-request.ts";
import type { ChildTask } from "./tasks.ts";

/** Reads drives with smartctl, judges them and keeps what they showed; see SmartRequest. */
export const task: ChildTask = { run: runSmartRequest };

import { Refusal, type RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import type { UpdatePlan } from "./plan.ts";

/** Saves what the targets hold, as the plan asks. */
export async function saveMembers(_: UpdatePlan, __: Engine, ___: RunContext): Promise<void> {
  throw new Refusal("this agent can't make backups yet");
}

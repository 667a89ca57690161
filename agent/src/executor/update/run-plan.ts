import { errorText } from "../../log.ts";
import type { Outcome } from "../journal.ts";
import { Halted, type RunContext } from "../run-context.ts";
import { dropDumps, dumpAhead, saveMembers } from "./backup-step.ts";
import { commit } from "./commit.ts";
import type { Engine } from "./engine.ts";
import { stepsOf } from "./output.ts";
import type { Step, UpdatePlan } from "./plan.ts";
import { putBack } from "./put-back.ts";
import { messageOf, startFirst, steps } from "./steps.ts";
import { handOver, tookOver } from "./swap.ts";
import { withNames } from "./with-names.ts";

/** Takes the steps of a plan from that one on; whatever fails, the old containers are put back. */
export async function runPlan(plan: UpdatePlan, from: Step, engine: Engine, context: RunContext): Promise<Outcome> {
  const { halted, cancelled } = context;
  const order = stepsOf(plan);
  try {
    for (const step of order.slice(Math.max(0, order.indexOf(from)))) {
      if (from !== "commit") cancelled.throwIfAborted();
      halted.throwIfAborted();
      // A process can't stop the container that it runs in and live to start the next.
      if (step === "rename" && plan.helper !== undefined && context.swap === undefined) {
        return await handOver(plan, engine, context);
      }
      plan.step = step;
      plan.begun[step] ??= context.now();
      // From here on its name leads to nobody.
      if (step === "rename" && order.includes("stop")) plan.downAt ??= context.now();
      // A write that is synced here would be time without service; until then the journal says "stop", which is undone.
      if (step === "start") await startFirst(plan, engine, context);
      context.entry.plan = plan;
      context.phase(step, messageOf(step, plan));
      if (step === "commit") break;
      if (step === "backup") await saveMembers(plan, engine, context);
      else if (step !== "rollback") await steps[step](plan, engine, context);
      if (step === "create") await dumpAhead(plan, engine, context);
      if (step === "gate" && plan.helper !== undefined) await tookOver(plan, context);
    }
  } catch (error) {
    dropDumps(plan, context);
    if (error instanceof Halted) throw error;
    if (halted.aborted) throw new Halted("halted", { cause: error });
    const status = cancelled.aborted ? "CANCELLED" : "ROLLED_BACK";
    const reason = cancelled.aborted ? "cancelled" : withNames(errorText(error), plan);
    return putBack(plan, reason, status, engine, context);
  }
  return commit(plan, engine, context);
}

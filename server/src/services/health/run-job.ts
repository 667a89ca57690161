import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";

/** Starts a job now, in the background. Throws not_found. */
export async function runJob(context: Context, actor: Actor, name: string): Promise<void> {
  if (!(await context.scheduler.runNow(name))) {
    const known = (await context.scheduler.list()).map((job) => job.name).join(", ");
    throw new Failure("not_found", `There is no job ${name}: known are ${known}`);
  }
  await recordAudit(context.db, actor, { action: "scheduler.run", targetKind: "job", targetId: name });
}

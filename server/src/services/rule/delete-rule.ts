import type { Actor, Context } from "../../context.ts";
import { endAlerts } from "../alert/end-alerts.ts";
import { recordAudit } from "../audit/record.ts";
import { getRule } from "./list-rules.ts";

/** Deletes the rule with its alerts, present and past; those who were told of one hear that it is over. */
export async function deleteRule(context: Context, actor: Actor, id: string): Promise<void> {
  await context.db.transaction().execute(async (trx) => {
    const rule = await getRule(trx, id);
    await endAlerts(trx, { ruleId: id }, "rule deleted", context.now());
    await trx.deleteFrom("alert_rule").where("id", "=", id).execute();
    await recordAudit(trx, actor, {
      action: "alert_rule.delete",
      targetKind: "alert_rule",
      targetId: id,
      detail: { name: rule.name, builtinKey: rule.builtinKey },
    });
  });
  context.bus.emit("rules", {});
}

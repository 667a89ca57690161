import type { Actor, Context } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";
import { getRule, type RuleView } from "./list-rules.ts";
import { checkRule, type RuleInput, ruleColumns } from "./save-rule.ts";

/** Makes a rule; it is evaluated from the next report on. */
export async function createRule(context: Context, actor: Actor, input: RuleInput): Promise<RuleView> {
  const rule = await context.db.transaction().execute(async (trx) => {
    await checkRule(trx, input, undefined);
    const { id } = await trx
      .insertInto("alert_rule")
      .values(ruleColumns(input))
      .returning("id")
      .executeTakeFirstOrThrow();
    await recordAudit(trx, actor, {
      action: "alert_rule.create",
      targetKind: "alert_rule",
      targetId: id,
      detail: { name: input.name },
    });
    return getRule(trx, id);
  });
  context.bus.emit("rules", {});
  return rule;
}

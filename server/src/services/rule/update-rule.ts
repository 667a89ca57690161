import { isDeepStrictEqual } from "node:util";
import type { Actor, Context } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";
import { getRule, type RuleView } from "./list-rules.ts";
import { checkRule, type RuleInput, ruleColumns } from "./save-rule.ts";

/** Changes that make the rule another one: what is active under the old one resolves. */
const decisive = ["resourceKind", "condition", "selector", "forSeconds", "keepFiringSeconds"] as const;

/** Changes the given fields. */
export async function updateRule(
  context: Context,
  actor: Actor,
  id: string,
  change: { [K in keyof RuleInput]?: RuleInput[K] | undefined },
): Promise<RuleView> {
  const rule = await context.db.transaction().execute(async (trx) => {
    await trx.selectFrom("alert_rule").select("id").where("id", "=", id).forUpdate().execute();
    const before = await getRule(trx, id);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after: RuleInput = { ...before, ...given };
    await checkRule(trx, after, id);
    const version = decisive.every((key) => isDeepStrictEqual(before[key], after[key]))
      ? before.version
      : before.version + 1;
    await trx
      .updateTable("alert_rule")
      .set({ ...ruleColumns(after), version, updated_at: context.now() })
      .where("id", "=", id)
      .execute();
    await recordAudit(trx, actor, {
      action: "alert_rule.update",
      targetKind: "alert_rule",
      targetId: id,
      detail: given,
    });
    return getRule(trx, id);
  });
  context.bus.emit("rules", {});
  return rule;
}

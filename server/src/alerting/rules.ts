import type { Kysely } from "kysely";
import type { Database, Severity } from "../db/schema.ts";
import type { Timing } from "../domain/alerts/machine.ts";
import { ruleKeyOf } from "../domain/alerts/override.ts";
import { type Condition, conditionSchema, type Selector, selectorSchema } from "../domain/alerts/rule.ts";

/** An enabled rule as the evaluator holds it. */
export type LoadedRule = {
  id: string;
  key: string;
  name: string;
  severity: Severity;
  version: number;
  kind: string;
  condition: Condition;
  selector: Selector;
  timing: Timing;
};

/** The enabled rules by resource kind. A stored rule that no longer parses goes to `onBroken` and is left out. */
export async function loadRules(
  db: Kysely<Database>,
  onBroken: (name: string, problem: string) => void,
): Promise<Map<string, LoadedRule[]>> {
  const rows = await db.selectFrom("alert_rule").selectAll().where("enabled", "=", true).orderBy("id").execute();
  const byKind = new Map<string, LoadedRule[]>();
  for (const row of rows) {
    const condition = conditionSchema.safeParse(row.condition);
    const selector = selectorSchema.safeParse(row.selector);
    if (!condition.success || !selector.success) {
      onBroken(row.name, (condition.error ?? selector.error)?.issues[0]?.message ?? "malformed");
      continue;
    }
    const rules = byKind.get(row.resource_kind) ?? [];
    byKind.set(row.resource_kind, rules);
    rules.push({
      id: row.id,
      key: ruleKeyOf({ builtinKey: row.builtin_key, name: row.name }),
      name: row.name,
      severity: row.severity,
      version: row.version,
      kind: row.resource_kind,
      condition: condition.data,
      selector: selector.data,
      timing: { forSeconds: row.for_seconds, keepFiringSeconds: row.keep_firing_seconds },
    });
  }
  return byKind;
}

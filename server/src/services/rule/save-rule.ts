import { type Kysely, sql } from "kysely";
import type { Database } from "../../db/schema.ts";
import { problemsOf, type Rule } from "../../domain/alerts/rule.ts";
import { Failure } from "../../failure.ts";

/** A rule as people write it. */
export type RuleInput = Rule & {
  name: string;
  description: string;
  enabled: boolean;
  receiverIds: string[] | null;
};

/** The columns of a rule. */
export function ruleColumns(rule: RuleInput) {
  return {
    name: rule.name,
    description: rule.description,
    enabled: rule.enabled,
    severity: rule.severity,
    condition: JSON.stringify(rule.condition),
    resource_kind: rule.resourceKind,
    selector: JSON.stringify(rule.selector),
    for_seconds: rule.forSeconds,
    keep_firing_seconds: rule.keepFiringSeconds,
    receiver_ids: rule.receiverIds,
  };
}

/** Throws where the parts of the rule do not fit together, a receiver is unknown or the name is taken. */
export async function checkRule(trx: Kysely<Database>, rule: RuleInput, id: string | undefined): Promise<void> {
  const [problem] = problemsOf(rule);
  if (problem !== undefined) throw invalid(problem.path.join("."), problem.value, problem.message);
  const wanted = rule.receiverIds ?? [];
  if (wanted.length > 0) {
    const known = await trx
      .selectFrom("receiver")
      .select("id")
      .where("id", "=", sql<string>`any(${wanted}::uuid[])`)
      .execute();
    const missing = wanted.find((each) => !known.some((row) => row.id === each));
    if (missing !== undefined) throw invalid("receiverIds", missing, "names a receiver that does not exist");
  }
  const same = await trx.selectFrom("alert_rule").select("id").where("name", "=", rule.name).executeTakeFirst();
  if (same !== undefined && same.id !== id)
    throw new Failure("conflict", `There is a rule named "${rule.name}" already: take another name`, {
      fields: [{ field: "name", value: rule.name, message: "is taken: take another name" }],
    });
}

function invalid(field: string, value: unknown, message: string): Failure {
  return new Failure("invalid", `${field} ${message}`, { fields: [{ field, value, message }] });
}

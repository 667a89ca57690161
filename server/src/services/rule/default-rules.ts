import { type Kysely, sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import type { Database } from "../../db/schema.ts";
import { type DefaultRule, defaultRules } from "../../domain/alerts/default-rules.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { getRule, type RuleView } from "./list-rules.ts";
import { ruleColumns } from "./save-rule.ts";

const settingKey = "default_alert_rules";

/**
 * Inserts the default rules that this database never had. One that people deleted stays deleted: the setting
 * `default_alert_rules` lists all that were ever there. Returns how many were inserted.
 */
export async function insertDefaultRules(context: Pick<Context, "db" | "bus">): Promise<number> {
  const inserted = await context.db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${settingKey}))`.execute(trx);
    const row = await trx.selectFrom("setting").select("value").where("key", "=", settingKey).executeTakeFirst();
    const known = Array.isArray(row?.value) ? row.value : [];
    const fresh = defaultRules.filter((rule) => !known.includes(rule.builtinKey));
    for (const rule of fresh) await insert(trx, rule);
    const value = JSON.stringify([...known, ...fresh.map((rule) => rule.builtinKey)]);
    if (fresh.length > 0)
      await trx
        .insertInto("setting")
        .values({ key: settingKey, value })
        .onConflict((c) => c.column("key").doUpdateSet({ value }))
        .execute();
    return fresh.length;
  });
  if (inserted > 0) context.bus.emit("rules", {});
  return inserted;
}

/** Brings a default rule back to its first form, inserting it where it was deleted; its name and receivers stay as they are. */
export async function restoreRule(context: Context, actor: Actor, builtinKey: string): Promise<RuleView> {
  const rule = defaultRules.find((each) => each.builtinKey === builtinKey);
  if (rule === undefined) {
    const message = `is no default rule: known are ${defaultRules.map((each) => each.builtinKey).join(", ")}`;
    throw new Failure("invalid", `builtinKey ${message}`, {
      fields: [{ field: "builtinKey", value: builtinKey, message }],
    });
  }
  const restored = await context.db.transaction().execute(async (trx) => {
    const {
      receiver_ids: _receivers,
      name: _name,
      ...columns
    } = ruleColumns({ ...rule, enabled: true, receiverIds: null });
    const changed = await trx
      .updateTable("alert_rule")
      .set({ ...columns, version: sql<number>`version + 1`, updated_at: context.now() })
      .where("builtin_key", "=", builtinKey)
      .returning("id")
      .executeTakeFirst();
    const id = changed?.id ?? (await insert(trx, rule));
    if (id === undefined)
      throw new Failure("conflict", `There is another rule named "${rule.name}": rename that one first`);
    await recordAudit(trx, actor, {
      action: "alert_rule.restore",
      targetKind: "alert_rule",
      targetId: id,
      detail: { builtinKey },
    });
    return getRule(trx, id);
  });
  context.bus.emit("rules", {});
  return restored;
}

async function insert(trx: Kysely<Database>, rule: DefaultRule): Promise<string | undefined> {
  const row = await trx
    .insertInto("alert_rule")
    .values({ ...ruleColumns({ ...rule, enabled: true, receiverIds: null }), builtin_key: rule.builtinKey })
    .onConflict((c) => c.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

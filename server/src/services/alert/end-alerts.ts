import { type Kysely, sql } from "kysely";
import { queueResolved } from "../../alerting/outbox.ts";
import type { Database } from "../../db/schema.ts";

/**
 * Resolves the alerts of servers or of a rule that are about to be deleted, and tells those who heard that they fired.
 * Call it in the deleting transaction, before the rows are deleted: the alerts go with them, what is queued here stays.
 */
export async function endAlerts(
  trx: Kysely<Database>,
  of: { serverIds: readonly string[] } | { ruleId: string },
  reason: string,
  now: Date,
): Promise<void> {
  const update = trx
    .updateTable("alert")
    .set({ state: "resolved", resolved_at: now, resolve_reason: reason, cleared_since: null })
    .where("state", "=", "firing");
  const rows = await ("ruleId" in of
    ? update.where("rule_id", "=", of.ruleId)
    : update.where("server_id", "=", sql<string>`any(${[...of.serverIds]}::uuid[])`)
  )
    .returning("id")
    .execute();
  for (const { id } of rows) await queueResolved(trx, id, true);
}

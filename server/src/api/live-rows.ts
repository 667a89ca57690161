import type { Context } from "../context.ts";
import { type CommandView, readCommand as readCommandRow } from "../db/queries/commands.ts";

/** The command as the API shows it; undefined when it is gone already. */
export function readCommand(context: Context, id: string): Promise<CommandView | undefined> {
  return readCommandRow(context.db, id);
}

/** The alert as the API shows it; undefined when it is gone already. */
export async function readAlert(context: Context, id: string) {
  return await context.db
    .selectFrom("alert as a")
    .innerJoin("alert_rule as rule", "rule.id", "a.rule_id")
    .innerJoin("server as s", "s.id", "a.server_id")
    .leftJoin("resource as r", "r.id", "a.resource_id")
    .select([
      "a.id",
      "a.rule_id as ruleId",
      "rule.name as ruleName",
      "a.server_id as serverId",
      "s.name as serverName",
      "a.resource_id as resourceId",
      "r.kind as resourceKind",
      "r.key as resourceKey",
      "a.state",
      "a.severity",
      "a.summary",
      "a.value",
      "a.threshold",
      "a.pending_at as pendingAt",
      "a.fired_at as firedAt",
      "a.resolved_at as resolvedAt",
      "a.resolve_reason as resolveReason",
      "a.acked_at as ackedAt",
      "a.acked_by as ackedBy",
      "a.ack_note as ackNote",
    ])
    .where("a.id", "=", id)
    .executeTakeFirst();
}

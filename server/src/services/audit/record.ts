import type { Kysely } from "kysely";
import type { Actor } from "../../context.ts";
import type { Database } from "../../db/schema.ts";

/** What was done: `action` as "server.pause", the row it was done to, and what changed; never a secret. */
export type AuditEntry = {
  action: string;
  targetKind?: string;
  targetId?: string | number;
  detail?: Record<string, unknown>;
};

/** Writes an audit row. Call it with the transaction that makes the change, so that neither is there without the other. */
export async function recordAudit(trx: Kysely<Database>, actor: Actor, entry: AuditEntry): Promise<void> {
  await trx
    .insertInto("audit_log")
    .values({
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      action: entry.action,
      target_kind: entry.targetKind ?? null,
      target_id: entry.targetId === undefined ? null : String(entry.targetId),
      request_id: actor.requestId,
      ip: actor.ip,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}

import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";

export const auditSorts = ["at"] as const;

export type AuditRow = {
  id: number;
  at: Date;
  actorKind: "user" | "token" | "agent" | "system";
  actorId: string | null;
  actorName: string;
  action: string;
  targetKind: string | null;
  targetId: string | null;
  requestId: string | null;
  ip: string | null;
  detail: Record<string, unknown>;
};

export type AuditFilter = {
  actor?: string | undefined;
  action?: string | undefined;
  targetKind?: string | undefined;
  targetId?: string | undefined;
};

/** Who did what when. `action` may be a group: "server" finds "server.pause" too. */
export async function listAudit(context: Context, filter: AuditFilter, page: PageRequest): Promise<Page<AuditRow>> {
  let query = context.db.selectFrom("audit_log").selectAll();
  if (filter.actor !== undefined) query = query.where("actor_name", "=", filter.actor);
  if (filter.targetKind !== undefined) query = query.where("target_kind", "=", filter.targetKind);
  if (filter.targetId !== undefined) query = query.where("target_id", "=", filter.targetId);
  const { action } = filter;
  if (action !== undefined)
    query = query.where(sql<boolean>`(action = ${action} OR starts_with(action, ${`${action}.`}))`);
  const sorts = { at: { by: sql`at`, type: "timestamptz" } } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`id`, type: "bigint" }, page);
  return {
    items: items.map((row) => ({
      id: row.id,
      at: row.at,
      actorKind: row.actor_kind,
      actorId: row.actor_id,
      actorName: row.actor_name,
      action: row.action,
      targetKind: row.target_kind,
      targetId: row.target_id,
      requestId: row.request_id,
      ip: row.ip,
      detail: row.detail,
    })),
    nextCursor,
  };
}

import { type Kysely, sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import type { Database, Labels } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { endAlerts } from "../alert/end-alerts.ts";
import { recordAudit } from "../audit/record.ts";

/** What can be done to several servers at once. */
export type BulkAction =
  | { action: "pause" }
  | { action: "resume" }
  | { action: "delete" }
  | { action: "revoke" }
  | { action: "setInterval"; intervalSeconds: number }
  | { action: "setGroup"; group: string }
  | { action: "addLabels"; labels: Labels }
  | { action: "removeLabels"; names: string[] };

/** Ids that the action changed and those that are unknown or were like that already. */
export type BulkResult = { changed: string[]; unchanged: string[] };

/** Does one thing to all these servers in one transaction, with an audit row each. */
export async function changeServers(
  context: Context,
  actor: Actor,
  ids: readonly string[],
  change: BulkAction,
): Promise<BulkResult> {
  const wanted = [...new Set(ids)];
  const changed = await context.db.transaction().execute(async (trx) => {
    const done = await apply(trx, context.now(), wanted, change);
    const { action, ...detail } = change;
    for (const id of done)
      await recordAudit(trx, actor, { action: `server.${action}`, targetKind: "server", targetId: id, detail });
    return done;
  });
  for (const serverId of changed) announce(context, serverId, change.action);
  return { changed, unchanged: wanted.filter((id) => !changed.includes(id)) };
}

/** The same for one server. Throws not_found where there is none; one that is like that already is fine. */
export async function changeServer(context: Context, actor: Actor, id: string, change: BulkAction): Promise<void> {
  const { changed } = await changeServers(context, actor, [id], change);
  if (changed.length > 0) return;
  const known = await context.db.selectFrom("server").select("id").where("id", "=", id).executeTakeFirst();
  if (known === undefined) throw new Failure("not_found", "There is no such server");
}

function announce(context: Context, serverId: string, action: BulkAction["action"]): void {
  const deleted = action === "delete";
  if (deleted || action === "revoke") {
    context.bus.emit("revoked", { serverId });
    context.sessions.disconnect(serverId, deleted ? "the server was deleted" : "its certificate was revoked");
  }
  if (action !== "revoke") context.bus.emit("configured", { serverId, deleted });
}

async function apply(trx: Kysely<Database>, now: Date, ids: string[], change: BulkAction): Promise<string[]> {
  const update = trx.updateTable("server").where("id", "=", sql<string>`any(${ids}::uuid[])`).returning("id");
  switch (change.action) {
    case "pause":
      return idsOf(await update.set({ paused_at: now }).where("paused_at", "is", null).execute());
    case "resume":
      return idsOf(await update.set({ paused_at: null }).where("paused_at", "is not", null).execute());
    case "setInterval":
      return idsOf(await update.set({ interval_seconds: change.intervalSeconds }).execute());
    case "setGroup":
      return idsOf(await update.set({ group_name: change.group }).execute());
    case "addLabels":
      return idsOf(await update.set({ labels: sql`labels || ${JSON.stringify(change.labels)}::jsonb` }).execute());
    case "removeLabels":
      return idsOf(await update.set({ labels: sql`labels - ${change.names}::text[]` }).execute());
    case "delete":
      await endAlerts(trx, { serverIds: ids }, "server deleted", now);
      return idsOf(
        await trx.deleteFrom("server").where("id", "=", sql<string>`any(${ids}::uuid[])`).returning("id").execute(),
      );
    case "revoke": {
      const rows = await trx
        .updateTable("agent_certificate")
        .set({ revoked_at: now, revoked_reason: "revoked by an administrator" })
        .where("server_id", "=", sql<string>`any(${ids}::uuid[])`)
        .where("revoked_at", "is", null)
        .returning("server_id as id")
        .execute();
      return [...new Set(idsOf(rows))];
    }
    default:
      return change satisfies never;
  }
}

function idsOf(rows: { id: string }[]): string[] {
  return rows.map((row) => row.id);
}

import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { type Caller, isAtLeast } from "./caller.ts";

const roles = ["viewer", "operator", "admin"] as const;

/** Revokes an API token: one's own of no higher role, or as admin anybody's. It stops working with the next request. */
export async function revokeToken(context: Context, actor: Actor, caller: Caller, id: string): Promise<void> {
  await context.db.transaction().execute(async (trx) => {
    let query = trx
      .updateTable("api_token")
      .set({ revoked_at: context.now() })
      .where("id", "=", id)
      .where("revoked_at", "is", null);
    if (caller.role !== "admin") query = query.where("user_id", "=", caller.userId);
    if (caller.via === "token")
      query = query.where(
        "role",
        "in",
        roles.filter((role) => isAtLeast(caller.role, role)),
      );
    const row = await query.returning("name").executeTakeFirst();
    if (row === undefined) throw new Failure("not_found", "There is no such API token");
    const detail = { name: row.name };
    await recordAudit(trx, actor, { action: "token.revoke", targetKind: "api_token", targetId: id, detail });
  });
}

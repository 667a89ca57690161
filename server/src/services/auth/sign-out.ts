import type { Actor, Context } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";

/** Ends one session. */
export async function signOut(context: Context, actor: Actor, sessionId: string): Promise<void> {
  await context.db.transaction().execute(async (trx) => {
    await trx.deleteFrom("user_session").where("id", "=", sessionId).execute();
    await recordAudit(trx, actor, { action: "auth.logout" });
  });
}

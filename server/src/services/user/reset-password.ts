import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { endSessions } from "../auth/caller.ts";
import { hashPassword } from "../auth/password.ts";
import { oneTimePassword } from "./first-admin.ts";

/** Gives a user a new one-time password, enables the account and ends its sessions: the way back in. */
export async function resetPassword(context: Pick<Context, "db">, actor: Actor, email: string): Promise<string> {
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  await context.db.transaction().execute(async (trx) => {
    const user = await trx
      .updateTable("user_account")
      .set({ password_hash: hash, must_change_password: true, disabled_at: null })
      .where((where) => where(where.fn<string>("lower", ["email"]), "=", email.toLowerCase()))
      .returning("id")
      .executeTakeFirst();
    if (user === undefined) throw new Failure("not_found", `There is no user ${email}`);
    await endSessions(trx, user.id, null);
    await recordAudit(trx, actor, { action: "user.reset_password", targetKind: "user", targetId: user.id });
  });
  return password;
}

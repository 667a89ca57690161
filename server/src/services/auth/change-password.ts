import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { type Caller, endSessions } from "./caller.ts";
import type { LoginLimit } from "./login-limit.ts";
import { hashPassword, verifyPassword } from "./password.ts";

/** Sets a new password after checking the present one; other sessions of the user end. */
export async function changePassword(
  context: Context,
  limit: LoginLimit,
  actor: Actor,
  caller: Caller,
  input: { currentPassword: string; newPassword: string },
): Promise<void> {
  // Of its own: with a token one could otherwise keep the account from signing in.
  const key = `pair:password of ${caller.userId}`;
  const at = context.now().getTime();
  limit.check([key], at);
  limit.fail([key], at);
  const user = await context.db
    .selectFrom("user_account")
    .select("password_hash")
    .where("id", "=", caller.userId)
    .executeTakeFirst();
  if (!(await verifyPassword(input.currentPassword, user?.password_hash)))
    throw wrong("currentPassword", "is wrong: type the password you signed in with");
  limit.succeed([key]);
  if (input.newPassword === input.currentPassword) throw wrong("newPassword", "must differ from the current one");
  const hash = await hashPassword(input.newPassword);
  await context.db.transaction().execute(async (trx) => {
    await trx
      .updateTable("user_account")
      .set({ password_hash: hash, must_change_password: false })
      .where("id", "=", caller.userId)
      .execute();
    await endSessions(trx, caller.userId, caller.via === "session" ? caller.credentialId : null);
    await recordAudit(trx, actor, { action: "auth.password", targetKind: "user", targetId: caller.userId });
  });
}

function wrong(field: string, message: string): Failure {
  return new Failure("invalid", `${field} ${message}`, { fields: [{ field, message }] });
}

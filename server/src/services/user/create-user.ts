import type { Actor, Context } from "../../context.ts";
import type { Role } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { hashPassword } from "../auth/password.ts";
import { oneTimePassword } from "./first-admin.ts";
import { findUser, type User } from "./list-users.ts";

/** Makes a user with a one-time password, returned this once, that must be changed at the first sign-in. */
export async function createUser(
  context: Context,
  actor: Actor,
  input: { email: string; name: string; role: Role },
): Promise<User & { oneTimePassword: string }> {
  const password = oneTimePassword();
  const hash = await hashPassword(password);
  return await context.db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto("user_account")
      .values({ ...input, password_hash: hash, must_change_password: true, created_at: context.now() })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (row === undefined) {
      const message = "is taken: one account an address";
      throw new Failure("conflict", `email ${message}`, { fields: [{ field: "email", value: input.email, message }] });
    }
    await recordAudit(trx, actor, { action: "user.create", targetKind: "user", targetId: row.id, detail: input });
    const user = await findUser(trx, row.id);
    if (user === undefined) throw new Failure("internal", "user vanished");
    return { ...user, oneTimePassword: password };
  });
}

import type { Actor, Context } from "../../context.ts";
import type { Role } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { endSessions } from "../auth/caller.ts";
import { findUser, type User } from "./list-users.ts";

/** Changes name, role or whether the account is disabled; the last admin who can sign in stays one. */
export async function updateUser(
  context: Context,
  actor: Actor,
  id: string,
  input: { name?: string | undefined; role?: Role | undefined; disabled?: boolean | undefined },
): Promise<User> {
  return await context.db.transaction().execute(async (trx) => {
    const admins = await trx
      .selectFrom("user_account")
      .select("id")
      .where("role", "=", "admin")
      .where("disabled_at", "is", null)
      .forUpdate()
      .execute();
    const losesAdmin = input.disabled === true || (input.role !== undefined && input.role !== "admin");
    if (losesAdmin && admins.length === 1 && admins[0]?.id === id)
      throw new Failure("conflict", "This is the last admin: make another one first");
    const changed = await trx
      .updateTable("user_account")
      .set({
        id,
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.role === undefined ? {} : { role: input.role }),
        ...(input.disabled === undefined ? {} : { disabled_at: input.disabled ? context.now() : null }),
      })
      .where("id", "=", id)
      .returning("id")
      .executeTakeFirst();
    if (changed === undefined) throw new Failure("not_found", "There is no such user");
    if (input.disabled === true) await endSessions(trx, id, null);
    await recordAudit(trx, actor, { action: "user.update", targetKind: "user", targetId: id, detail: { ...input } });
    const user = await findUser(trx, id);
    if (user === undefined) throw new Failure("internal", "user vanished");
    return user;
  });
}

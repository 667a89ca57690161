import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { type Context, systemActor } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";
import { hashPassword } from "../auth/password.ts";

/**
 * Makes the first admin where there is no user yet: from the configuration, or with a one-time password that must be
 * changed at the first sign-in and is returned this once, to be printed. Several servers may call it at once.
 */
export async function ensureFirstAdmin(context: Context): Promise<{ email: string; oneTimePassword?: string }> {
  return await context.db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('fairlead.first_admin'))`.execute(trx);
    const known = await trx
      .selectFrom("user_account")
      .select("email")
      .where("role", "=", "admin")
      .orderBy("created_at")
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) return { email: known.email };
    const email = context.config.adminEmail ?? "admin@fairlead.local";
    const preset = context.config.adminPassword;
    const password = preset ?? oneTimePassword();
    const { id } = await trx
      .insertInto("user_account")
      .values({
        email,
        name: "Administrator",
        role: "admin",
        password_hash: await hashPassword(password),
        must_change_password: preset === undefined,
        created_at: context.now(),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await recordAudit(trx, systemActor, { action: "user.create", targetKind: "user", targetId: id, detail: { email } });
    return preset === undefined ? { email, oneTimePassword: password } : { email };
  });
}

/** 20 characters without look-alikes, about 98 bits. */
export function oneTimePassword(): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return [...randomBytes(20)]
    .map((byte) => letters[byte & 31])
    .join("")
    .replace(/(.{5})(?=.)/g, "$1-");
}

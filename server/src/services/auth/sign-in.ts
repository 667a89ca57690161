import type { Actor, Context } from "../../context.ts";
import type { Role } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { absoluteDays } from "./caller.ts";
import type { LoginLimit } from "./login-limit.ts";
import { networkOf } from "./network.ts";
import { verifyPassword } from "./password.ts";
import { hashToken, newToken } from "./token.ts";

export type SignedIn = {
  token: string;
  expiresAt: Date;
  user: { id: string; email: string; name: string; role: Role };
  mustChangePassword: boolean;
};

/**
 * Checks the password and opens a session. An unknown account, a disabled one and a wrong password look the same and
 * take the same time. Throws unauthenticated or too_many_requests.
 */
export async function signIn(
  context: Context,
  limit: LoginLimit,
  actor: Actor,
  input: { email: string; password: string; userAgent: string | null },
): Promise<SignedIn> {
  const email = input.email.trim().toLowerCase();
  const at = context.now().getTime();
  const network = actor.ip === null ? "" : networkOf(actor.ip);
  const keys = [`pair:${email} ${network}`, ...(network === "" ? [] : [`network:${network}`])];
  // Who is signed in from there already cannot be kept out by the tries of others.
  if (network === "" || !(await isHome(context, email, network))) keys.push(`account:${email}`);
  limit.check(keys, at);
  limit.fail(keys, at);
  const user = await context.db
    .selectFrom("user_account")
    .selectAll()
    .where((where) => where(where.fn<string>("lower", ["email"]), "=", email))
    .executeTakeFirst();
  const right = await verifyPassword(input.password, user?.password_hash);
  if (!right || user === undefined || user.disabled_at !== null) {
    await recordAudit(context.db, { ...actor, name: email }, { action: "auth.login_failed" });
    throw new Failure("unauthenticated", "E-mail or password is wrong");
  }
  limit.succeed(keys);
  const token = newToken();
  const now = context.now();
  const expiresAt = new Date(now.getTime() + absoluteDays * 86_400_000);
  await context.db.transaction().execute(async (trx) => {
    await trx
      .insertInto("user_session")
      .values({
        token_hash: hashToken(token),
        user_id: user.id,
        ip: actor.ip,
        user_agent: input.userAgent?.slice(0, 300) ?? null,
        created_at: now,
        last_seen_at: now,
        expires_at: expiresAt,
      })
      .execute();
    await recordAudit(trx, { ...actor, id: user.id, name: user.email, role: user.role }, { action: "auth.login" });
  });
  return {
    token,
    expiresAt,
    user: { id: user.id, email: user.email, name: user.name, role: user.role },
    mustChangePassword: user.must_change_password,
  };
}

/** True where the account has a session from that network. */
async function isHome(context: Context, email: string, network: string): Promise<boolean> {
  const rows = await context.db
    .selectFrom("user_session as s")
    .innerJoin("user_account as u", "u.id", "s.user_id")
    .select("s.ip")
    .distinct()
    .where((where) => where(where.fn<string>("lower", ["u.email"]), "=", email))
    .where("s.expires_at", ">", context.now())
    .limit(1000)
    .execute();
  return rows.some((row) => row.ip !== null && networkOf(row.ip) === network);
}

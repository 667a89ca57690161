import { type Kysely, sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import type { Database, Role } from "../../db/schema.ts";
import { hashToken } from "./token.ts";

/** Who a request comes from and how it signed in. */
export type Caller = {
  userId: string;
  email: string;
  name: string;
  role: Role;
  mustChangePassword: boolean;
  via: "session" | "token";
  /** Of the session or the token. */
  credentialId: string;
  /** Of the token; null: never, or a session. */
  expiresAt: Date | null;
};

/** Where a request comes from. */
export type Origin = { requestId: string; ip: string | null; userAgent: string | null };

export const idleDays = 7;
export const absoluteDays = 30;
const ranks: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** True when `role` may do what `least` may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return ranks[role] >= ranks[least];
}

/** The session of that cookie while it lives: 7 days idle, 30 days at most. */
export async function callerOfSession(context: Context, token: string): Promise<Caller | undefined> {
  const now = context.now();
  const row = await context.db
    .selectFrom("user_session as s")
    .innerJoin("user_account as u", "u.id", "s.user_id")
    .select(["s.id", "s.last_seen_at", "u.id as userId", "u.email", "u.name", "u.role", "u.must_change_password"])
    .where("s.token_hash", "=", hashToken(token))
    .where("s.expires_at", ">", now)
    .where("s.last_seen_at", ">", new Date(now.getTime() - idleDays * 86_400_000))
    .where("u.disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (isStale(row.last_seen_at, now))
    await context.db.updateTable("user_session").set({ last_seen_at: now }).where("id", "=", row.id).execute();
  return {
    userId: row.userId,
    email: row.email,
    name: row.name,
    role: row.role,
    mustChangePassword: row.must_change_password,
    via: "session",
    credentialId: row.id,
    expiresAt: null,
  };
}

/** The API token's owner, with the lesser of both roles. */
export async function callerOfToken(context: Context, token: string): Promise<Caller | undefined> {
  const now = context.now();
  const row = await context.db
    .selectFrom("api_token as t")
    .innerJoin("user_account as u", "u.id", "t.user_id")
    .select([
      "t.id",
      "t.role as tokenRole",
      "t.last_used_at",
      "t.expires_at",
      "u.id as userId",
      "u.email",
      "u.name",
      "u.role",
      "u.must_change_password",
    ])
    .where("t.token_hash", "=", hashToken(token))
    .where("t.revoked_at", "is", null)
    .where((where) => where.or([where("t.expires_at", "is", null), where("t.expires_at", ">", now)]))
    .where("u.disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (isStale(row.last_used_at, now))
    await context.db.updateTable("api_token").set({ last_used_at: now }).where("id", "=", row.id).execute();
  return {
    userId: row.userId,
    email: row.email,
    name: row.name,
    role: isAtLeast(row.role, row.tokenRole) ? row.tokenRole : row.role,
    mustChangePassword: row.must_change_password,
    via: "token",
    credentialId: row.id,
    expiresAt: row.expires_at,
  };
}

/** The actor that services and the audit log see. */
export function actorOf(caller: Caller, origin: Origin): Actor {
  return {
    kind: caller.via === "token" ? "token" : "user",
    id: caller.userId,
    name: caller.email,
    role: caller.role,
    requestId: origin.requestId,
    ip: origin.ip,
  };
}

/** Ends every session of a user but one. */
export async function endSessions(trx: Kysely<Database>, userId: string, except: string | null): Promise<void> {
  await trx
    .deleteFrom("user_session")
    .where("user_id", "=", userId)
    .where("id", "is distinct from", sql<string>`${except}::uuid`)
    .execute();
}

/** Once a minute is enough for "last seen". */
function isStale(at: Date | null, now: Date): boolean {
  return at === null || now.getTime() - at.getTime() > 60_000;
}

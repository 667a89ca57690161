import type { Actor, Context } from "../../context.ts";
import type { Role } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { type Caller, isAtLeast } from "./caller.ts";
import { hashToken, newToken } from "./token.ts";

export type NewToken = { id: string; name: string; role: Role; token: string; createdAt: Date; expiresAt: Date | null };

/**
 * Makes an API token of the caller's; its role is the caller's or a lesser one. One made with a token ends when that one
 * does, or a stolen token could live on in others. The token is shown this once.
 */
export async function createToken(
  context: Context,
  actor: Actor,
  caller: Caller,
  input: { name: string; expiresInDays: number | null; role?: Role | undefined },
): Promise<NewToken> {
  const role = input.role ?? caller.role;
  if (!isAtLeast(caller.role, role)) {
    const message = `may not be above your own, ${caller.role}`;
    throw new Failure("forbidden", `role ${message}`, { fields: [{ field: "role", value: role, message }] });
  }
  const token = newToken("flt_");
  const createdAt = context.now();
  const wanted = input.expiresInDays === null ? null : new Date(createdAt.getTime() + input.expiresInDays * 86_400_000);
  const expiresAt = earlier(wanted, caller.expiresAt);
  return await context.db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto("api_token")
      .values({
        name: input.name,
        token_hash: hashToken(token),
        user_id: caller.userId,
        role,
        created_at: createdAt,
        expires_at: expiresAt,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const detail = { name: input.name, role, expiresAt };
    await recordAudit(trx, actor, { action: "token.create", targetKind: "api_token", targetId: id, detail });
    return { id, name: input.name, role, token, createdAt, expiresAt };
  });
}

/** Null is never. */
function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { Role } from "../../db/schema.ts";

export const tokenSorts = ["name", "createdAt"] as const;

export type ApiToken = {
  id: string;
  name: string;
  role: Role;
  userEmail: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** API tokens, revoked ones too; `userId` null: everybody's. */
export async function listTokens(
  context: Context,
  page: PageRequest & { userId: string | null },
): Promise<Page<ApiToken>> {
  let query = context.db
    .selectFrom("api_token as t")
    .innerJoin("user_account as u", "u.id", "t.user_id")
    .select(["t.id", "t.name", "t.role", "u.email", "t.created_at", "t.expires_at", "t.last_used_at", "t.revoked_at"]);
  if (page.userId !== null) query = query.where("t.user_id", "=", page.userId);
  const sorts = {
    name: { by: sql`lower(t.name)`, type: "text" },
    createdAt: { by: sql`t.created_at`, type: "timestamptz" },
  } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`t.id`, type: "uuid" }, page);
  return {
    items: items.map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role,
      userEmail: row.email,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      revokedAt: row.revoked_at,
    })),
    nextCursor,
  };
}

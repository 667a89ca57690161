import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { Labels } from "../../db/schema.ts";

export const enrolmentTokenSorts = ["name", "createdAt"] as const;

export type EnrolmentToken = {
  id: string;
  name: string;
  /** Whether it still enrols: "used_up", "expired" and "revoked" do not. */
  state: "usable" | "used_up" | "expired" | "revoked";
  maxUses: number | null;
  uses: number;
  labels: Labels;
  group: string;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

/** Enrolment tokens without their secrets. */
export async function listTokens(
  context: Pick<Context, "db" | "now">,
  page: PageRequest,
): Promise<Page<EnrolmentToken>> {
  const sorts = {
    name: { by: sql`lower(t.name)`, type: "text" },
    createdAt: { by: sql`t.created_at`, type: "timestamptz" },
  } as const;
  const query = context.db.selectFrom("enrolment_token as t").selectAll("t");
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`t.id`, type: "uuid" }, page);
  const now = context.now();
  return {
    items: items.map((row) => ({
      id: row.id,
      name: row.name,
      state: tokenState(row, now),
      maxUses: row.max_uses,
      uses: row.uses,
      labels: row.labels,
      group: row.group_name,
      createdBy: row.created_by,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at,
      lastUsedAt: row.last_used_at,
    })),
    nextCursor,
  };
}

/** Whether a token may enrol one more host at `now`. */
export function tokenState(
  row: { revoked_at: Date | null; expires_at: Date | null; max_uses: number | null; uses: number },
  now: Date,
): EnrolmentToken["state"] {
  if (row.revoked_at !== null) return "revoked";
  if (row.expires_at !== null && row.expires_at <= now) return "expired";
  return row.max_uses !== null && row.uses >= row.max_uses ? "used_up" : "usable";
}

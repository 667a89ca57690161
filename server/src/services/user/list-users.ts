import { type Kysely, sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { Database, Role } from "../../db/schema.ts";

export const userSorts = ["email", "name", "createdAt"] as const;

export type User = {
  id: string;
  email: string;
  name: string;
  role: Role;
  mustChangePassword: boolean;
  disabledAt: Date | null;
  lastSeenAt: Date | null;
  createdAt: Date;
};

/** People who may sign in. */
export async function listUsers(
  context: Context,
  page: PageRequest & { role?: Role | undefined },
): Promise<Page<User>> {
  let query = selectUsers(context.db);
  if (page.role !== undefined) query = query.where("u.role", "=", page.role);
  const sorts = {
    email: { by: sql`lower(u.email)`, type: "text" },
    name: { by: sql`lower(u.name)`, type: "text" },
    createdAt: { by: sql`u.created_at`, type: "timestamptz" },
  } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`u.id`, type: "uuid" }, page);
  return { items: items.map(toUser), nextCursor };
}

/** One user, or undefined. */
export async function findUser(db: Kysely<Database>, id: string): Promise<User | undefined> {
  const row = await selectUsers(db).where("u.id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : toUser(row);
}

function selectUsers(db: Kysely<Database>) {
  return db
    .selectFrom("user_account as u")
    .select(["u.id", "u.email", "u.name", "u.role", "u.must_change_password", "u.disabled_at", "u.created_at"])
    .select((select) =>
      select
        .selectFrom("user_session as s")
        .whereRef("s.user_id", "=", "u.id")
        .select((inner) => inner.fn.max("s.last_seen_at").as("at"))
        .as("last_seen_at"),
    );
}

type Row = Awaited<ReturnType<ReturnType<typeof selectUsers>["executeTakeFirstOrThrow"]>>;

function toUser(row: Row): User {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    mustChangePassword: row.must_change_password,
    disabledAt: row.disabled_at,
    lastSeenAt: row.last_seen_at,
    createdAt: row.created_at,
  };
}

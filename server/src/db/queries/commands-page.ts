import { type Kysely, sql } from "kysely";
import type { CommandStatusName, Database } from "../schema.ts";
import { type CommandView, readCommands } from "./commands.ts";
import { fetchPage, type Page, type PageRequest } from "./keyset.ts";

export const commandSorts = ["createdAt", "deadline"] as const;

export type CommandFilter = {
  server?: string | undefined;
  status?: readonly CommandStatusName[] | undefined;
  type?: string | undefined;
};

/** One page of commands with their events. */
export async function pageOfCommands(
  db: Kysely<Database>,
  filter: CommandFilter,
  page: PageRequest,
): Promise<Page<CommandView>> {
  let query = db.selectFrom("command as c").select("c.id");
  if (filter.server !== undefined) query = query.where("c.server_id", "=", filter.server);
  if (filter.status !== undefined && filter.status.length > 0)
    query = query.where("c.status", "in", [...filter.status]);
  if (filter.type !== undefined) query = query.where("c.type", "=", filter.type);
  const sorts = {
    createdAt: { by: sql`c.created_at`, type: "timestamptz" },
    deadline: { by: sql`c.deadline`, type: "timestamptz" },
  } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`c.id`, type: "uuid" }, page);
  const ids = items.map((row) => row.id);
  return { items: await readCommands(db, ids), nextCursor };
}

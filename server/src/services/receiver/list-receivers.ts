import { type Kysely, sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { Database } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { findNotifier } from "../../notifiers/index.ts";

export const receiverSorts = ["name", "createdAt"] as const;

export type ReceiverView = {
  id: string;
  name: string;
  kind: string;
  config: Record<string, unknown>;
  /** Which secrets are set; their values never leave the server. */
  secrets: Record<string, boolean>;
  enabled: boolean;
  sendResolved: boolean;
  createdAt: Date;
  updatedAt: Date;
};

/** Receivers. To viewers parts of the settings that may hold a token are not shown. */
export async function listReceivers(
  context: Pick<Context, "db">,
  actor: Actor,
  page: PageRequest,
): Promise<Page<ReceiverView>> {
  const sorts = {
    name: { by: sql`lower(r.name)`, type: "text" },
    createdAt: { by: sql`r.created_at`, type: "timestamptz" },
  } as const;
  const { items, nextCursor } = await fetchPage(select(context.db), sorts, { by: sql`r.id`, type: "uuid" }, page);
  return { items: items.map((row) => toReceiver(row, actor)), nextCursor };
}

/** One receiver. Throws not_found. */
export async function getReceiver(db: Kysely<Database>, actor: Actor, id: string): Promise<ReceiverView> {
  const row = await select(db).where("r.id", "=", id).executeTakeFirst();
  if (row === undefined) throw new Failure("not_found", "There is no such receiver");
  return toReceiver(row, actor);
}

function select(db: Kysely<Database>) {
  return db
    .selectFrom("receiver as r")
    .selectAll("r")
    .select(
      sql<string[]>`ARRAY(SELECT s.name FROM secret s WHERE s.owner_kind = 'receiver' AND s.owner_id = r.id::text)`.as(
        "secret_names",
      ),
    );
}

type Row = Awaited<ReturnType<ReturnType<typeof select>["executeTakeFirstOrThrow"]>>;

function toReceiver(row: Row, actor: Actor): ReceiverView {
  const notifier = findNotifier(row.kind);
  const known = Object.keys(notifier?.secrets ?? {});
  const parsed = notifier?.config.safeParse(row.config);
  const shown = actor.role === "viewer" ? (parsed?.success ? notifier?.forViewers(parsed.data) : {}) : row.config;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    config: shown as Record<string, unknown>,
    secrets: Object.fromEntries(known.map((name) => [name, row.secret_names.includes(name)])),
    enabled: row.enabled,
    sendResolved: row.send_resolved,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

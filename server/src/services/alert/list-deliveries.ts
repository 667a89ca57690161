import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";

export const deliverySorts = ["createdAt"] as const;

export type DeliveryView = {
  id: number;
  alertId: string | null;
  receiverId: string;
  receiverName: string;
  event: "firing" | "resolved" | "test";
  state: "waiting" | "delivered" | "failed";
  summary: string;
  attempts: number;
  nextAttemptAt: Date | null;
  lastError: string;
  createdAt: Date;
  deliveredAt: Date | null;
};

export type DeliveryFilter = {
  alert?: string | undefined;
  receiver?: string | undefined;
  state?: DeliveryView["state"] | undefined;
};

/** What was sent, waits or was given up, with the last error. */
export async function listDeliveries(
  context: Pick<Context, "db">,
  page: PageRequest & DeliveryFilter,
): Promise<Page<DeliveryView>> {
  let query = context.db
    .selectFrom("outbox as o")
    .innerJoin("receiver as r", "r.id", "o.receiver_id")
    .select([
      "o.id",
      "o.alert_id as alertId",
      "o.receiver_id as receiverId",
      "r.name as receiverName",
      "o.event",
      "o.state",
      "o.attempts",
      "o.last_error as lastError",
      "o.created_at as createdAt",
      "o.delivered_at as deliveredAt",
      "o.next_attempt_at",
      "o.payload",
    ]);
  if (page.alert !== undefined) query = query.where("o.alert_id", "=", page.alert);
  if (page.receiver !== undefined) query = query.where("o.receiver_id", "=", page.receiver);
  if (page.state !== undefined) query = query.where("o.state", "=", page.state);
  const sorts = { createdAt: { by: sql`o.created_at`, type: "timestamptz" } } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`o.id`, type: "bigint" }, page);
  return {
    items: items.map((row) => ({
      id: row.id,
      alertId: row.alertId,
      receiverId: row.receiverId,
      receiverName: row.receiverName,
      event: row.event,
      state: row.state,
      summary: typeof row.payload.summary === "string" ? row.payload.summary : "",
      attempts: row.attempts,
      nextAttemptAt: row.state === "waiting" ? row.next_attempt_at : null,
      lastError: row.lastError,
      createdAt: row.createdAt,
      deliveredAt: row.deliveredAt,
    })),
    nextCursor,
  };
}

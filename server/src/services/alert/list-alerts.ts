import { type Kysely, sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { Database, Severity } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { loadLinks } from "../storage/load-links.ts";
import { type StandsOnView, standsOnView } from "../storage/stands-on.ts";
import { type DeliveryView, listDeliveries } from "./list-deliveries.ts";

export const alertSorts = ["firedAt", "pendingAt", "severity"] as const;

export type AlertState = "pending" | "firing" | "resolved";

export type AlertView = {
  id: string;
  ruleId: string;
  ruleName: string;
  serverId: string;
  serverName: string;
  resourceId: number | null;
  resourceKind: string | null;
  resourceKey: string | null;
  state: AlertState;
  severity: Severity;
  generation: number;
  summary: string;
  /** What stands on the drive, pool or filesystem, one line; as it was when the alert fired. */
  affected: string;
  value: number | null;
  threshold: number | null;
  pendingAt: Date;
  firedAt: Date | null;
  resolvedAt: Date | null;
  resolveReason: string;
  ackedAt: Date | null;
  ackedBy: string | null;
  ackNote: string;
};

export type AlertFilter = {
  state?: readonly AlertState[];
  severity?: readonly Severity[];
  server?: string | undefined;
  rule?: string | undefined;
  acked?: boolean | undefined;
};

/** Alerts, those that fired last first unless sorted otherwise. */
export async function listAlerts(
  context: Pick<Context, "db">,
  page: PageRequest & AlertFilter,
): Promise<Page<AlertView>> {
  let query = select(context.db);
  const { state = [], severity = [] } = page;
  if (state.length > 0) query = query.where("a.state", "in", [...state]);
  if (severity.length > 0) query = query.where("a.severity", "in", [...severity]);
  if (page.server !== undefined) query = query.where("a.server_id", "=", page.server);
  if (page.rule !== undefined) query = query.where("a.rule_id", "=", page.rule);
  if (page.acked !== undefined) query = query.where("a.acked_at", page.acked ? "is not" : "is", null);
  const sorts = {
    firedAt: { by: sql`coalesce(a.fired_at, a.pending_at)`, type: "timestamptz" },
    pendingAt: { by: sql`a.pending_at`, type: "timestamptz" },
    severity: { by: sql`CASE a.severity WHEN 'critical' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END`, type: "integer" },
  } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`a.id`, type: "uuid" }, page);
  return {
    items: items.map(({ _sort, _id, ...view }: AlertView & { _sort?: string; _id?: string }) => view),
    nextCursor,
  };
}

/** One alert with what was sent of it, oldest first, and what stands on its resource now. Throws not_found. */
export async function getAlert(
  context: Pick<Context, "db" | "samples" | "pool">,
  id: string,
): Promise<AlertView & { deliveries: DeliveryView[]; standsOn: StandsOnView | null }> {
  const alert = await findAlert(context.db, id);
  if (alert === undefined) throw new Failure("not_found", "There is no such alert");
  const { items } = await listDeliveries(context, { alert: id, limit: 100, sort: "createdAt" });
  return { ...alert, deliveries: items, standsOn: await affectedBy(context, alert) };
}

const storageKinds = ["drive", "pool", "pool_member", "filesystem"];

/** Null for alerts that are not about storage. */
async function affectedBy(
  context: Pick<Context, "db" | "samples" | "pool">,
  alert: AlertView,
): Promise<StandsOnView | null> {
  const { resourceId, resourceKind, serverId } = alert;
  if (resourceId === null || resourceKind === null || !storageKinds.includes(resourceKind)) return null;
  const links = (await loadLinks(context, [serverId])).get(serverId);
  return await standsOnView(context, links?.standsOn(resourceId) ?? { pools: [], filesystems: [], containers: [] });
}

/** One alert, or undefined. */
export async function findAlert(db: Kysely<Database>, id: string): Promise<AlertView | undefined> {
  return select(db).where("a.id", "=", id).executeTakeFirst();
}

function select(db: Kysely<Database>) {
  return db
    .selectFrom("alert as a")
    .innerJoin("alert_rule as rule", "rule.id", "a.rule_id")
    .innerJoin("server as s", "s.id", "a.server_id")
    .leftJoin("resource as r", "r.id", "a.resource_id")
    .select([
      "a.id",
      "a.rule_id as ruleId",
      "rule.name as ruleName",
      "a.server_id as serverId",
      "s.name as serverName",
      "a.resource_id as resourceId",
      "r.kind as resourceKind",
      "r.key as resourceKey",
      "a.state",
      "a.severity",
      "a.generation",
      "a.summary",
      "a.affected",
      "a.value",
      "a.threshold",
      "a.pending_at as pendingAt",
      "a.fired_at as firedAt",
      "a.resolved_at as resolvedAt",
      "a.resolve_reason as resolveReason",
      "a.acked_at as ackedAt",
      "a.acked_by as ackedBy",
      "a.ack_note as ackNote",
    ]);
}

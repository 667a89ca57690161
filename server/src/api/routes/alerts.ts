import { z } from "@hono/zod-openapi";
import { ackAlert } from "../../services/alert/ack-alert.ts";
import { alertSorts, getAlert, listAlerts } from "../../services/alert/list-alerts.ts";
import { deliverySorts, listDeliveries } from "../../services/alert/list-deliveries.ts";
import { flag, instant, listOf, listQuery, type Route, repeatable, route, uuidParams } from "../route.ts";
import { standsOnSchema } from "../storage-schemas.ts";

export const severity = z.enum(["info", "warning", "critical"]);
const state = z.enum(["pending", "firing", "resolved"]);

export const alertSchema = z
  .strictObject({
    id: z.string(),
    ruleId: z.string(),
    ruleName: z.string(),
    serverId: z.string(),
    serverName: z.string(),
    resourceId: z.number().nullable().openapi({ description: "null where the alert is about the server itself" }),
    resourceKind: z.string().nullable(),
    resourceKey: z.string().nullable(),
    state,
    severity,
    generation: z.number().openapi({ description: "Counts how often this rule fired for this resource" }),
    summary: z.string(),
    affected: z.string().openapi({
      description: "What stood on the drive, pool or filesystem when it fired: one line, empty for other alerts",
    }),
    value: z.number().nullable(),
    threshold: z.number().nullable(),
    pendingAt: instant,
    firedAt: instant.nullable(),
    resolvedAt: instant.nullable(),
    resolveReason: z.string().openapi({ description: "Why it ended, where not because the condition cleared" }),
    ackedAt: instant.nullable(),
    ackedBy: z.string().nullable(),
    ackNote: z.string(),
  })
  .openapi("Alert");

export const deliverySchema = z
  .strictObject({
    id: z.number(),
    alertId: z.string().nullable(),
    receiverId: z.string(),
    receiverName: z.string(),
    event: z.enum(["firing", "resolved", "test"]),
    state: z.enum(["waiting", "delivered", "failed"]),
    summary: z.string(),
    attempts: z.number(),
    nextAttemptAt: instant.nullable(),
    lastError: z.string(),
    createdAt: instant,
    deliveredAt: instant.nullable(),
  })
  .openapi("Delivery");

const tag = "alerts";

export const alerts: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/infrastructure/alerts",
    permission: "viewer",
    tag,
    summary: "List alerts",
    description: "Present and past; several values of `state` and `severity` may be given.",
    query: listQuery(alertSorts, "-firedAt").extend({
      state: repeatable(state),
      severity: repeatable(severity),
      server: z.uuid().optional(),
      rule: z.uuid().optional(),
      acked: flag.optional(),
    }),
    answer: listOf(alertSchema),
    handle: ({ context, query }) => listAlerts(context, query),
  }),
  route({
    method: "get",
    path: "/api/v1/infrastructure/alerts/{id}",
    permission: "viewer",
    tag,
    summary: "One alert with its deliveries",
    params: uuidParams,
    answer: alertSchema.extend({
      deliveries: z.array(deliverySchema),
      standsOn: standsOnSchema.nullable().openapi({ description: "What stands on it now; null for other alerts" }),
    }),
    handle: ({ context, params }) => getAlert(context, params.id),
  }),
  route({
    method: "post",
    path: "/api/v1/infrastructure/alerts/{id}/ack",
    permission: "operator",
    tag,
    summary: "Acknowledge a firing alert",
    params: uuidParams,
    body: z.strictObject({ note: z.string().trim().max(2000).default("") }),
    answer: alertSchema,
    handle: ({ context, actor, params, body }) => ackAlert(context, actor, params.id, body.note),
  }),
  route({
    method: "get",
    path: "/api/v1/infrastructure/deliveries",
    permission: "viewer",
    tag,
    summary: "What was sent to receivers, waits, or was given up",
    query: listQuery(deliverySorts, "-createdAt").extend({
      alert: z.uuid().optional(),
      receiver: z.uuid().optional(),
      state: z.enum(["waiting", "delivered", "failed"]).optional(),
    }),
    answer: listOf(deliverySchema),
    handle: ({ context, query }) => listDeliveries(context, query),
  }),
];

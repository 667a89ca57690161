import { z } from "@hono/zod-openapi";
import { serverSorts } from "../../db/queries/servers.ts";
import { Failure } from "../../failure.ts";
import { isAtLeast } from "../../services/auth/caller.ts";
import { listStateChanges } from "../../services/resource/list-resources.ts";
import { changeServer, changeServers } from "../../services/server/bulk-change.ts";
import { listCollectors } from "../../services/server/list-collectors.ts";
import { findServer, listServers } from "../../services/server/list-servers.ts";
import { updateServer } from "../../services/server/update-server.ts";
import { labelFilter, labelName, labels } from "../labels.ts";
import { instant, listOf, listQuery, type Route, repeatable, route, uuidParams } from "../route.ts";
import { stateChangeSchema } from "./resources.ts";

const states = z.enum(["online", "degraded", "offline", "never_seen", "paused"]);
const ratio = z.number().nullable();

export const serverSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    hostname: z.string(),
    group: z.string(),
    labels: z.record(z.string(), z.string()),
    notes: z.string(),
    state: states,
    stateReason: z.string(),
    stateSince: instant,
    connected: z.boolean().openapi({ description: "A stream of its agent is open to this process" }),
    lastSeenAt: instant.nullable(),
    lastReportAt: instant.nullable(),
    clockSkewMs: z.number().nullable(),
    agentVersion: z.string().nullable(),
    intervalSeconds: z.number(),
    disabledCollectors: z.array(z.string()),
    paused: z.boolean(),
    bootedAt: instant.nullable(),
    rebootCount: z.number(),
    facts: z.record(z.string(), z.unknown()),
    capabilities: z.array(z.string()),
    spool: z.strictObject({ records: z.number(), bytes: z.number(), droppedRecords: z.number() }).nullable(),
    refused: z.record(z.string(), z.number()).openapi({ description: "Records that were refused, by reason" }),
    firingAlerts: z.number(),
    containers: z.strictObject({ total: z.number(), running: z.number(), unhealthy: z.number() }),
    latest: z
      .strictObject({
        at: instant,
        hostResourceId: z.number(),
        cpuUsageRatio: ratio,
        memoryUsedRatio: ratio,
        memoryTotalBytes: ratio,
        diskUsedRatio: ratio.openapi({ description: "Of the fullest writable filesystem" }),
        load5PerCore: ratio,
        uptimeSeconds: ratio,
        receiveBytesPerSecond: ratio,
        transmitBytesPerSecond: ratio,
      })
      .nullable(),
    createdAt: instant,
  })
  .openapi("Server");

const collectorSchema = z
  .strictObject({
    name: z.string(),
    state: z.string(),
    error: z.string(),
    errorCount: z.number(),
    durationSeconds: z.number().nullable(),
    lastSuccessAt: instant.nullable(),
    updatedAt: instant,
  })
  .openapi("Collector");

const tag = "servers";
const name = z.string().trim().min(1).max(200);
const group = z.string().trim().max(100);
const intervalSeconds = z.number().int().min(1).max(300);
const collectorName = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "must be a collector's name, like cpu or docker");

const ids = z.array(z.uuid()).min(1).max(1000);
const bulk = z.discriminatedUnion("action", [
  z.strictObject({ ids, action: z.literal("pause") }),
  z.strictObject({ ids, action: z.literal("resume") }),
  z.strictObject({ ids, action: z.literal("delete") }),
  z.strictObject({ ids, action: z.literal("revoke") }),
  z.strictObject({ ids, action: z.literal("setInterval"), intervalSeconds }),
  z.strictObject({ ids, action: z.literal("setGroup"), group }),
  z.strictObject({ ids, action: z.literal("addLabels"), labels }),
  z.strictObject({ ids, action: z.literal("removeLabels"), names: z.array(labelName).min(1).max(64) }),
]);

export const servers: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/infrastructure/servers",
    permission: "viewer",
    tag,
    summary: "List servers",
    description: "With their newest figures, numbers of containers and of firing alerts.",
    query: listQuery(serverSorts, "name").extend({
      state: repeatable(states),
      group: z.string().max(100).optional(),
      label: labelFilter,
      q: z.string().max(200).optional().openapi({ description: "Part of name, host name, group or labels" }),
    }),
    answer: listOf(serverSchema),
    handle: ({ context, query: { label, ...query } }) => listServers(context, { ...query, labels: label }, query),
  }),
  route({
    method: "get",
    path: "/api/v1/infrastructure/servers/{id}",
    permission: "viewer",
    tag,
    summary: "One server",
    params: uuidParams,
    answer: serverSchema,
    handle: ({ context, params }) => findServer(context, params.id),
  }),
  route({
    method: "patch",
    path: "/api/v1/infrastructure/servers/{id}",
    permission: "admin",
    tag,
    summary: "Change a server's settings",
    description: "A connected agent takes them over at once.",
    params: uuidParams,
    body: z.strictObject({
      name: name.optional(),
      group: group.optional(),
      labels: labels.optional(),
      notes: z.string().max(10_000).optional(),
      intervalSeconds: intervalSeconds.optional(),
      disabledCollectors: z.array(collectorName).max(100).optional(),
    }),
    answer: serverSchema,
    handle: ({ context, actor, params, body }) => updateServer(context, actor, params.id, body),
  }),
  route({
    method: "delete",
    path: "/api/v1/infrastructure/servers/{id}",
    permission: "admin",
    tag,
    summary: "Delete a server",
    description: "Its resources, alerts, commands and certificates go too; the agent's stream is cut.",
    params: uuidParams,
    async handle({ context, actor, params }) {
      await changeServer(context, actor, params.id, { action: "delete" });
      return undefined;
    },
  }),
  ...(["pause", "resume"] as const).map((action) =>
    route({
      method: "post",
      path: `/api/v1/infrastructure/servers/{id}/${action}`,
      permission: "operator",
      tag,
      summary: action === "pause" ? "Pause a server: no reports, no alerts" : "Resume a paused server",
      params: uuidParams,
      answer: serverSchema,
      async handle({ context, actor, params }) {
        await changeServer(context, actor, params.id, { action });
        return await findServer(context, params.id);
      },
    }),
  ),
  route({
    method: "post",
    path: "/api/v1/infrastructure/servers/{id}/revoke",
    permission: "admin",
    tag,
    summary: "Revoke a server's certificates",
    description: "Cuts its stream at once. The agent has to enrol again.",
    params: uuidParams,
    answer: serverSchema,
    async handle({ context, actor, params }) {
      await changeServer(context, actor, params.id, { action: "revoke" });
      return await findServer(context, params.id);
    },
  }),
  route({
    method: "get",
    path: "/api/v1/infrastructure/servers/{id}/collectors",
    permission: "viewer",
    tag,
    summary: "How a server's collectors fare",
    params: uuidParams,
    answer: z.strictObject({ items: z.array(collectorSchema), nextCursor: z.null() }),
    handle: async ({ context, params }) => ({ items: await listCollectors(context, params.id), nextCursor: null }),
  }),
  route({
    method: "get",
    path: "/api/v1/infrastructure/servers/{id}/state-changes",
    permission: "viewer",
    tag,
    summary: "When a server was online, degraded or offline",
    params: uuidParams,
    query: listQuery(["at"], "-at"),
    answer: listOf(stateChangeSchema),
    async handle({ context, params, query }) {
      await findServer(context, params.id);
      return await listStateChanges(context, { serverId: params.id }, query);
    },
  }),
  route({
    method: "post",
    path: "/api/v1/infrastructure/servers/bulk",
    permission: "operator",
    tag,
    summary: "Do one thing to several servers",
    description: "All or nothing, in one transaction. Anything but pause and resume needs the role admin.",
    body: bulk,
    answer: z.strictObject({ changed: z.array(z.string()), unchanged: z.array(z.string()) }),
    handle({ context, actor, body: { ids, ...change } }) {
      if (change.action !== "pause" && change.action !== "resume" && !isAtLeast(actor.role, "admin"))
        throw new Failure("forbidden", `${change.action} needs the role admin; yours is ${actor.role}`);
      return changeServers(context, actor, ids, change);
    },
  }),
];

import { z } from "@hono/zod-openapi";
import { listContainerUpdates, listServerUpdates, updateSorts } from "../../services/container/list-updates.ts";
import { instant, listOf, listQuery, numberParams, type Route, route, uuidParams } from "../route.ts";

const updateSchema = z
  .strictObject({
    id: z.string().openapi({ description: "Of the command" }),
    serverId: z.string(),
    serverName: z.string(),
    type: z.string(),
    target: z.string().openapi({ description: "Container or compose project as the command names it" }),
    status: z.string(),
    reason: z.string(),
    fromImage: z.string().nullable(),
    fromDigest: z.string().nullable(),
    toImage: z.string().nullable(),
    toDigest: z.string().nullable(),
    downtimeMs: z.number().nullable().openapi({ description: "Milliseconds without service" }),
    backups: z.record(z.string(), z.string()).openapi({ description: "Backup ids by container" }),
    forceReason: z.string().openapi({ description: "Why guards of the host were passed over" }),
    containers: z.array(z.strictObject({ name: z.string(), role: z.string() })),
    createdBy: z.string(),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .openapi("ContainerUpdate");

const shared = {
  permission: "viewer",
  tag: "containers",
  query: listQuery(updateSorts, "-createdAt"),
  answer: listOf(updateSchema),
} as const;

export const containerUpdates: readonly Route[] = [
  route({
    ...shared,
    method: "get",
    path: "/api/v1/containers/{id}/updates",
    summary: "Updates and roll-backs of a container",
    params: numberParams,
    handle: ({ context, params, query }) => listContainerUpdates(context, params.id, query),
  }),
  route({
    ...shared,
    method: "get",
    path: "/api/v1/infrastructure/servers/{id}/updates",
    summary: "Updates and roll-backs of a server's containers",
    params: uuidParams,
    handle: ({ context, params, query }) => listServerUpdates(context, params.id, query),
  }),
];

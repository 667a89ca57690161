import { type KindName, kindNames } from "@fairlead/shared/catalogue";
import { z } from "@hono/zod-openapi";
import { resourceSorts } from "../../db/queries/resources.ts";
import { changeSorts, findResource, listResources, listStateChanges } from "../../services/resource/list-resources.ts";
import { labelFilter } from "../labels.ts";
import { flag, instant, listOf, listQuery, numberParams, type Route, repeatable, route } from "../route.ts";

const kind = z.enum(kindNames as [KindName, ...KindName[]]);

export const latestSchema = z
  .strictObject({ at: instant, values: z.record(z.string(), z.number().nullable()) })
  .openapi("LatestValues");

const resourceSchema = z
  .strictObject({
    id: z.number(),
    serverId: z.string(),
    serverName: z.string(),
    kind: z.string(),
    key: z.string(),
    labels: z.record(z.string(), z.string()),
    attributes: z.record(z.string(), z.unknown()),
    state: z.string().nullable(),
    stateSince: instant.nullable(),
    firstSeenAt: instant,
    lastSeenAt: instant.openapi({ description: "Its newest sample; sorting goes by when the agent last declared it" }),
    goneAt: instant.nullable(),
    latest: latestSchema.nullable(),
  })
  .openapi("Resource");

export const stateChangeSchema = z
  .strictObject({
    id: z.number(),
    at: instant,
    from: z.string().nullable(),
    to: z.string(),
    reason: z.string(),
  })
  .openapi("StateChange");

const tag = "resources";

export const resources: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/resources",
    permission: "viewer",
    tag,
    summary: "List what is measured",
    description: "Hosts, filesystems, disks, interfaces, containers and more, with their newest values.",
    query: listQuery(resourceSorts, "id").extend({
      server: z.uuid().optional(),
      kind: repeatable(kind),
      state: z.string().max(100).optional(),
      label: labelFilter,
      gone: flag
        .optional()
        .openapi({ description: "true: only those that are gone; false: only those that are there" }),
      q: z.string().max(200).optional().openapi({ description: "Part of key or labels" }),
    }),
    answer: listOf(resourceSchema),
    handle: ({ context, query: { label, ...query } }) => listResources(context, { ...query, labels: label }, query),
  }),
  route({
    method: "get",
    path: "/api/v1/resources/{id}",
    permission: "viewer",
    tag,
    summary: "One resource",
    params: numberParams,
    answer: resourceSchema,
    handle: ({ context, params }) => findResource(context, params.id),
  }),
  route({
    method: "get",
    path: "/api/v1/resources/{id}/state-changes",
    permission: "viewer",
    tag,
    summary: "A resource's history of states",
    params: numberParams,
    query: listQuery(changeSorts, "-at"),
    answer: listOf(stateChangeSchema),
    handle: ({ context, params, query }) => listStateChanges(context, { resourceId: params.id }, query),
  }),
];

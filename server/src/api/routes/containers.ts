import { catalogue } from "@fairlead/shared/catalogue";
import { z } from "@hono/zod-openapi";
import { containerSorts } from "../../db/queries/containers.ts";
import { findContainer, listContainers } from "../../services/container/list-containers.ts";
import { flag, instant, listOf, listQuery, numberParams, type Route, repeatable, route } from "../route.ts";
import { latestSchema } from "./resources.ts";

const containerSchema = z
  .strictObject({
    id: z.number().openapi({ description: "Its resource id" }),
    serverId: z.string(),
    serverName: z.string(),
    name: z.string(),
    containerId: z.string().nullable(),
    image: z.string(),
    imageId: z.string().nullable(),
    digest: z.string().nullable(),
    tag: z.string().nullable(),
    state: z.string().nullable(),
    stateSince: instant.nullable(),
    status: z.string(),
    health: z.string().nullable(),
    restartCount: z.number(),
    exitCode: z.number().nullable(),
    ports: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    composeProject: z.string().nullable(),
    composeService: z.string().nullable(),
    createdAt: instant.nullable(),
    startedAt: instant.nullable(),
    latest: latestSchema.nullable(),
    goneAt: instant.nullable(),
  })
  .openapi("Container");

const tag = "containers";

export const containers: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/containers",
    permission: "viewer",
    tag,
    summary: "List containers of all servers",
    query: listQuery(containerSorts, "name").extend({
      server: z.uuid().optional(),
      state: repeatable(z.enum(catalogue.container.states)),
      health: z.enum(["starting", "healthy", "unhealthy"]).optional(),
      gone: flag.default(false).openapi({ description: "true: those that are gone" }),
      q: z.string().max(200).optional().openapi({ description: "Part of name, image or server name" }),
    }),
    answer: listOf(containerSchema),
    handle: ({ context, query }) => listContainers(context, query, query),
  }),
  route({
    method: "get",
    path: "/api/v1/containers/{id}",
    permission: "viewer",
    tag,
    summary: "One container",
    params: numberParams,
    answer: containerSchema,
    handle: ({ context, params }) => findContainer(context, params.id),
  }),
];

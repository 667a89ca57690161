import { catalogue } from "@fairlead/shared/catalogue";
import { z } from "@hono/zod-openapi";
import { forgetCredentials, setCredentials } from "../../services/database/configure.ts";
import { credentialsSchema } from "../../services/database/credentials.ts";
import { databaseSorts, detailParts, findDatabase, listDatabases } from "../../services/database/list-databases.ts";
import { partSchemas } from "../../services/database/parts.ts";
import { flag, instant, listOf, listQuery, numberParams, type Route, repeatable, route } from "../route.ts";
import { commandSchema } from "./commands.ts";
import { latestSchema } from "./resources.ts";

const summaryFields = {
  id: z.number().openapi({ description: "Its resource id" }),
  serverId: z.string(),
  serverName: z.string(),
  key: z.string(),
  engine: z.string(),
  version: z.string().nullable(),
  name: z.string().nullable().openapi({ description: "From the agent's configuration" }),
  address: z.string().nullable().openapi({ description: "host:port, or the path of its socket" }),
  container: z.string().nullable(),
  status: z
    .string()
    .nullable()
    .openapi({ description: catalogue.database.states.join(", ") }),
  statusReason: z.string().openapi({ description: "Why it is not up; of one that is up what is amiss" }),
  stateSince: instant.nullable(),
  role: z.string().nullable(),
  credentials: z.string().nullable().openapi({ description: "none_needed, configured, missing or refused" }),
  sizeBytes: z.number().nullable(),
  connections: z.number().nullable(),
  connectionsLimit: z.number().nullable(),
  connectionsUsedRatio: z.number().nullable(),
  active: z.number().nullable(),
  queriesPerSecond: z.number().nullable(),
  cacheHitRatio: z.number().nullable(),
  replicationLagSeconds: z.number().nullable(),
  replicas: z.number().nullable(),
  uptimeSeconds: z.number().nullable(),
  memoryUsedBytes: z.number().nullable(),
  diskUsedRatio: z.number().nullable().openapi({ description: "Of the filesystem of its data" }),
  probedAt: instant.nullable(),
  goneAt: instant.nullable(),
};

const detailFields = Object.fromEntries(detailParts.map((name) => [name, partSchemas[name]])) as {
  [K in (typeof detailParts)[number]]: (typeof partSchemas)[K];
};

const databaseSchema = z.strictObject(summaryFields).openapi("Database");

const detailSchema = z
  .strictObject({
    ...summaryFields,
    labels: z.record(z.string(), z.string()),
    configurable: z.boolean().nullable().openapi({ description: "Whether its agent takes credentials from here" }),
    latest: latestSchema.nullable(),
    ...detailFields,
  })
  .openapi("DatabaseDetail");

const tag = "databases";
const base = "/api/v1/infrastructure/databases";
const engines = ["postgresql", "mysql", "mariadb", "redis", "valkey", "mongodb", "minio"] as const;

export const databases: readonly Route[] = [
  route({
    method: "get",
    path: base,
    permission: "viewer",
    tag,
    summary: "List the databases of all servers",
    description:
      "Found by listening sockets, containers and the agent's configuration; one without credentials is listed too. " +
      "Sorting by state puts the worst first; databases without the value sorted by come last. " +
      "History: GET /api/v1/metrics?series=ID:METRIC.",
    query: listQuery(databaseSorts, "state").extend({
      server: z.uuid().optional(),
      engine: repeatable(z.enum(engines)),
      state: repeatable(z.enum(catalogue.database.states)),
      role: repeatable(z.string().min(1).max(64)).openapi({ description: "primary, replica, standalone and so on" }),
      credentials: repeatable(z.enum(["none_needed", "configured", "missing", "refused"])),
      gone: flag.default(false).openapi({ description: "true: those that are gone" }),
      q: z.string().max(200).optional().openapi({ description: "Part of key, name, container or server name" }),
    }),
    answer: listOf(databaseSchema),
    handle: ({ context, query }) => listDatabases(context, query, query),
  }),
  route({
    method: "get",
    path: `${base}/{id}`,
    permission: "viewer",
    tag,
    summary: "One database with all that is known of it",
    params: numberParams,
    answer: detailSchema,
    handle: ({ context, params }) => findDatabase(context, params.id),
  }),
  route({
    method: "put",
    path: `${base}/{id}/credentials`,
    permission: "operator",
    tag,
    summary: "Give the agent credentials of a database",
    description:
      "Sealed for the agent's key at once and sent as the command database.configure, which is the answer; only that agent " +
      "can open them, and no call returns them. What was given before is replaced as a whole.",
    params: numberParams,
    body: credentialsSchema,
    answer: commandSchema,
    status: 201,
    handle: ({ context, actor, params, body }) => setCredentials(context, actor, params.id, body),
  }),
  route({
    method: "delete",
    path: `${base}/{id}/credentials`,
    permission: "operator",
    tag,
    summary: "Make the agent forget a database's credentials",
    description: "Those that were given here; what stands in the agent's own configuration stays.",
    params: numberParams,
    answer: commandSchema,
    status: 201,
    handle: ({ context, actor, params }) => forgetCredentials(context, actor, params.id),
  }),
];

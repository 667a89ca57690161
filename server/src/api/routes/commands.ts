import { z } from "@hono/zod-openapi";
import { readCommand } from "../../db/queries/commands.ts";
import { commandSorts, pageOfCommands } from "../../db/queries/commands-page.ts";
import { commandTypes } from "../../domain/commands/command-types.ts";
import { Failure } from "../../failure.ts";
import { cancelCommand } from "../../services/command/cancel.ts";
import { createCommand } from "../../services/command/create.ts";
import { shownTo } from "../../services/command/shown-to.ts";
import { instant, listOf, listQuery, type Route, repeatable, route, uuidParams } from "../route.ts";

const status = z.enum([
  "queued",
  "sent",
  "accepted",
  "running",
  "succeeded",
  "failed",
  "rolled_back",
  "expired",
  "cancelled",
]);

export const commandSchema = z
  .strictObject({
    id: z.string(),
    serverId: z.string(),
    serverName: z.string(),
    type: z.string(),
    args: z.record(z.string(), z.unknown()),
    status,
    reason: z.string(),
    output: z.record(z.string(), z.unknown()).nullable(),
    createdBy: z.string(),
    deadline: instant,
    createdAt: instant,
    sentAt: instant.nullable(),
    acceptedAt: instant.nullable(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    events: z.array(
      z.strictObject({
        at: instant,
        status: z.string(),
        phase: z.string(),
        message: z.string(),
        percent: z.number().nullable(),
      }),
    ),
  })
  .openapi("Command");

const tag = "commands";
const type = z.enum(commandTypes as [string, ...string[]]);

export const commands: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/commands",
    permission: "viewer",
    tag,
    summary: "List commands",
    query: listQuery(commandSorts, "-createdAt").extend({
      server: z.uuid().optional(),
      status: repeatable(status),
      type: type.optional(),
    }),
    answer: listOf(commandSchema),
    async handle({ context, actor, query }) {
      const page = await pageOfCommands(context.db, query, query);
      return { ...page, items: page.items.map((command) => shownTo(actor.role, command)) };
    },
  }),
  route({
    method: "post",
    path: "/api/v1/commands",
    permission: "operator",
    tag,
    summary: "Send a command to a server",
    description:
      "agent.ping {}, host.refresh {}, container.start {container}, container.stop and container.restart {container, " +
      "timeoutSeconds?}, container.pause, container.unpause {container}, container.kill {container, signal?}, " +
      "container.remove {container, force?, volumes?}, container.update {container, image, stableSeconds?, " +
      "healthTimeoutSeconds?, gates?, backup?, dryRun?, forceReason?, keepImageSeconds?}, container.rollback {container, " +
      "update?, stableSeconds?, healthTimeoutSeconds?, forceReason?}, project.update {project, images, ...}, " +
      "container.backup {container, options?}, container.restore {backup, name?, overwriteVolumes?, start?}, backup.verify " +
      "and backup.delete {backup}, image.pull {runtime?, image}, image.remove {runtime?, image, force?}, runtime.prune " +
      "{runtime?, scope}, drive.selftest {drive, type}, drive.acknowledge {drive, counters?, reset?}, pool.scrub {pool, " +
      "action}. It waits for the agent until its deadline.",
    headers: { "Idempotency-Key": "A repeated key answers the command that it made first" },
    body: z.strictObject({
      serverId: z.uuid(),
      type,
      args: z.record(z.string(), z.unknown()).default({}),
      deadlineSeconds: z.number().int().min(1).max(604_800).optional(),
    }),
    answer: commandSchema,
    status: 201,
    async handle({ context, actor, body, request }) {
      const idempotencyKey = request.headers.get("idempotency-key") ?? undefined;
      return (await createCommand(context, actor, { ...body, idempotencyKey })).command;
    },
  }),
  route({
    method: "get",
    path: "/api/v1/commands/{id}",
    permission: "viewer",
    tag,
    summary: "One command with its events",
    params: uuidParams,
    answer: commandSchema,
    async handle({ context, actor, params }) {
      const command = await readCommand(context.db, params.id);
      if (command === undefined) throw new Failure("not_found", "There is no such command");
      return shownTo(actor.role, command);
    },
  }),
  route({
    method: "post",
    path: "/api/v1/commands/{id}/cancel",
    permission: "operator",
    tag,
    summary: "Cancel a command",
    description: "At once while it is queued; later the agent stops it where it safely can, and its result says so.",
    params: uuidParams,
    answer: commandSchema,
    handle: ({ context, actor, params }) => cancelCommand(context, actor, params),
  }),
  route({
    method: "post",
    path: "/api/v1/infrastructure/servers/{id}/collect",
    permission: "operator",
    tag,
    summary: "Collect and report everything now",
    description: "The command host.refresh.",
    params: uuidParams,
    answer: commandSchema,
    status: 201,
    handle: async ({ context, actor, params }) =>
      (
        await createCommand(context, actor, {
          serverId: params.id,
          type: "host.refresh",
          args: {},
          deadlineSeconds: 60,
        })
      ).command,
  }),
];

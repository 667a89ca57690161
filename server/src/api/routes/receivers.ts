import { z } from "@hono/zod-openapi";
import { notifiers } from "../../notifiers/index.ts";
import { createReceiver } from "../../services/receiver/create-receiver.ts";
import { deleteReceiver } from "../../services/receiver/delete-receiver.ts";
import { getReceiver, listReceivers, receiverSorts } from "../../services/receiver/list-receivers.ts";
import { testReceiver } from "../../services/receiver/test-receiver.ts";
import { updateReceiver } from "../../services/receiver/update-receiver.ts";
import { instant, listOf, listQuery, type Route, route, uuidParams } from "../route.ts";

export const receiverSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    config: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.boolean()).openapi({ description: "Which secrets are set" }),
    enabled: z.boolean(),
    sendResolved: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi("Receiver");

const tag = "alerts";
const path = "/api/v1/infrastructure/receivers";
const name = z.string().trim().min(1).max(200);
const secret = z.string().min(1).max(10_000);
const kinds = notifiers.map((each) => each.kind) as [string, ...string[]];
const settings = notifiers.map((each) => `${each.kind}: secrets ${Object.keys(each.secrets).join(", ")}`).join("; ");

export const receivers: readonly Route[] = [
  route({
    method: "get",
    path,
    permission: "viewer",
    tag,
    summary: "List receivers",
    description: "Secrets are never shown. Viewers see no path of a webhook's URL: it may hold a token.",
    query: listQuery(receiverSorts, "name"),
    answer: listOf(receiverSchema),
    handle: ({ context, actor, query }) => listReceivers(context, actor, query),
  }),
  route({
    method: "post",
    path,
    permission: "admin",
    tag,
    summary: "Make a receiver",
    description: `\`config\` holds the settings of the kind, \`secrets\` what is sealed (${settings}).`,
    body: z.strictObject({
      name,
      kind: z.enum(kinds),
      config: z.record(z.string(), z.unknown()),
      secrets: z.record(z.string(), secret).default({}),
      enabled: z.boolean().default(true),
      sendResolved: z.boolean().default(true),
    }),
    answer: receiverSchema,
    status: 201,
    handle: ({ context, actor, body }) => createReceiver(context, actor, body),
  }),
  route({
    method: "get",
    path: `${path}/{id}`,
    permission: "viewer",
    tag,
    summary: "One receiver",
    params: uuidParams,
    answer: receiverSchema,
    handle: ({ context, actor, params }) => getReceiver(context.db, actor, params.id),
  }),
  route({
    method: "patch",
    path: `${path}/{id}`,
    permission: "admin",
    tag,
    summary: "Change a receiver",
    description: "`config` replaces all settings; of `secrets` only those given change, null removes one.",
    params: uuidParams,
    body: z.strictObject({
      name: name.optional(),
      config: z.record(z.string(), z.unknown()).optional(),
      secrets: z.record(z.string(), secret.nullable()).optional(),
      enabled: z.boolean().optional(),
      sendResolved: z.boolean().optional(),
    }),
    answer: receiverSchema,
    handle: ({ context, actor, params, body }) => updateReceiver(context, actor, params.id, body),
  }),
  route({
    method: "delete",
    path: `${path}/{id}`,
    permission: "admin",
    tag,
    summary: "Delete a receiver and its secrets",
    params: uuidParams,
    async handle({ context, actor, params }) {
      await deleteReceiver(context, actor, params.id);
      return undefined;
    },
  }),
  route({
    method: "post",
    path: `${path}/{id}/test`,
    permission: "operator",
    tag,
    summary: "Send a test message now",
    description: "503 with the reason where it did not arrive.",
    params: uuidParams,
    async handle({ context, actor, params, signal }) {
      await testReceiver(context, actor, params.id, signal);
      return undefined;
    },
  }),
];

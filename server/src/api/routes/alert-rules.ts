import { z } from "@hono/zod-openapi";
import { conditionSchema, ruleFields, selectorSchema } from "../../domain/alerts/rule.ts";
import { createRule } from "../../services/rule/create-rule.ts";
import { restoreRule } from "../../services/rule/default-rules.ts";
import { deleteRule } from "../../services/rule/delete-rule.ts";
import { getRule, listRules, ruleSorts } from "../../services/rule/list-rules.ts";
import { updateRule } from "../../services/rule/update-rule.ts";
import { flag, instant, listOf, listQuery, type Route, route, uuidParams } from "../route.ts";
import { severity } from "./alerts.ts";

const { resourceKind, forSeconds, keepFiringSeconds } = ruleFields.shape;

export const ruleSchema = z
  .strictObject({
    id: z.string(),
    builtinKey: z.string().nullable().openapi({ description: "Of a default rule; brings its first form back" }),
    name: z.string(),
    description: z.string(),
    enabled: z.boolean(),
    severity,
    resourceKind,
    condition: conditionSchema,
    selector: selectorSchema,
    forSeconds: z.number(),
    keepFiringSeconds: z.number(),
    receiverIds: z.array(z.string()).nullable().openapi({ description: "null: all receivers that are on" }),
    overrideLabel: z
      .string()
      .openapi({ description: "Label of a server or container that sets another value, or off" }),
    version: z.number(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi("AlertRule");

const tag = "alerts";
const path = "/api/v1/infrastructure/alert-rules";
const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(2000);
const receiverIds = z.array(z.uuid()).max(100).nullable();

export const alertRules: readonly Route[] = [
  route({
    method: "get",
    path,
    permission: "viewer",
    tag,
    summary: "List alert rules",
    query: listQuery(ruleSorts, "name").extend({
      enabled: flag.optional(),
      severity: severity.optional(),
      kind: resourceKind.optional(),
    }),
    answer: listOf(ruleSchema),
    handle: ({ context, query }) => listRules(context, query),
  }),
  route({
    method: "post",
    path,
    permission: "admin",
    tag,
    summary: "Make an alert rule",
    body: z.strictObject({
      ...ruleFields.shape,
      name,
      description: description.default(""),
      enabled: z.boolean().default(true),
      receiverIds: receiverIds.default(null),
    }),
    answer: ruleSchema,
    status: 201,
    handle: ({ context, actor, body }) => createRule(context, actor, body),
  }),
  route({
    method: "get",
    path: `${path}/{id}`,
    permission: "viewer",
    tag,
    summary: "One alert rule",
    params: uuidParams,
    answer: ruleSchema,
    handle: ({ context, params }) => getRule(context.db, params.id),
  }),
  route({
    method: "patch",
    path: `${path}/{id}`,
    permission: "admin",
    tag,
    summary: "Change an alert rule",
    description: "Another condition, selector or duration resolves the alerts that are active under the old one.",
    params: uuidParams,
    body: z.strictObject({
      name: name.optional(),
      description: description.optional(),
      enabled: z.boolean().optional(),
      severity: severity.optional(),
      resourceKind: resourceKind.optional(),
      condition: conditionSchema.optional(),
      selector: selectorSchema.optional(),
      forSeconds: forSeconds.unwrap().optional(),
      keepFiringSeconds: keepFiringSeconds.unwrap().optional(),
      receiverIds: receiverIds.optional(),
    }),
    answer: ruleSchema,
    handle: ({ context, actor, params, body }) => updateRule(context, actor, params.id, body),
  }),
  route({
    method: "delete",
    path: `${path}/{id}`,
    permission: "admin",
    tag,
    summary: "Delete an alert rule with its alerts",
    params: uuidParams,
    async handle({ context, actor, params }) {
      await deleteRule(context, actor, params.id);
      return undefined;
    },
  }),
  route({
    method: "post",
    path: `${path}/restore`,
    permission: "admin",
    tag,
    summary: "Bring a default rule back to its first form",
    body: z.strictObject({ builtinKey: z.string().min(1).max(100) }),
    answer: ruleSchema,
    handle: ({ context, actor, body }) => restoreRule(context, actor, body.builtinKey),
  }),
];

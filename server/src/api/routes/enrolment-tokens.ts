import { z } from "@hono/zod-openapi";
import { createToken } from "../../services/enrolment/create-token.ts";
import { enrolmentTokenSorts, listTokens } from "../../services/enrolment/list-tokens.ts";
import { revokeToken } from "../../services/enrolment/revoke-token.ts";
import { labels } from "../labels.ts";
import { instant, listOf, listQuery, type Route, route, uuidParams } from "../route.ts";

const shared = {
  id: z.string(),
  name: z.string(),
  maxUses: z.number().nullable().openapi({ description: "null: any number of hosts" }),
  uses: z.number(),
  labels: z.record(z.string(), z.string()),
  group: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
};

const tokenSchema = z
  .strictObject({
    ...shared,
    state: z.enum(["usable", "used_up", "expired", "revoked"]),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .openapi("EnrolmentToken");

const tag = "enrolment";

export const enrolmentTokens: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/infrastructure/enrolment-tokens",
    permission: "operator",
    tag,
    summary: "List enrolment tokens",
    query: listQuery(enrolmentTokenSorts, "-createdAt"),
    answer: listOf(tokenSchema),
    handle: ({ context, query }) => listTokens(context, query),
  }),
  route({
    method: "post",
    path: "/api/v1/infrastructure/enrolment-tokens",
    permission: "operator",
    tag,
    summary: "Make an enrolment token",
    description: "The token and the line to run on a host are shown this once.",
    body: z.strictObject({
      name: z.string().trim().min(1).max(200),
      maxUses: z.number().int().min(1).max(1_000_000).nullable().default(1),
      expiresInHours: z.number().int().min(1).max(87_600).nullable().default(24),
      labels: labels.default({}),
      group: z.string().trim().max(100).default(""),
    }),
    answer: z.strictObject({ ...shared, token: z.string(), installCommand: z.string() }),
    status: 201,
    handle: ({ context, actor, body }) => createToken(context, actor, body),
  }),
  route({
    method: "delete",
    path: "/api/v1/infrastructure/enrolment-tokens/{id}",
    permission: "operator",
    tag,
    summary: "Revoke an enrolment token",
    description: "Hosts that it enrolled stay.",
    params: uuidParams,
    async handle({ context, actor, params }) {
      await revokeToken(context, actor, params);
      return undefined;
    },
  }),
];

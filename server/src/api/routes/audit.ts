import { z } from "@hono/zod-openapi";
import { auditSorts, listAudit } from "../../services/audit/list-audit.ts";
import { instant, listOf, listQuery, type Route, route } from "../route.ts";

const auditSchema = z
  .strictObject({
    id: z.number(),
    at: instant,
    actorKind: z.enum(["user", "token", "agent", "system"]),
    actorId: z.string().nullable(),
    actorName: z.string(),
    action: z.string(),
    targetKind: z.string().nullable(),
    targetId: z.string().nullable(),
    requestId: z.string().nullable(),
    ip: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi("AuditEntry");

const word = z.string().max(200).optional();

export const audit: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/audit",
    permission: "admin",
    tag: "people",
    summary: "Who did what when",
    query: listQuery(auditSorts, "-at").extend({
      actor: word.openapi({ description: "E-mail address or other name of the actor" }),
      action: word.openapi({ description: "server.pause, or server for all of them" }),
      targetKind: word,
      targetId: word,
    }),
    answer: listOf(auditSchema),
    handle: ({ context, query }) => listAudit(context, query, query),
  }),
];

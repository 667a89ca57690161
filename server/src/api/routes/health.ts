import { z } from "@hono/zod-openapi";
import { checkHealth } from "../../services/health/check-health.ts";
import { notReady } from "../../services/health/readiness.ts";
import { type Route, route } from "../route.ts";

const status = z.enum(["ok", "warning", "critical"]);
const tag = "operation";

export const health: readonly Route[] = [
  route({
    method: "get",
    path: "/healthz",
    permission: "open",
    tag,
    summary: "The process runs",
    answer: z.strictObject({ status: z.literal("ok") }),
    handle: async () => ({ status: "ok" as const }),
  }),
  route({
    method: "get",
    path: "/readyz",
    permission: "open",
    tag,
    summary: "Requests can be served",
    description: "503 while the database is away, its migrations are not done or gRPC does not listen.",
    answer: z.strictObject({ status: z.enum(["ready", "not_ready"]), reasons: z.array(z.string()) }),
    async handle({ context, extras }) {
      const reasons = await notReady(context, extras.isGrpcReady);
      if (reasons.length === 0) return { status: "ready" as const, reasons };
      return Response.json({ status: "not_ready", reasons }, { status: 503, headers: { "retry-after": "2" } });
    },
  }),
  route({
    method: "get",
    path: "/metrics",
    permission: "viewer",
    tag,
    summary: "The server's own metrics for Prometheus",
    media: "text/plain",
    async handle({ context }) {
      const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
      await context.metrics.refresh();
      return new Response(context.metrics.expose(), { headers });
    },
  }),
  route({
    method: "get",
    path: "/api/v1/infrastructure/health",
    permission: "viewer",
    tag,
    summary: "How the server itself fares",
    description: "Each check with its status and, where something is wrong, what to do.",
    answer: z.strictObject({
      status,
      checks: z.array(z.strictObject({ name: z.string(), status, summary: z.string(), remedy: z.string() })),
    }),
    handle: ({ context }) => checkHealth(context),
  }),
];

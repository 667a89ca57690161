import { catalogue } from "@fairlead/shared/catalogue";
import { z } from "@hono/zod-openapi";
import { metricsJson } from "../../services/metrics/metrics-json.ts";
import { queryMetrics } from "../../services/metrics/query-metrics.ts";
import { instant, type Route, repeatable, route } from "../route.ts";

const values = z.array(z.number().nullable());

export const metricsAnswer = z
  .strictObject({
    resolution: z.enum(["raw", "1m", "15m", "2h"]),
    from: instant,
    to: instant,
    series: z.array(
      z.strictObject({
        resourceId: z.number(),
        serverId: z.string(),
        kind: z.string(),
        key: z.string(),
        metric: z.string(),
        unit: z.string(),
        at: z.array(z.number()).openapi({ description: "Unix ms, ascending" }),
        min: values.openapi({ description: "null: missing; empty where every point is one raw sample" }),
        avg: values,
        max: values,
      }),
    ),
  })
  .openapi("Metrics");

const metric = z.strictObject({
  name: z.string(),
  unit: z.string(),
  help: z.string(),
  exact: z.boolean().optional(),
});

const tag = "metrics";

export const metrics: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/metrics/catalogue",
    permission: "viewer",
    tag,
    summary: "Every kind of resource and what is measured of it",
    answer: z.record(
      z.string(),
      z.strictObject({ help: z.string(), states: z.array(z.string()).readonly(), metrics: z.array(metric).readonly() }),
    ),
    handle: async () => catalogue,
  }),
  route({
    method: "get",
    path: "/api/v1/metrics",
    permission: "viewer",
    tag,
    summary: "Series over a time",
    description:
      "Up to 50 series RESOURCEID:METRIC. resolution=auto takes the finest one that gives at most maxPoints points " +
      "(1000) and reaches back far enough. Where there are more, neighbours are joined: least, mean and greatest.",
    query: z.strictObject({
      series: repeatable(z.string().max(200)).refine((list) => list.length > 0, "is missing: give RESOURCEID:METRIC"),
      from: z.string().max(40).default("-1h").openapi({ description: "ISO 8601, Unix ms, or relative like -1h" }),
      to: z.string().max(40).default("now"),
      resolution: z.enum(["auto", "raw", "1m", "15m", "2h"]).default("auto"),
      maxPoints: z.coerce.number().int().min(10).max(20_000).optional(),
    }),
    answer: metricsAnswer,
    async handle({ context, query }) {
      const text = metricsJson(await queryMetrics(context, query));
      return new Response(text, { headers: { "content-type": "application/json" } });
    },
  }),
];

import { z } from "@hono/zod-openapi";
import { runJob } from "../../services/health/run-job.ts";
import { instant, type Route, route } from "../route.ts";

const jobSchema = z
  .strictObject({
    name: z.string(),
    help: z.string(),
    cron: z.string(),
    nextRunAt: instant.nullable(),
    running: z.boolean(),
    last: z
      .strictObject({
        startedAt: instant,
        finishedAt: instant.nullable(),
        status: z.string(),
        result: z.record(z.string(), z.unknown()),
      })
      .nullable(),
  })
  .openapi("Job");

const tag = "operation";

export const scheduler: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/infrastructure/scheduler",
    permission: "viewer",
    tag,
    summary: "What runs now and then",
    answer: z.strictObject({ items: z.array(jobSchema), nextCursor: z.null() }),
    handle: async ({ context }) => ({ items: await context.scheduler.list(), nextCursor: null }),
  }),
  route({
    method: "post",
    path: "/api/v1/infrastructure/scheduler/{name}/run",
    permission: "admin",
    tag,
    summary: "Run a job now",
    params: z.strictObject({ name: z.string().max(100) }),
    answer: z.strictObject({ started: z.literal(true) }),
    status: 202,
    async handle({ context, actor, params }) {
      await runJob(context, actor, params.name);
      return { started: true as const };
    },
  }),
];

import { createViews } from "../db/views.ts";
import type { JobContext } from "./job-context.ts";
import type { Job } from "./scheduler.ts";

/** Brings the SQL views up to the catalogue of this version; it costs one read where they are. */
export function viewsJob({ pool }: Pick<JobContext, "pool">): Job {
  return {
    name: "views",
    help: "Keeps the SQL views of samples and roll-ups as the catalogue says",
    cron: "0 40 3 * * *",
    atStart: true,
    run: async () => ({ changed: await createViews(pool) }),
  };
}

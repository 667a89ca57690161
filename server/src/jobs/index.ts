import { forecastJob } from "./forecast.ts";
import type { JobContext, JobFactory } from "./job-context.ts";
import { partitionsJob } from "./partitions.ts";
import { retentionJob } from "./retention.ts";
import { rollupJob } from "./rollup.ts";
import type { Job } from "./scheduler.ts";
import { viewsJob } from "./views.ts";

/** All jobs, one line each; a test compares the folder with this list. */
export const jobFactories: readonly JobFactory[] = [forecastJob, partitionsJob, retentionJob, rollupJob, viewsJob];

/** The jobs for a scheduler's start(). */
export function createJobs(context: JobContext): Job[] {
  return jobFactories.map((make) => make(context));
}

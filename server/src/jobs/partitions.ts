import { ensurePartitions, partitionedTables } from "../db/partitions.ts";
import type { JobContext } from "./job-context.ts";
import type { Job } from "./scheduler.ts";

const aheadMs = 2 * 86_400_000;

/** Makes the partitions that the next two days need; ingest makes the others when late data comes. */
export function partitionsJob({ pool, now }: Pick<JobContext, "pool" | "now">): Job {
  return {
    name: "partitions",
    help: "Makes partitions ahead of time",
    cron: "0 7 * * * *",
    atStart: true,
    async run() {
      const at = now().getTime();
      const made: string[] = [];
      for (const table of partitionedTables) made.push(...(await ensurePartitions(pool, table, at, at + aheadMs)));
      return { made };
    },
  };
}

import { rollUp } from "../ingest/roll-up.ts";
import type { JobContext } from "./job-context.ts";
import type { Job } from "./scheduler.ts";

/** Makes the roll-ups of closed windows and those that late data changed. */
export function rollupJob({ pool, windows, now, metrics }: JobContext): Job {
  const made = metrics.counter("fairlead_rollup_windows_total", "Windows of one server rolled up, by level");
  metrics.gauge("fairlead_rollup_open_windows", "Open minutes held in memory", windows.size);
  return {
    name: "rollup",
    help: "Rolls samples up to 1 minute, 15 minutes and 2 hours",
    cron: "*/5 * * * * *",
    everyReplica: true,
    async run(signal) {
      const started = performance.now();
      const { fromMemory, ...counts } = await rollUp(pool, windows, now, signal);
      for (const [level, count] of Object.entries(counts)) if (count > 0) made.add(count, { level });
      return { ...counts, fromMemory, ms: Math.round(performance.now() - started) };
    },
  };
}

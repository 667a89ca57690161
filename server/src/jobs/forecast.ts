import { makeForecasts } from "../services/storage/make-forecasts.ts";
import type { JobContext } from "./job-context.ts";
import type { Job } from "./scheduler.ts";

/** Forecasts when filesystems and pools are full and drives worn out; alert rules are judged by it. */
export function forecastJob(context: JobContext): Job {
  return {
    name: "forecast",
    help: "Forecasts when filesystems and pools are full and drives are worn out",
    cron: "30 */10 * * * *",
    async run(signal) {
      const started = performance.now();
      const made = await makeForecasts(context, signal);
      context.bus.emit("forecasts", {});
      return { ...made, ms: Math.round(performance.now() - started) };
    },
  };
}

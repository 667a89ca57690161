/** Something done now and then: roll-ups, retention, inventory. One file a job, one line in jobs/index.ts. */
export type Job = {
  name: string;
  help: string;
  /** Cron expression (croner, UTC), seconds allowed. */
  cron: string;
  /** Returns figures for the job's history. Must stand being run twice and stop when the signal aborts. */
  run(signal: AbortSignal): Promise<Record<string, unknown>>;
};

export type JobStatus = {
  name: string;
  help: string;
  cron: string;
  nextRunAt: Date | null;
  running: boolean;
  last: { startedAt: Date; finishedAt: Date | null; status: string; result: Record<string, unknown> } | null;
};

export type Scheduler = {
  list(): Promise<JobStatus[]>;
  /** Runs it now, in the background; false where no job has that name. */
  runNow(name: string): Promise<boolean>;
};

import { Cron } from "croner";
import { type Kysely, sql } from "kysely";
import type { Logger } from "pino";
import type { Database } from "../db/schema.ts";

/** Something done now and then: roll-ups, retention, inventory. One file a job, one line in jobs/index.ts. */
export type Job = {
  name: string;
  help: string;
  /** Cron expression (croner, UTC), seconds allowed. */
  cron: string;
  /** Each server process runs it for itself, without a lease. Its history keeps failures, manual runs and the last one. */
  everyReplica?: true;
  /** Runs once at the start too. */
  atStart?: true;
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

/** A scheduler that can be given its jobs and be stopped. */
export type RunningScheduler = Scheduler & {
  /** Starts these jobs' clocks. */
  start(jobs: readonly Job[]): void;
  /** Aborts what runs, waits for it (10 s at most) and ends. */
  stop(): Promise<void>;
};

export type SchedulerOptions = {
  db: Kysely<Database>;
  log: Logger;
  now: () => Date;
  /** Id of this process among those that share the database. */
  holder: string;
};

type Trigger = "schedule" | "manual";
type Entry = { job: Job; cron: Cron; running: Promise<void> | undefined; last: JobStatus["last"] };

const leaseSeconds = 30;
const stopMs = 10_000;

/**
 * Runs jobs by their cron expressions. Of several processes on one database one runs a job at a time: it holds the job's
 * lease, renews it while the job runs, and keeps it for some seconds after so that a clock that is behind starts no second run.
 */
export function createScheduler({ db, log, now, holder }: SchedulerOptions): RunningScheduler {
  const entries = new Map<string, Entry>();
  const stopping = new AbortController();

  function trigger(entry: Entry, why: Trigger): void {
    if (entry.running !== undefined || stopping.signal.aborted) return;
    entry.running = perform(entry, why)
      .catch((error) => log.error({ err: error, job: entry.job.name }, "job could not be started or recorded"))
      .finally(() => {
        entry.running = undefined;
      });
  }

  async function perform(entry: Entry, why: Trigger): Promise<void> {
    const { job } = entry;
    if (job.everyReplica === true) return record(entry, why);
    if (!(await acquire(job.name))) return;
    const lost = new AbortController();
    const renewal = setInterval(
      () => {
        acquire(job.name)
          .then((held) => held || lost.abort(new Error("lease lost")))
          .catch((error) => log.warn({ err: error, job: job.name }, "lease not renewed"));
      },
      (leaseSeconds * 1000) / 3,
    );
    try {
      await record(entry, why, lost.signal);
    } finally {
      clearInterval(renewal);
      await linger(entry);
    }
  }

  async function record(entry: Entry, why: Trigger, lost?: AbortSignal): Promise<void> {
    const { job } = entry;
    const kept = job.everyReplica !== true || why === "manual";
    const startedAt = now();
    const id = kept ? await insertRun(job.name, why, startedAt) : undefined;
    entry.last = { startedAt, finishedAt: null, status: "running", result: {} };
    let status: "succeeded" | "failed" = "succeeded";
    let result: Record<string, unknown> = {};
    try {
      result = await job.run(lost === undefined ? stopping.signal : AbortSignal.any([stopping.signal, lost]));
    } catch (error) {
      status = "failed";
      result = { error: error instanceof Error ? error.message : String(error) };
      log.error({ err: error, job: job.name }, "job failed");
    }
    const finishedAt = now();
    entry.last = { startedAt, finishedAt, status, result };
    const values = { finished_at: finishedAt, status, result: JSON.stringify(result) };
    if (id !== undefined) await db.updateTable("job_run").set(values).where("id", "=", id).execute();
    else if (status === "failed") {
      const row = { job: job.name, trigger: why, started_at: startedAt, ...values };
      await db.insertInto("job_run").values(row).execute();
    }
  }

  /** The holder of the lease is alone: rows of this job that still say "running" belong to a process that died. */
  async function insertRun(job: string, why: Trigger, startedAt: Date): Promise<number> {
    await db
      .updateTable("job_run")
      .set({
        status: "failed",
        finished_at: startedAt,
        result: JSON.stringify({ error: "the server ended meanwhile" }),
      })
      .where("job", "=", job)
      .where("status", "=", "running")
      .execute();
    const row = { job, trigger: why, started_at: startedAt };
    const { id } = await db.insertInto("job_run").values(row).returning("id").executeTakeFirstOrThrow();
    return id;
  }

  async function acquire(job: string): Promise<boolean> {
    const { rows } = await sql<{ name: string }>`
      INSERT INTO lease (name, holder, expires_at)
      VALUES (${`job:${job}`}, ${holder}, now() + make_interval(secs => ${leaseSeconds}))
      ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
      WHERE lease.holder = EXCLUDED.holder OR lease.expires_at <= now()
      RETURNING name`.execute(db);
    return rows.length > 0;
  }

  async function linger({ job, cron }: Entry): Promise<void> {
    const untilNext = (cron.msToNext() ?? 60_000) / 1000;
    const seconds = Math.max(0, Math.min(20, untilNext / 2));
    await sql`UPDATE lease SET expires_at = now() + make_interval(secs => ${seconds})
      WHERE name = ${`job:${job.name}`} AND holder = ${holder}`.execute(db);
  }

  return {
    start(jobs) {
      for (const job of jobs) {
        if (entries.has(job.name)) throw new Error(`two jobs are named ${job.name}`);
        const cron = new Cron(job.cron, { timezone: "UTC", unref: true }, () => {
          const entry = entries.get(job.name);
          if (entry !== undefined) trigger(entry, "schedule");
        });
        const entry: Entry = { job, cron, running: undefined, last: null };
        entries.set(job.name, entry);
        if (job.atStart === true) trigger(entry, "schedule");
      }
    },
    async list() {
      const rows = await db
        .selectFrom("job_run")
        .distinctOn("job")
        .select(["job", "started_at", "finished_at", "status", "result"])
        .orderBy("job")
        .orderBy("started_at", "desc")
        .execute();
      const stored = new Map(rows.map((row) => [row.job, row]));
      return [...entries.values()].map(({ job, cron, running, last }) => {
        const row = stored.get(job.name);
        const newer = row === undefined || (last !== null && last.startedAt >= row.started_at);
        return {
          name: job.name,
          help: job.help,
          cron: job.cron,
          nextRunAt: cron.nextRun(),
          running: running !== undefined || (!newer && row.status === "running"),
          last: newer
            ? last
            : { startedAt: row.started_at, finishedAt: row.finished_at, status: row.status, result: row.result },
        };
      });
    },
    async runNow(name) {
      const entry = entries.get(name);
      if (entry === undefined) return false;
      trigger(entry, "manual");
      return true;
    },
    async stop() {
      stopping.abort(new Error("the server stops"));
      for (const { cron } of entries.values()) cron.stop();
      const ended = Promise.all([...entries.values()].map((entry) => entry.running));
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, stopMs);
      });
      await Promise.race([ended, patience]);
      clearTimeout(timer);
    },
  };
}

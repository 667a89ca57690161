import type pg from "pg";
import { dropPartitions, type PartitionedTable } from "../db/partitions.ts";
import { windowStart } from "../domain/rollup/levels.ts";
import type { JobContext } from "./job-context.ts";
import type { Job } from "./scheduler.ts";

const dayMs = 86_400_000;
const batch = 10_000;
const jobRunDays = 30;
const outboxDays = 30;

/** Drops partitions of samples and roll-ups whose time is over and deletes old rows of everything else that only grows. */
export function retentionJob({ pool, config, now }: Pick<JobContext, "pool" | "config" | "now">): Job {
  const days: Record<PartitionedTable, number> = {
    sample: config.retentionRawDays,
    rollup_1m: config.retention1mDays,
    rollup_15m: config.retention15mDays,
    rollup_2h: config.retention2hDays,
  };
  return {
    name: "retention",
    help: "Drops what is older than its retention",
    cron: "0 20 * * * *",
    async run(signal) {
      const at = now().getTime();
      const today = windowStart(at, dayMs);
      const dropped: string[] = [];
      for (const [table, kept] of Object.entries(days)) {
        dropped.push(...(await dropPartitions(pool, table as PartitionedTable, today - kept * dayMs)));
      }
      const deleted: Record<string, number> = {};
      const old = (count: number) => new Date(at - count * dayMs).toISOString();
      const rules: [table: string, condition: string, before: string][] = [
        ["alert", "state = 'resolved' AND resolved_at < $1", old(config.retentionAlertDays)],
        ["audit_log", "at < $1", old(config.retentionAlertDays)],
        ["state_change", "at < $1", old(config.retentionAlertDays)],
        ["command", "finished_at < $1", old(config.retentionAlertDays)],
        ["user_session", "expires_at < $1", old(0)],
        ["job_run", "started_at < $1", old(jobRunDays)],
        [
          "outbox",
          // Of an alert that still fires: it tells who is to hear of the end.
          "state <> 'waiting' AND created_at < $1 AND NOT EXISTS (SELECT FROM alert WHERE alert.id = outbox.alert_id AND alert.state <> 'resolved')",
          old(outboxDays),
        ],
        ["rollup_pending", "at < $1", old(config.retentionRawDays + 1)],
        ["resource", "gone_at < $1", old(config.retention2hDays)],
        ["lease", "expires_at < $1", old(1)],
      ];
      for (const [table, condition, before] of rules) {
        const count = await deleteOld(pool, table, condition, before, signal);
        if (count > 0) deleted[table] = count;
      }
      return { dropped, deleted };
    },
  };
}

/** Deletes in small transactions, so that no lock is held for long. */
async function deleteOld(
  pool: pg.Pool,
  table: string,
  condition: string,
  before: string,
  signal: AbortSignal,
): Promise<number> {
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const { rowCount } = await pool.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${batch}))`,
      [before],
    );
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < batch) return total;
  }
}

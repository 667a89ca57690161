import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../../api/client.ts";
import { jobsQuery } from "../../api/queries.ts";
import type { Job } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { formatDuration } from "../../format/units.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Panel } from "../../ui/page.tsx";
import { type RecordColumn, RecordTable } from "../../ui/record-table.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";
import { notify, notifyError } from "../../ui/toast.tsx";

const columns: readonly RecordColumn<Job>[] = [
  {
    label: "Job",
    by: ({ name }) => name,
    cell: ({ name, help }) => (
      <div>
        <span className="font-medium">{name}</span>
        <span className="block text-xs text-muted">{help}</span>
      </div>
    ),
  },
  { label: "Schedule, UTC", cell: ({ cron }) => <code className="font-mono text-xs">{cron}</code> },
  {
    label: "Last run",
    down: true,
    by: ({ last }) => last?.startedAt ?? null,
    cell: ({ last }) =>
      last ? (
        <span title={JSON.stringify(last.result, null, 1)} className="inline-flex flex-wrap items-center gap-x-2">
          <StateDot state={last.status} {...(last.status === "running" && { tone: "info" as const })} />
          <span className="text-muted">
            <Ago at={last.startedAt} />
          </span>
        </span>
      ) : (
        <span className="text-muted">never</span>
      ),
  },
  {
    label: "Took",
    num: true,
    look: "text-muted",
    down: true,
    by: tookSeconds,
    cell: (job) => tookSeconds(job) !== null && formatDuration(tookSeconds(job)),
  },
  {
    label: "Next",
    look: "text-muted",
    by: ({ nextRunAt }) => nextRunAt,
    cell: ({ nextRunAt }) => <Ago at={nextRunAt} />,
  },
];

/** What runs now and then. */
export function Jobs() {
  const query = useQuery(jobsQuery);
  return (
    <Panel title="Scheduled jobs">
      <Loaded query={query} isEmpty={(rows) => rows.length === 0} empty={<EmptyState title="No job is scheduled" />}>
        {(rows) => (
          <RecordTable
            label="Scheduled jobs"
            rows={rows}
            keyOf={({ name }) => name}
            columns={columns}
            actions={(job) => <RunNow job={job} />}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function RunNow({ job }: { job: Job }) {
  const client = useQueryClient();
  const may = useMay("admin");
  const [busy, setBusy] = useState(false);
  if (!may) return null;
  async function run() {
    setBusy(true);
    try {
      await post(`infrastructure/scheduler/${job.name}/run`);
      notify(`${job.name} is started`);
      await client.invalidateQueries({ queryKey: ["jobs"] });
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button small icon="play" busy={busy || job.running} aria-label={`Run ${job.name} now`} onClick={() => void run()}>
      Run now
    </Button>
  );
}

/** How long its last run took, s; null where it has not ended. */
function tookSeconds({ last }: Job): number | null {
  return last?.finishedAt ? (Date.parse(last.finishedAt) - Date.parse(last.startedAt)) / 1000 : null;
}

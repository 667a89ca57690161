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
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Ago } from "../../ui/time.tsx";
import { notify, notifyError } from "../../ui/toast.tsx";

/** What runs now and then. */
export function Jobs() {
  const query = useQuery(jobsQuery);
  return (
    <Panel title="Scheduled jobs">
      <Loaded query={query} isEmpty={(rows) => rows.length === 0} empty={<EmptyState title="No job is scheduled" />}>
        {(rows) => (
          <table className="data">
            <thead>
              <tr>
                <th>Job</th>
                <th>Schedule, UTC</th>
                <th>Last run</th>
                <th className="num">Took</th>
                <th>Next</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((job) => (
                <JobRow key={job.name} job={job} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

function JobRow({ job }: { job: Job }) {
  const client = useQueryClient();
  const may = useMay("admin");
  const [busy, setBusy] = useState(false);
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
  const { last } = job;
  const took = last?.finishedAt ? (Date.parse(last.finishedAt) - Date.parse(last.startedAt)) / 1000 : null;
  return (
    <tr>
      <td>
        <div>
          <span className="font-medium">{job.name}</span>
          <span className="block text-xs text-muted">{job.help}</span>
        </div>
      </td>
      <td data-label="Schedule, UTC">
        <code className="font-mono text-xs">{job.cron}</code>
      </td>
      <td data-label="Last run">
        {last ? (
          <span title={JSON.stringify(last.result, null, 1)} className="inline-flex flex-wrap items-center gap-x-2">
            <StateDot state={last.status} {...(last.status === "running" && { tone: "info" as const })} />
            <span className="text-muted">
              <Ago at={last.startedAt} />
            </span>
          </span>
        ) : (
          <span className="text-muted">never</span>
        )}
      </td>
      <td data-label="Took" className="num text-muted">
        {formatDuration(took)}
      </td>
      <td data-label="Next" className="text-muted">
        <Ago at={job.nextRunAt} />
      </td>
      <td className="md:text-right">
        {may && (
          <Button small icon="play" busy={busy || job.running} onClick={() => void run()}>
            Run now
          </Button>
        )}
      </td>
    </tr>
  );
}

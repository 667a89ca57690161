import type { Blocker, DatabaseDetail, Running, Statement } from "../../api/database-types.ts";
import { formatDuration, formatNumber, formatRatio } from "../../format/units.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, known, PlainTable } from "../../ui/plain-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Code, plainValue } from "./plain-table.tsx";

/** Whether its agent told anything of what runs in it. */
export function hasStatements({ longRunning, blocking, topStatements, slowLog }: DatabaseDetail): boolean {
  return [longRunning, blocking, topStatements, slowLog].some((part) => part !== null);
}

/** What runs now, who is in whose way, and what took the most time. */
export function Statements({ database }: { database: DatabaseDetail }) {
  const { longRunning, blocking, topStatements, slowLog } = database;
  const parts = [longRunning, blocking, topStatements, slowLog];
  if (parts.every((part) => !part?.length)) {
    return (
      <div className="panel">
        <EmptyState title="Nothing runs for long">
          {topStatements === null
            ? "Nothing is known of the statements that took the most time."
            : "No statement was counted yet."}
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="space-y-3">
      {blocking && <PlainTable title="In the way of others" rows={blocking} columns={blockerColumns} />}
      {longRunning && <PlainTable title="Running for long" rows={longRunning} columns={runningColumns} />}
      {topStatements && <TopStatements rows={topStatements} />}
      {slowLog && (
        <PlainTable
          title="Slow log"
          rows={slowLog}
          columns={[
            { label: "Command", cell: ({ text }) => text && <Code text={text} /> },
            { label: "Took", num: true, cell: ({ seconds }) => known(seconds, formatDuration) },
            { label: "At", cell: ({ at }) => known(at, (value) => plainValue("at", value)) },
          ]}
        />
      )}
    </div>
  );
}

/** `active` and the like are plain; what holds things up stands out. */
function State({ state }: { state: string }) {
  return /idle in transaction|prepared/i.test(state) ? <Badge tone="warn">{state}</Badge> : state;
}

const runningColumns: readonly Column<Running>[] = [
  { label: "Statement", cell: ({ text }) => text && <Code text={text} /> },
  { label: "For", num: true, cell: ({ seconds }) => known(seconds, formatDuration) },
  { label: "Process", num: true, cell: ({ pid }) => known(pid, String) },
  { label: "User", cell: ({ user }) => user },
  { label: "Database", cell: ({ database }) => database },
  { label: "Program", cell: ({ application }) => application },
  { label: "State", cell: ({ state }) => state && <State state={state} /> },
  { label: "Waits for", cell: ({ waitsFor }) => waitsFor && <span className="text-warn">{waitsFor}</span> },
];

const blockerColumns: readonly Column<Blocker>[] = [
  { label: "Statement", cell: ({ text }) => text && <Code text={text} /> },
  { label: "For", num: true, cell: ({ seconds }) => known(seconds, formatDuration) },
  { label: "Process", num: true, cell: ({ pid }) => known(pid, String) },
  { label: "User", cell: ({ user }) => user },
  { label: "Database", cell: ({ database }) => database },
  { label: "State", cell: ({ state }) => state && <State state={state} /> },
  { label: "Holds up", cell: ({ blocks }) => blocks && <span className="text-warn">{blocks.join(", ")}</span> },
];

function TopStatements({ rows }: { rows: readonly Statement[] }) {
  const total = rows.reduce((sum, { totalSeconds }) => sum + (totalSeconds ?? 0), 0);
  return (
    <PlainTable
      title="Statements that took the most time"
      rows={rows}
      columns={[
        { label: "Statement", cell: ({ text }) => text && <Code text={text} /> },
        {
          label: "Total",
          num: true,
          cell: ({ totalSeconds }) =>
            known(totalSeconds, (seconds) => (
              <span title={total > 0 ? `${formatRatio(seconds / total)} of those shown` : ""}>
                {formatDuration(seconds)}
              </span>
            )),
        },
        {
          label: "Share",
          num: true,
          cell: ({ totalSeconds }) =>
            total > 0 ? known(totalSeconds, (seconds) => formatRatio(seconds / total)) : null,
        },
        { label: "Calls", num: true, cell: ({ calls }) => known(calls, formatNumber) },
        { label: "Mean", num: true, cell: ({ meanSeconds }) => known(meanSeconds, formatDuration) },
        { label: "Rows", num: true, cell: ({ rows: count }) => known(count, formatNumber) },
        { label: "Cache hit", num: true, cell: ({ hitRatio }) => known(hitRatio, formatRatio) },
        { label: "Failed", num: true, cell: ({ failed }) => (failed ? formatNumber(failed) : null) },
      ]}
    />
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { commandsQuery } from "../../api/queries.ts";
import type { DriveDetail, SelfTestEntry } from "../../api/storage-types.ts";
import type { Command } from "../../api/types.ts";
import { CancelCommand } from "../../commands/cancel-command.tsx";
import { formatAge, formatDuration, formatNumber, formatRatio, formatWhole } from "../../format/units.ts";
import { StateDot, type Tone } from "../../ui/badge.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Panel } from "../../ui/page.tsx";
import { known, PlainTable } from "../../ui/plain-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { TestButtons } from "./drive-actions.tsx";
import { Progress } from "./overview.tsx";

/** The self-test that runs now, told by the drive or by a command that started it. */
export function RunningTest({ drive }: { drive: DriveDetail }) {
  const command = useOpenTest(drive);
  const { running } = drive.selfTest;
  if (drive.goneAt !== null || (running === null && command === undefined)) return null;
  const percent = command?.events?.at(-1)?.percent ?? null;
  const share = running?.progressRatio ?? (percent === null ? null : percent / 100);
  return (
    <section aria-label="Self-test" className="panel mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2">
      <StateDot state="running" tone="info">
        {running ? `${running.type ?? ""} self-test` : `${String(command?.args.type ?? "")} self-test`}{" "}
        {command && running === null ? command.status : "runs"}
      </StateDot>
      <span className="min-w-40 flex-1">
        <Progress wide value={share} label="Self-test" />
      </span>
      {command && (
        <>
          <Link to="/commands/$id" params={{ id: command.id }} className="text-accent hover:underline">
            Command
          </Link>
          <CancelCommand small command={command} />
        </>
      )}
    </section>
  );
}

/** The command that follows a self-test of this drive, while it is under way. */
export function useOpenTest({ serverId, key }: DriveDetail): Command | undefined {
  const { data } = useQuery(commandsQuery({ server: serverId, type: "drive.selftest" }, 20));
  return data?.items.find(({ args, finishedAt }) => finishedAt === null && args.drive === key);
}

const results: Record<string, Tone> = {
  passed: "ok",
  failed: "crit",
  aborted: "idle",
  running: "info",
};

/** The drive's logs of self-tests and of errors. */
export function Tests({ drive }: { drive: DriveDetail }) {
  return (
    <div className="grid gap-3">
      <Panel title="Self-tests" actions={<TestButtons drive={drive} />}>
        <SelfTests drive={drive} />
      </Panel>
      <Errors drive={drive} />
    </div>
  );
}

function SelfTests({ drive }: { drive: DriveDetail }) {
  const { entries, last } = drive.selfTest;
  const rows = entries.length > 0 ? entries : last === null ? [] : [last];
  if (rows.length === 0) {
    return (
      <EmptyState title="No self-test is in its log">
        A long test reads the whole surface while the drive goes on working. One a month finds bad sectors before they
        are needed.
      </EmptyState>
    );
  }
  const hasPlace = rows.some(({ lba }) => lba !== null);
  return (
    <table className="data" aria-label="Self-tests">
      <thead>
        <tr>
          <th>Test</th>
          <th>Result</th>
          <th className="num">At power-on time</th>
          <th className="num">Not done</th>
          {hasPlace && <th className="num">First bad block</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((entry, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name of their own
          <TestRow key={i} entry={entry} drive={drive} hasPlace={hasPlace} />
        ))}
      </tbody>
    </table>
  );
}

function TestRow({ entry, drive, hasPlace }: { entry: SelfTestEntry; drive: DriveDetail; hasPlace: boolean }) {
  const { type, result, text, atHours, remainingRatio, lba } = entry;
  const since = atHours === null || drive.powerOnSeconds === null ? null : drive.powerOnSeconds - atHours * 3600;
  return (
    <tr>
      <td className="font-medium">{type ?? "unknown"}</td>
      <td data-label="Result">
        <span className="min-w-0">
          <StateDot state={result ?? "unknown"} tone={results[result ?? ""] ?? "idle"} />
          {text !== "" && <span className="block text-xs text-muted">{text}</span>}
        </span>
      </td>
      <td data-label="At power-on time" className="num">
        {known(atHours, (hours) => (
          <>
            {formatWhole(hours)} h
            {since !== null && since >= 0 && (
              <span className="block text-xs text-muted" title="Counted while it is under power">
                {formatAge(since)} ago
              </span>
            )}
          </>
        ))}
      </td>
      <td data-label="Not done" className="num text-muted">
        {remainingRatio ? formatRatio(remainingRatio) : ""}
      </td>
      {hasPlace && (
        <td data-label="First bad block" className="num">
          {lba ?? ""}
        </td>
      )}
    </tr>
  );
}

function Errors({ drive }: { drive: DriveDetail }) {
  const { count, entries } = drive.errorLog;
  if (entries.length === 0) {
    return (
      <Panel title="Error log">
        <p className="flex items-center gap-2 px-3 py-2 text-muted">
          {count ? (
            `The drive has counted ${formatNumber(count)} errors; it keeps no more of them.`
          ) : (
            <>
              <Icon name="check" className="text-ok" />{" "}
              {count === 0 ? "No error is in its log." : "The drive tells of no error log."}
            </>
          )}
        </p>
      </Panel>
    );
  }
  return (
    <PlainTable
      title={`Error log${count === null ? "" : `: ${formatNumber(count)} counted`}`}
      rows={entries}
      columns={[
        {
          label: "Error",
          cell: ({ number, text }) => (
            <span>
              {number !== null && <span className="text-muted">#{number} </span>}
              {text}
            </span>
          ),
        },
        {
          label: "At power-on time",
          num: true,
          cell: ({ atHours }) => known(atHours, (hours) => `${formatWhole(hours)} h`),
        },
        {
          label: "Ago, under power",
          num: true,
          cell: ({ atHours }) =>
            atHours === null || drive.powerOnSeconds === null
              ? null
              : formatDuration(Math.max(0, drive.powerOnSeconds - atHours * 3600)),
        },
      ]}
    />
  );
}

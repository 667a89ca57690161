import type { ReactNode } from "react";
import type { Problem, Summary } from "../../api/storage-types.ts";
import { formatAge, formatDuration, formatRatio } from "../../format/units.ts";
import { StateDot } from "../../ui/badge.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, LoadingRows } from "../../ui/states.tsx";
import { For } from "../../ui/time.tsx";
import { confidenceWord, fullShort } from "./forecast-words.ts";
import { ServerLink, type StorageKind, StorageLink } from "./parts.tsx";
import type { StorageFilter } from "./queries.ts";
import { badPoolStates, badVerdicts, mediaName, poolTypeName, scanName, storageWord } from "./words.ts";

type Props = {
  query: { data: Summary | undefined; error: unknown };
  onOpen: (tab: string, filter?: StorageFilter) => void;
};

/** What needs attention, what runs, what fills first, is hot or worn. */
export function Overview({ query, onOpen }: Props) {
  const { data } = query;
  // What went wrong stands in the tiles above.
  if (data === undefined) return query.error ? null : <LoadingRows rows={8} />;
  const { devices, pools, filesystems, problems } = data;
  if (devices.total + pools.total + filesystems.total === 0) {
    return (
      <div className="panel">
        <EmptyState icon="storage" title="No storage is known yet">
          Filesystems come with an agent's first report, pools and drives within minutes. Drives need smartctl (package
          smartmontools); <code className="font-mono text-xs">sudo fairlead-agent doctor</code> says what is missing.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <div className="grid gap-3">
        <Panel title="Needs attention">
          {problems.length === 0 ? (
            <EmptyState icon="check" title="All is well">
              No drive, pool, filesystem or controller needs attention.
            </EmptyState>
          ) : (
            <>
              <ul className="divide-y divide-line">
                {problems.map((problem) => (
                  <ProblemRow key={`${problem.kind} ${problem.id} ${problem.text}`} problem={problem} />
                ))}
              </ul>
              {problems.length >= 10 && (
                <p className="border-t border-line px-3 py-2 text-muted">
                  These are the worst: all <More onClick={() => onOpen("drives", { state: badVerdicts })}>drives</More>{" "}
                  and <More onClick={() => onOpen("pools", { state: badPoolStates })}>pools</More> that need attention.
                </p>
              )}
            </>
          )}
        </Panel>
        {pools.scans.length > 0 && (
          <Panel title="Scrubs and rebuilds that run">
            <ul className="divide-y divide-line">
              {pools.scans.slice(0, 10).map((row) => (
                <Row key={row.id} kind="pool" place={row} note={poolTypeName(row.type)}>
                  <span className="text-xs text-muted">
                    {scanName(row.scan)}
                    {row.scan.state === "paused"
                      ? ", paused"
                      : row.scan.remainingSeconds !== null
                        ? `, ${formatDuration(row.scan.remainingSeconds)} left`
                        : ""}
                  </span>
                  <Progress value={row.scan.progressRatio} label={scanName(row.scan)} />
                </Row>
              ))}
            </ul>
          </Panel>
        )}
        {pools.overdueScrubs.length > 0 && (
          <Panel title="Scrubs overdue">
            <ul className="divide-y divide-line">
              {pools.overdueScrubs.map((row) => (
                <Row key={row.id} kind="pool" place={row} note={poolTypeName(row.type)}>
                  <span className="text-warn">{formatAge(row.scrubAgeSeconds)} ago</span>
                </Row>
              ))}
            </ul>
          </Panel>
        )}
      </div>
      <div className="grid gap-3">
        <Panel title="Full first">
          {filesystems.fillFirst.length === 0 ? (
            <p className="px-3 py-2 text-muted">No filesystem fills within sight.</p>
          ) : (
            <ul className="divide-y divide-line">
              {filesystems.fillFirst.slice(0, 6).map((row) => (
                <Row key={row.id} kind="filesystem" place={row} note={row.type}>
                  <span className={(row.forecast.hoursLeft ?? 1000) <= 72 ? "text-crit" : ""}>
                    {fullShort(row.forecast)}
                    <span className="block text-xs text-muted">{confidenceWord(row.forecast.confidence)}</span>
                  </span>
                  <Meter value={row.usedRatio} label="Used" />
                </Row>
              ))}
            </ul>
          )}
        </Panel>
        <Drives
          title="Hottest drives"
          rows={devices.hottest}
          value={({ temperatureCelsius, limitCelsius }) => (
            <span
              className={
                limitCelsius !== null && temperatureCelsius > limitCelsius
                  ? "text-crit"
                  : limitCelsius !== null && temperatureCelsius > limitCelsius - 5
                    ? "text-warn"
                    : ""
              }
            >
              {Math.round(temperatureCelsius)} °C
              {limitCelsius !== null && <span className="text-xs text-muted"> of {limitCelsius}</span>}
            </span>
          )}
        />
        <Drives
          title="Most worn drives"
          rows={devices.mostWorn}
          value={({ wearRatio }) => <Meter value={wearRatio} label="Used endurance" />}
        />
        <Counts
          title="Drives by medium"
          counts={Object.entries(devices.byMedia).map(([name, count]) => [mediaName(name) ?? name, count])}
          total={devices.total}
        />
        <Counts
          title="Drives by age"
          counts={devices.byAge.map(({ from, to, count }) => [
            to === null ? `over ${from} years` : `${from} to ${to} years`,
            count,
          ])}
          total={devices.total}
        />
      </div>
    </div>
  );
}

function More({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="rounded text-accent hover:underline" onClick={onClick}>
      {children}
    </button>
  );
}

function ProblemRow({ problem }: { problem: Problem }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-3 py-2">
      <span className="min-w-0">
        <StorageLink kind={problem.kind} id={problem.id} className="font-medium hover:underline">
          {problem.name}
        </StorageLink>{" "}
        <span className="text-xs text-muted">
          {problem.kind === "controller" ? "RAID controller" : problem.kind} on{" "}
          <ServerLink id={problem.serverId} name={problem.serverName} className="hover:underline" />
        </span>
      </span>
      <span className="justify-self-end">
        <StateDot state={problem.state ?? "unknown"} tone={problem.severity === "critical" ? "crit" : "warn"}>
          {problemWord(problem)}
        </StateDot>
      </span>
      <span className="min-w-0 text-soft">{problem.text}</span>
      <span className="text-right text-xs text-muted">{problem.since !== null && <For since={problem.since} />}</span>
    </li>
  );
}

/** What is writable and fills up, or is online and has no room, is amiss for another reason than its state. */
function problemWord({ kind, state }: Problem): string {
  if (kind === "filesystem" && state === "rw") return "fills up";
  if (kind === "pool" && state === "online") return "out of room";
  return storageWord(state);
}

type PlaceOf = { id: number; serverId: string; serverName: string; name: string };

function Row(props: { kind: StorageKind; place: PlaceOf; note: string | null; children: ReactNode }) {
  const { kind, place, note } = props;
  return (
    <li className="flex min-h-10 items-center gap-3 px-3 py-1.5">
      <span className="min-w-0 flex-1 leading-4">
        <StorageLink kind={kind} id={place.id} className="block truncate font-medium hover:underline">
          {place.name}
        </StorageLink>
        <span className="block truncate text-xs text-muted">
          <ServerLink id={place.serverId} name={place.serverName} className="hover:underline" />
          {note && ` · ${note}`}
        </span>
      </span>
      <span className="flex shrink-0 items-center gap-3 text-right">{props.children}</span>
    </li>
  );
}

function Drives<T extends PlaceOf & { model: string | null }>({
  title,
  rows,
  value,
}: {
  title: string;
  rows: readonly T[];
  value: (row: T) => ReactNode;
}) {
  if (rows.length === 0) return null;
  return (
    <Panel title={title}>
      <ul className="divide-y divide-line">
        {rows.slice(0, 5).map((row) => (
          <Row key={row.id} kind="drive" place={row} note={row.model}>
            {value(row)}
          </Row>
        ))}
      </ul>
    </Panel>
  );
}

function Counts({
  title,
  counts,
  total,
}: {
  title: string;
  counts: readonly (readonly [string, number])[];
  total: number;
}) {
  const known = counts.filter(([, count]) => count > 0);
  if (known.length < 2) return null;
  return (
    <Panel title={title}>
      <ul className="space-y-1 px-3 py-2">
        {known.map(([name, count]) => (
          <li key={name} className="grid grid-cols-[7rem_1fr_4.5rem] items-center gap-2">
            <span className="text-muted">{name}</span>
            <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-sunken">
              <span className="block h-full rounded-full bg-(--c2)" style={{ width: `${(count / total) * 100}%` }} />
            </span>
            <span className="text-right">
              {count} <span className="text-xs text-muted">{formatRatio(count / total)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** How far something is; more is better, so no colour warns. */
export function Progress({ value, label, wide }: { value: number | null; label: string; wide?: boolean }) {
  const share = Math.min(1, Math.max(0, value ?? 0));
  return (
    <span className={`inline-flex items-center gap-2 ${wide ? "w-full" : ""}`}>
      <span
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(value !== null && { "aria-valuenow": Math.round(share * 100) })}
        className={`h-1.5 overflow-hidden rounded-full bg-sunken ${wide ? "min-w-10 flex-1" : "w-14"}`}
      >
        <span className="block h-full rounded-full bg-info" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="w-10 shrink-0 text-right">{formatRatio(value)}</span>
    </span>
  );
}

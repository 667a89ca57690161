import type { Summary } from "../../api/storage-types.ts";
import { formatBytes, formatCapacity, formatRatio } from "../../format/units.ts";
import { StateDot, type Tone } from "../../ui/badge.tsx";
import { Meter } from "../../ui/meter.tsx";
import { ErrorState } from "../../ui/states.tsx";
import type { StorageFilter } from "./queries.ts";
import {
  badControllerStates,
  badPoolStates,
  badVerdicts,
  poolStates,
  poolTone,
  storageTone,
  storageWord,
  verdicts,
} from "./words.ts";

type Open = (tab: string, filter?: StorageFilter) => void;
type Query = { data: Summary | undefined; error: unknown; refetch: () => unknown };

/** What is full within three days needs attention now. */
const soonHours = 72;

/** Figures over all storage; each leads to what it counts. */
export function SummaryTiles({ query, onOpen }: { query: Query; onOpen: Open }) {
  if (query.data === undefined) {
    if (query.error) {
      return (
        <div className="panel mb-3">
          <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
        </div>
      );
    }
    return <div role="status" aria-label="Loading" className="skeleton mb-3 h-93 rounded-lg! sm:h-61 xl:h-29" />;
  }
  const { devices, pools, filesystems, controllers, problems } = query.data;
  const used =
    filesystems.sizeBytes > 0 ? filesystems.usedBytes / (filesystems.usedBytes + filesystems.availableBytes) : null;
  const attention =
    count(devices.byVerdict, badVerdicts) +
    count(pools.byState, badPoolStates) +
    count(controllers.byState, badControllerStates) +
    problems.filter(({ kind, state }) => kind === "pool" && state === "online").length +
    (filesystems.byState.stuck ?? 0) +
    filesystems.fillFirst.filter(({ forecast }) => (forecast.hoursLeft ?? soonHours) < soonHours).length;
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 xl:grid-cols-[1fr_1fr_1fr_0.8fr]">
      <Tile
        wide
        title="Drives"
        figure={String(devices.total)}
        sub={`${formatCapacity(devices.capacityBytes)} raw`}
        onOpen={() => onOpen("drives")}
      >
        <States
          counts={devices.byVerdict}
          order={verdicts}
          onPick={(state) => onOpen("drives", { state })}
          label="Drives by verdict"
        />
      </Tile>
      <Tile
        wide
        title="Pools"
        figure={String(pools.total)}
        sub={
          pools.membersMissing > 0
            ? `${pools.membersMissing} ${pools.membersMissing === 1 ? "member" : "members"} missing`
            : ""
        }
        onOpen={() => onOpen("pools")}
      >
        <States
          counts={pools.byState}
          order={poolStates}
          toneOf={poolTone}
          onPick={(state) => onOpen("pools", { state })}
          label="Pools by state"
        />
      </Tile>
      <Tile title="Filesystems" figure={formatRatio(used)} sub="" onOpen={() => onOpen("filesystems")}>
        <Meter wide value={used} label="Used share of all local filesystems" />
        <span className="text-xs text-muted">
          {formatBytes(filesystems.usedBytes)} of {formatBytes(filesystems.sizeBytes)} used
        </span>
      </Tile>
      <Tile
        title="Need attention"
        figure={String(attention)}
        tone={attention > 0 ? "text-crit" : "text-ok"}
        sub=""
        onOpen={() => onOpen("overview")}
      >
        <span className="text-xs text-muted">
          {pools.scrubsOverdue > 0
            ? `and ${pools.scrubsOverdue} overdue ${pools.scrubsOverdue === 1 ? "scrub" : "scrubs"}`
            : "drives, pools and filesystems"}
        </span>
      </Tile>
    </div>
  );
}

function Tile(props: {
  title: string;
  figure: string;
  sub: string;
  tone?: string;
  /** Takes a whole row of a small screen. */
  wide?: true;
  onOpen: () => void;
  children: React.ReactNode;
}) {
  return (
    <section
      className={`panel flex min-h-29 min-w-0 flex-col gap-1 px-3 py-2 ${props.wide ? "max-sm:col-span-2" : ""}`}
    >
      <div className="flex items-baseline gap-2">
        <h2 className="text-xs text-muted">
          <button type="button" onClick={props.onOpen} className="rounded hover:text-text hover:underline">
            {props.title}
          </button>
        </h2>
        <span className="ml-auto truncate text-xs text-muted">{props.sub}</span>
      </div>
      <p className={`text-xl leading-7 font-semibold ${props.tone ?? ""}`}>{props.figure}</p>
      {props.children}
    </section>
  );
}

/** Counts by state, the worst first; each filters by it. */
function States(props: {
  label: string;
  counts: Record<string, number>;
  order: readonly string[];
  toneOf?: (state: string) => Tone;
  onPick: (state: string) => void;
}) {
  const known = props.order.filter((state) => (props.counts[state] ?? 0) > 0);
  return (
    <ul aria-label={props.label} className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs">
      {known.map((state) => (
        <li key={state}>
          <button type="button" onClick={() => props.onPick(state)} className="rounded hover:underline">
            <StateDot state={state} tone={(props.toneOf ?? storageTone)(state)}>
              {props.counts[state]} {storageWord(state)}
            </StateDot>
          </button>
        </li>
      ))}
    </ul>
  );
}

function count(counts: Record<string, number>, states: string): number {
  return states.split(",").reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

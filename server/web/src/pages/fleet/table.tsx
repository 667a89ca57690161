// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document can't be in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells hold the links and buttons
import { Link, useNavigate } from "@tanstack/react-router";
import { memo } from "react";
import { useCpuHistory } from "../../api/sparklines.ts";
import type { Server } from "../../api/types.ts";
import { Badge, StateDot } from "../../ui/badge.tsx";
import { labelsText } from "../../ui/form.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Meter, Sparkline } from "../../ui/meter.tsx";
import { Ago } from "../../ui/time.tsx";
import { useNarrow, VirtualRows } from "../../ui/virtual-rows.tsx";

const columns = [
  { key: "name", label: "Server" },
  { key: "state", label: "State" },
  { key: null, label: "Group and labels" },
  { key: "cpu", label: "CPU, last hour" },
  { key: "memory", label: "Memory" },
  { key: "disk", label: "Disk" },
  { key: "containers", label: "Containers" },
  { key: "alerts", label: "Alerts" },
  { key: "seen", label: "Last seen" },
] as const;

const grid =
  "grid grid-cols-[minmax(9rem,1.6fr)_6.5rem_minmax(6rem,1.3fr)_12rem_7rem_7rem_6.5rem_4.5rem_5.5rem] items-center gap-x-3 px-3 max-lg:grid-cols-[minmax(9rem,1.6fr)_6.5rem_7.5rem_7rem_7rem_4.5rem]";
const wideOnly = "max-lg:hidden";

type Props = { servers: Server[]; sort: string; onSort: (sort: string) => void };

/** The fleet as a table, as cards on small screens; only what is in view is in the document. */
export function FleetTable({ servers, sort, onSort }: Props) {
  const cards = useNarrow();
  return (
    <div className="panel">
      <VirtualRows
        label="Servers"
        rows={servers}
        keyOf={(server) => server.id}
        height={cards ? 156 : 48}
        heading={
          !cards && (
            <div role="row" aria-rowindex={1} className={`${grid} h-9`}>
              {columns.map((column) => (
                <Heading key={column.label} column={column} sort={sort} onSort={onSort} />
              ))}
            </div>
          )
        }
      >
        {(server) => (cards ? <Card server={server} /> : <Row server={server} />)}
      </VirtualRows>
    </div>
  );
}

function Heading(props: { column: (typeof columns)[number]; sort: string; onSort: (sort: string) => void }) {
  const { key, label } = props.column;
  const hidden = label === "Group and labels" || label === "Containers" || label === "Last seen" ? wideOnly : "";
  const active = key !== null && props.sort.replace("-", "") === key;
  const down = props.sort.startsWith("-");
  const next = active ? (down ? key : `-${key}`) : key === "name" || key === "state" ? key : `-${key}`;
  return (
    <div
      role="columnheader"
      aria-sort={active ? (down ? "descending" : "ascending") : undefined}
      className={`text-xs text-muted ${hidden}`}
    >
      {key === null ? (
        label
      ) : (
        <button
          type="button"
          onClick={() => props.onSort(next ?? "name")}
          className={`-mx-1 rounded px-1 py-0.5 hover:text-text ${active ? "text-text" : ""}`}
        >
          {label}
          <span aria-hidden="true" className="ml-1 inline-block w-2">
            {active ? (down ? "↓" : "↑") : ""}
          </span>
        </button>
      )}
    </div>
  );
}

function useOpen(id: string) {
  const navigate = useNavigate();
  return (event: React.MouseEvent) => {
    if ((event.target as HTMLElement).closest("a,button") || getSelection()?.toString()) return;
    void navigate({ to: "/servers/$id", params: { id } });
  };
}

const Row = memo(function Row({ server }: { server: Server }) {
  const open = useOpen(server.id);
  const { latest, containers } = server;
  // What an unconnected server reported last is history.
  const stale = server.connected ? "" : "opacity-50";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row serves the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the same link
    <div className={`${grid} h-full cursor-pointer`} onClick={open}>
      <div role="cell" className="min-w-0 leading-4">
        <ServerLink server={server} />
        {server.hostname !== server.name && <div className="truncate text-xs text-muted">{server.hostname}</div>}
      </div>
      <div role="cell" title={server.stateReason}>
        <StateDot state={server.state} />
      </div>
      <div role="cell" className={`min-w-0 leading-4 ${wideOnly}`} title={labelsText(server.labels)}>
        {server.group && <div className="truncate">{server.group}</div>}
        <div className="truncate text-xs text-muted">{labelsText(server.labels)}</div>
      </div>
      <div role="cell" className={`flex items-center gap-3 ${stale}`}>
        <Meter value={latest?.cpuUsageRatio} label="CPU" />
        <span className={wideOnly}>
          <CpuHistory server={server} />
        </span>
      </div>
      <div role="cell" className={stale}>
        <Meter value={latest?.memoryUsedRatio} label="Memory" />
      </div>
      <div role="cell" className={stale}>
        <Meter value={latest?.diskUsedRatio} label="Fullest disk" />
      </div>
      <div role="cell" className={wideOnly}>
        <ContainerCount {...containers} />
      </div>
      <div role="cell">
        <FiringBadge count={server.firingAlerts} />
      </div>
      <div role="cell" className={`text-muted ${wideOnly}`}>
        <Ago at={server.lastSeenAt} />
      </div>
    </div>
  );
});

const Card = memo(function Card({ server }: { server: Server }) {
  const open = useOpen(server.id);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the card serves the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the same link
    <div className="flex h-full flex-col justify-between p-3" onClick={open}>
      <div role="cell" className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          <ServerLink server={server} />
        </span>
        <FiringBadge count={server.firingAlerts} />
        <StateDot state={server.state} />
      </div>
      <div role="cell" className="grid grid-cols-[4rem_1fr] items-center gap-x-2 gap-y-0.5">
        <span className="text-muted">CPU</span>
        <Meter wide value={server.latest?.cpuUsageRatio} label="CPU" />
        <span className="text-muted">Memory</span>
        <Meter wide value={server.latest?.memoryUsedRatio} label="Memory" />
        <span className="text-muted">Disk</span>
        <Meter wide value={server.latest?.diskUsedRatio} label="Fullest disk" />
      </div>
      <div role="cell" className="flex h-5 items-center gap-2 overflow-hidden text-xs text-muted">
        {server.group && <Badge>{server.group}</Badge>}
        {server.containers.total > 0 && <ContainerCount {...server.containers} />}
        <span className="ml-auto">
          <Ago at={server.lastSeenAt} />
        </span>
      </div>
    </div>
  );
});

function ServerLink({ server }: { server: Server }) {
  return (
    <Link
      to="/servers/$id"
      params={{ id: server.id }}
      className="inline-block max-w-full truncate align-bottom font-medium hover:underline"
    >
      {server.name}
    </Link>
  );
}

function CpuHistory({ server }: { server: Server }) {
  const { data } = useCpuHistory(server.latest?.hostResourceId);
  if (!data || data.length < 2) return <span className="block h-5 w-18" />;
  return <Sparkline values={data} label={`CPU of ${server.name} in the last hour`} />;
}

function ContainerCount({ total, running, unhealthy }: Server["containers"]) {
  if (total === 0) return <span className="text-muted">–</span>;
  return (
    <span title={`${running} of ${total} running${unhealthy ? `, ${unhealthy} unhealthy` : ""}`}>
      {running}
      <span className="text-muted">/{total}</span>
      {unhealthy > 0 && (
        <span className="ml-2 inline-flex items-center gap-0.5 align-bottom text-crit">
          <Icon name="warning" size={14} /> {unhealthy}
          <span className="sr-only">unhealthy</span>
        </span>
      )}
    </span>
  );
}

function FiringBadge({ count }: { count: number }) {
  if (count === 0) return null;
  return <Badge tone="crit">{count} firing</Badge>;
}

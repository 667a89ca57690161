import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, lazy, Suspense, useState } from "react";
import { containersQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { formatBytes, formatDuration, formatUnit } from "../format/units.ts";
import { Badge, StateDot, toneOf } from "../ui/badge.tsx";
import { buttonClass } from "../ui/button.tsx";
import { Panel } from "../ui/page.tsx";
import { EmptyState, Loaded, LoadingRows } from "../ui/states.tsx";
import { Ago } from "../ui/time.tsx";
import { ContainerActions } from "./container-actions.tsx";

const ContainerDetail = lazy(() => import("./container-detail.tsx"));

/** Containers of one server. */
export function ContainerTable({ server }: { server: string }) {
  const query = useQuery(containersQuery(server));
  return (
    <Panel>
      <Loaded
        query={query}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <EmptyState icon="containers" title="No container runs here">
            The agent looks for a Docker socket; `fairlead-agent doctor` says what it sees.
          </EmptyState>
        }
      >
        {(rows) => <ContainerRows containers={sorted(rows)} />}
      </Loaded>
    </Panel>
  );
}

function sorted(rows: Container[]): Container[] {
  return rows.toSorted((a, b) => Number(a.goneAt !== null) - Number(b.goneAt !== null) || a.name.localeCompare(b.name));
}

/** The rows themselves, with the server's name where the list is of the whole fleet. A row opens its charts. */
export function ContainerRows({ containers, withServer }: { containers: Container[]; withServer?: boolean }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <table className="data">
      <thead>
        <tr>
          <th>Container</th>
          {withServer && <th>Server</th>}
          <th>State</th>
          <th>Image</th>
          <th className="num">CPU</th>
          <th className="num">Memory</th>
          <th className="num">Restarts</th>
          <th>Up</th>
          <th>
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {containers.map((container) => (
          <Fragment key={container.id}>
            <Row
              container={container}
              withServer={withServer ?? false}
              open={open === container.id}
              onToggle={() => setOpen(open === container.id ? null : container.id)}
            />
            {open === container.id && (
              <tr className="hover:bg-transparent!">
                <td colSpan={withServer ? 9 : 8} className="block! bg-sunken md:table-cell!">
                  <Suspense fallback={<LoadingRows rows={3} />}>
                    <MorePages container={container} />
                    <ContainerDetail container={container} />
                  </Suspense>
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

/** Ways to what needs more room than a row. */
function MorePages({ container }: { container: Container }) {
  const params = { id: String(container.id) };
  return (
    <nav aria-label={`More of ${container.name}`} className="flex flex-wrap gap-1 pt-1 text-left">
      {(["logs", "updates", "backups"] as const).map((tab) => (
        <Link key={tab} to="/containers/$id" params={params} search={{ tab }} className={buttonClass("plain", true)}>
          {tab[0]?.toUpperCase() + tab.slice(1)}
        </Link>
      ))}
    </nav>
  );
}

type RowProps = { container: Container; withServer: boolean; open: boolean; onToggle: () => void };

function Row({ container, withServer, open, onToggle }: RowProps) {
  const values = container.latest?.values ?? {};
  const gone = container.goneAt !== null;
  const running = container.state === "running" && !gone;
  return (
    <tr className={gone ? "opacity-60" : ""}>
      <td className="md:max-w-64">
        <button type="button" aria-expanded={open} onClick={onToggle} className="text-left font-medium hover:underline">
          {container.name}
        </button>
        {container.composeProject && (
          <span className="block truncate text-xs text-muted">
            {container.composeProject}
            {container.composeService && ` / ${container.composeService}`}
          </span>
        )}
      </td>
      {withServer && (
        <td data-label="Server">
          <Link to="/servers/$id" params={{ id: container.serverId }} className="text-soft hover:underline">
            {container.serverName}
          </Link>
        </td>
      )}
      <td data-label="State">
        <ContainerState container={container} />
      </td>
      <td data-label="Image" className="md:max-w-72">
        <ImageName container={container} />
      </td>
      <td data-label="CPU" className="num">
        {running ? formatUnit("cores", values.cpu_cores) : ""}
      </td>
      <td data-label="Memory" className="num" title={memoryTitle(values)}>
        {running ? formatBytes(values.memory_used_bytes) : ""}
      </td>
      <td data-label="Restarts" className={`num ${container.restartCount ? "text-warn" : "text-muted"}`}>
        {container.restartCount ?? ""}
      </td>
      <td data-label="Up" className="whitespace-nowrap text-muted">
        {running && (values.uptime_seconds ? formatDuration(values.uptime_seconds) : <Ago at={container.startedAt} />)}
      </td>
      <td className="md:text-right">
        <ContainerActions container={container} />
      </td>
    </tr>
  );
}

export function ContainerState({ container }: { container: Container }) {
  if (container.goneAt) return <StateDot state="gone">removed</StateDot>;
  const clean = container.state === "exited" && container.exitCode === 0;
  const failed = container.state === "exited" && !clean && container.exitCode !== null;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5" title={container.status ?? ""}>
      <StateDot state={container.state ?? "unknown"} tone={clean ? "idle" : toneOf(container.state)}>
        {failed ? `exited, code ${container.exitCode}` : undefined}
      </StateDot>
      {container.health && container.health !== "none" && (
        <Badge tone={toneOf(container.health)}>{container.health}</Badge>
      )}
    </span>
  );
}

function ImageName({ container }: { container: Container }) {
  const { image, tag } = container;
  const name = tag && image.endsWith(`:${tag}`) ? image.slice(0, -tag.length - 1) : image;
  return (
    <span title={[image, container.digest].filter(Boolean).join("\n")} className="font-mono text-xs">
      <span className="text-soft">{name}</span>
      {tag && <span className="ml-1 rounded bg-sunken px-1 py-0.5">{tag}</span>}
    </span>
  );
}

function memoryTitle(values: Record<string, number | null>): string {
  return values.memory_limit_bytes ? `of ${formatBytes(values.memory_limit_bytes)}` : "no limit";
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Fragment, Suspense, useState } from "react";
import { containersQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { lazyPart } from "../app/lazy-part.tsx";
import { formatBytes, formatDuration, formatUnit } from "../format/units.ts";
import { buttonClass } from "../ui/button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Panel } from "../ui/page.tsx";
import { SortButton, sortOf } from "../ui/sort-button.tsx";
import { EmptyState, Loaded, LoadingRows } from "../ui/states.tsx";
import { For } from "../ui/time.tsx";
import { ContainerActions } from "./container-actions.tsx";
import { sortContainers, usualSort } from "./container-sorts.ts";
import { ContainerState } from "./container-state.tsx";

const ContainerDetail = lazyPart(() => import("./container-detail.tsx").then((file) => file.default));

/** Containers of one server. */
export function ContainerTable({ server }: { server: string }) {
  const query = useQuery(containersQuery(server));
  const [sort, setSort] = useState(usualSort);
  return (
    <Panel>
      <Loaded
        query={query}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <EmptyState icon="containers" title="No container runs here">
            The agent looks for the sockets of Docker and Podman;{" "}
            <code className="font-mono text-xs">sudo fairlead-agent doctor</code> says what it sees.
          </EmptyState>
        }
      >
        {(rows) => <ContainerRows containers={sortContainers(rows, sort)} sort={sort} onSort={setSort} />}
      </Loaded>
    </Panel>
  );
}

/** What a list of containers shows, and can be sorted by. */
export const containerColumns: readonly { label: string; sort: string; down?: true; num?: true }[] = [
  { label: "Container", sort: "name" },
  { label: "Server", sort: "server" },
  { label: "State", sort: "state", down: true },
  { label: "Image", sort: "image" },
  { label: "CPU, cores", sort: "cpu", down: true, num: true },
  { label: "Memory", sort: "memory", down: true, num: true },
  { label: "Restarts", sort: "restarts", down: true, num: true },
  { label: "Up", sort: "up", down: true, num: true },
];

type RowsProps = {
  /** As they are sorted. */
  containers: Container[];
  sort: string;
  onSort: (sort: string) => void;
  /** For lists of the whole fleet. */
  withServer?: boolean;
};

/** The rows themselves, with the server's name where the list is of the whole fleet. A row opens its charts. */
export function ContainerRows({ containers, sort, onSort, withServer = false }: RowsProps) {
  const [open, setOpen] = useState<number | null>(null);
  const shown = containerColumns.filter(({ label }) => withServer || label !== "Server");
  return (
    <table className="data" aria-label="Containers">
      <thead>
        <tr>
          {shown.map(({ label, sort: key, down, num }) => (
            <th key={label} className={num ? "num" : ""} aria-sort={sortOf(sort, key)}>
              <SortButton label={label} sort={key} down={down} now={sort} onSort={onSort} />
            </th>
          ))}
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
              withServer={withServer}
              open={open === container.id}
              onToggle={() => setOpen(open === container.id ? null : container.id)}
            />
            {open === container.id && (
              <tr className="hover:bg-transparent!">
                <td colSpan={shown.length + 1} className="block! bg-sunken md:table-cell!">
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
        <span className="flex items-start gap-1">
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Charts of ${container.name}`}
            title="Charts and facts"
            onClick={onToggle}
            className="-ml-1 flex size-5 shrink-0 items-center justify-center rounded text-muted hover:bg-hover hover:text-text pointer-coarse:size-9"
          >
            <Icon name="down" size={14} className={open ? "" : "-rotate-90"} />
          </button>
          <span className="min-w-0">
            <Link
              to="/containers/$id"
              params={{ id: String(container.id) }}
              className="line-clamp-2 font-medium hover:underline"
              title={container.name}
            >
              {container.name}
            </Link>
            {container.composeProject && (
              <span className="block truncate text-xs text-muted">
                {container.composeProject}
                {container.composeService && ` / ${container.composeService}`}
              </span>
            )}
          </span>
        </span>
      </td>
      {withServer && (
        <td data-label="Server" className="md:max-w-48">
          <Link
            to="/servers/$id"
            params={{ id: container.serverId }}
            search={{ tab: "containers" }}
            className="block truncate text-soft hover:underline"
            title={container.serverName}
          >
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
      <td data-label="CPU, cores" className="num">
        {running ? formatUnit("cores", values.cpu_cores) : ""}
      </td>
      <td data-label="Memory" className="num" title={memoryTitle(values)}>
        {running ? formatBytes(values.memory_used_bytes) : ""}
      </td>
      <td data-label="Restarts" className={`num ${container.restartCount ? "text-warn" : "text-muted"}`}>
        {container.restartCount ?? ""}
      </td>
      <td data-label="Up" className="num text-muted">
        {running &&
          (values.uptime_seconds ? formatDuration(values.uptime_seconds) : <For since={container.startedAt} />)}
      </td>
      <td className="md:text-right">
        <ContainerActions container={container} />
      </td>
    </tr>
  );
}

/** The image's own name and its tag, with where it comes from below. */
function ImageName({ container }: { container: Container }) {
  const { image, tag } = container;
  const name = tag && image.endsWith(`:${tag}`) ? image.slice(0, -tag.length - 1) : image;
  const place = name.slice(0, Math.max(0, name.lastIndexOf("/")));
  return (
    <span title={[image, container.digest].filter(Boolean).join("\n")} className="block min-w-0 font-mono text-xs">
      <span className="flex min-w-0 items-center gap-1 max-md:justify-end">
        <span className="truncate text-soft">{place === "" ? name : name.slice(place.length + 1)}</span>
        {tag && <span className="max-w-24 shrink-0 truncate rounded bg-sunken px-1 py-0.5">{tag}</span>}
      </span>
      {place !== "" && <span className="block truncate text-muted">{place}</span>}
    </span>
  );
}

function memoryTitle(values: Record<string, number | null>): string {
  return values.memory_limit_bytes ? `of ${formatBytes(values.memory_limit_bytes)}` : "no limit";
}

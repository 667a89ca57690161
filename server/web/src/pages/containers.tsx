import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { containersQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { sortContainers, usualSort } from "../containers/container-sorts.ts";
import { ContainerRows, containerColumns as sortable } from "../containers/container-table.tsx";
import { Button } from "../ui/button.tsx";
import { Choice, capital, SearchField, SortChoice } from "../ui/filter.tsx";
import { PageHead, Panel } from "../ui/page.tsx";
import { EmptyState, Loaded, LoadingRows } from "../ui/states.tsx";

const route = getRouteApi("/containers");
const step = 200;
const states = ["running", "unhealthy", "exited", "restarting", "paused", "created", "dead"].map(
  (state) => [state, capital(state)] as const,
);

/** All containers of the fleet. */
export function ContainersPage() {
  const query = useQuery(containersQuery());
  return (
    <>
      <PageHead title="Containers" />
      <Loaded
        query={query}
        loading={
          <div className="panel">
            <LoadingRows rows={12} />
          </div>
        }
        isEmpty={(rows) => rows.length === 0}
        empty={
          <div className="panel">
            <EmptyState icon="containers" title="No container is known yet">
              Containers appear with the first report of a server that runs Docker or Podman.
            </EmptyState>
          </div>
        }
      >
        {(rows) => <List rows={rows} />}
      </Loaded>
    </>
  );
}

function List({ rows }: { rows: Container[] }) {
  const { q = "", state = "", server, sort = usualSort } = route.useSearch();
  const navigate = route.useNavigate();
  const servers = useMemo(() => serversOf(rows), [rows]);
  const [limit, setLimit] = useState(step);
  const shown = useMemo(
    () => sortContainers(filtered(rows, { q, state, server }), sort),
    [rows, q, state, server, sort],
  );
  const change = (part: Partial<Record<"q" | "state" | "server" | "sort", string | undefined>>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <>
      <search className="mb-3 grid grid-cols-2 gap-2 md:flex">
        <SearchField
          label="Search containers"
          placeholder="Name, image, project, server"
          value={q}
          onChange={(next) => change({ q: next || undefined })}
        />
        <Choice
          label="State"
          any="Any state"
          value={state || undefined}
          options={states}
          onChange={(next) => change({ state: next })}
        />
        {servers.length > 1 && (
          <Choice
            label="Server"
            any="All servers"
            value={server}
            options={servers}
            onChange={(next) => change({ server: next })}
          />
        )}
        <SortChoice value={sort} columns={sortable} onChange={(next) => change({ sort: next })} />
      </search>
      <Panel>
        {shown.length === 0 ? (
          <EmptyState
            icon="search"
            title="No container matches"
            action={
              <Button onClick={() => change({ q: undefined, state: undefined, server: undefined })}>
                Clear the filter
              </Button>
            }
          />
        ) : (
          <ContainerRows
            withServer
            containers={shown.slice(0, limit)}
            sort={sort}
            onSort={(next) => change({ sort: next })}
          />
        )}
        {shown.length > limit && (
          <div className="border-t border-line p-2 text-center">
            <Button look="quiet" onClick={() => setLimit(limit + step)}>
              {shown.length - limit} more
            </Button>
          </div>
        )}
      </Panel>
      <p role="status" className="mt-2 px-1 text-xs text-muted">
        {shown.length} of {rows.length} containers
      </p>
    </>
  );
}

type Filter = { q: string; state: string; server: string | undefined };

function filtered(rows: Container[], { q, state, server }: Filter): Container[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (server !== undefined && row.serverId !== server) return false;
    if (state === "unhealthy" ? row.health !== "unhealthy" : state && row.state !== state) return false;
    const text = `${row.name} ${row.image} ${row.serverName} ${row.composeProject ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function serversOf(rows: readonly Container[]): [string, string][] {
  const found = new Map(rows.map(({ serverId, serverName }) => [serverId, serverName]));
  return [...found].sort((a, b) => a[1].localeCompare(b[1], undefined, { numeric: true }));
}

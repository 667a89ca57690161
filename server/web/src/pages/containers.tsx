import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { containersQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { ContainerRows } from "../containers/container-table.tsx";
import { Button } from "../ui/button.tsx";
import { PageHead, Panel } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";

const route = getRouteApi("/containers");
const step = 200;

/** All containers of the fleet. */
export function ContainersPage() {
  const query = useQuery(containersQuery());
  return (
    <>
      <PageHead title="Containers" />
      <Loaded
        query={query}
        isEmpty={(rows) => rows.length === 0}
        empty={
          <div className="panel">
            <EmptyState icon="containers" title="No container is known yet">
              Containers appear with the first report of a server that runs Docker.
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
  const { q = "", state = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const [limit, setLimit] = useState(step);
  const shown = useMemo(() => filtered(rows, q, state), [rows, q, state]);
  const change = (part: { q?: string | undefined; state?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <>
      <search className="mb-3 grid grid-cols-2 gap-2 md:flex">
        <input
          type="search"
          className="field md:w-80"
          placeholder="Search name, image, server"
          aria-label="Search containers"
          value={q}
          onChange={(event) => change({ q: event.target.value || undefined })}
        />
        <select
          className="field md:w-40"
          aria-label="State"
          value={state}
          onChange={(event) => change({ state: event.target.value || undefined })}
        >
          <option value="">Any state</option>
          <option value="running">Running</option>
          <option value="unhealthy">Unhealthy</option>
          <option value="exited">Exited</option>
          <option value="restarting">Restarting</option>
          <option value="paused">Paused</option>
        </select>
      </search>
      <Panel>
        {shown.length === 0 ? (
          <EmptyState icon="search" title="No container matches" />
        ) : (
          <ContainerRows withServer containers={shown.slice(0, limit)} />
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

function filtered(rows: Container[], q: string, state: string): Container[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return rows
    .filter((row) => {
      if (state === "unhealthy" ? row.health !== "unhealthy" : state && row.state !== state) return false;
      const text = `${row.name} ${row.image} ${row.serverName} ${row.composeProject ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort(
      (a, b) =>
        Number(bad(b)) - Number(bad(a)) || a.name.localeCompare(b.name) || a.serverName.localeCompare(b.serverName),
    );
}

function bad(row: Container): boolean {
  return row.goneAt === null && (row.health === "unhealthy" || row.state === "restarting" || row.state === "dead");
}

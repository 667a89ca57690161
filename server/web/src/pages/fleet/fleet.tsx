import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { serversQuery } from "../../api/queries.ts";
import type { Server } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { PageHead } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { AddServer } from "./add-server.tsx";
import { applyFilter, type FleetFilter } from "./filter.ts";
import { FleetTable } from "./table.tsx";
import { TotalsStrip } from "./totals.tsx";

const route = getRouteApi("/servers");

/** All servers, live. */
export function FleetPage() {
  const query = useQuery(serversQuery);
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("operator");
  const add = mayAdd && (
    <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
      Add a server
    </Button>
  );
  return (
    <>
      <PageHead title="Servers">{add}</PageHead>
      <Loaded
        query={query}
        isEmpty={(servers) => servers.length === 0}
        empty={
          <div className="panel">
            <EmptyState icon="servers" title="No server is watched yet" action={add}>
              Add one: you get a line to run on it, and it appears here seconds later.
            </EmptyState>
          </div>
        }
      >
        {(servers) => <Fleet servers={servers} />}
      </Loaded>
      {adding && <AddServer open onOpenChange={setAdding} />}
    </>
  );
}

function Fleet({ servers }: { servers: Server[] }) {
  const filter: FleetFilter = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: FleetFilter) =>
    void navigate({ search: (old: FleetFilter) => ({ ...old, ...part }), replace: true });
  const shown = useMemo(() => applyFilter(servers, filter), [servers, filter]);
  const filtered = Boolean(filter.q || filter.state || filter.group || filter.label);
  return (
    <>
      <TotalsStrip servers={servers} state={filter.state} onState={(state) => change({ state })} />
      <Filters servers={servers} filter={filter} onChange={change} />
      {shown.length === 0 ? (
        <div className="panel">
          <EmptyState
            icon="search"
            title="No server matches"
            action={
              <Button onClick={() => change({ q: undefined, state: undefined, group: undefined, label: undefined })}>
                Clear the filter
              </Button>
            }
          />
        </div>
      ) : (
        <FleetTable servers={shown} sort={filter.sort ?? "name"} onSort={(sort) => change({ sort })} />
      )}
      <p role="status" className="mt-2 px-1 text-xs text-muted">
        {filtered ? `${shown.length} of ${servers.length} servers` : `${servers.length} servers`}
      </p>
    </>
  );
}

function Filters(props: { servers: Server[]; filter: FleetFilter; onChange: (part: FleetFilter) => void }) {
  const { servers, filter, onChange } = props;
  const groups = useMemo(() => [...new Set(servers.map((server) => server.group))].sort(), [servers]);
  const labels = useMemo(() => {
    const all = servers.flatMap((server) => Object.entries(server.labels).map((pair) => pair.join("=")));
    return [...new Set(all)].sort().slice(0, 300);
  }, [servers]);
  return (
    <search className="mb-3 grid grid-cols-2 gap-2 md:flex md:items-center">
      <div className="relative col-span-2 md:w-72">
        <Icon name="search" size={14} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-muted" />
        <input
          type="search"
          className="field pl-8!"
          placeholder="Search name, group, label"
          aria-label="Search servers"
          value={filter.q ?? ""}
          onChange={(event) => onChange({ q: event.target.value || undefined })}
        />
      </div>
      <select
        className="field md:w-36"
        aria-label="State"
        value={filter.state ?? ""}
        onChange={(event) => onChange({ state: event.target.value || undefined })}
      >
        <option value="">Any state</option>
        <option value="online">Online</option>
        <option value="degraded">Degraded</option>
        <option value="offline">Offline</option>
        <option value="never_seen">Never seen</option>
        <option value="paused">Paused</option>
      </select>
      <select
        className="field md:w-36"
        aria-label="Group"
        value={filter.group ?? ""}
        onChange={(event) => onChange({ group: event.target.value || undefined })}
      >
        <option value="">Any group</option>
        {groups.map((group) => (
          <option key={group} value={group || "none"}>
            {group || "No group"}
          </option>
        ))}
      </select>
      <select
        className="field md:w-44"
        aria-label="Label"
        value={filter.label ?? ""}
        onChange={(event) => onChange({ label: event.target.value || undefined })}
      >
        <option value="">Any label</option>
        {labels.map((label) => (
          <option key={label} value={label}>
            {label}
          </option>
        ))}
      </select>
      <select
        className="field md:hidden"
        aria-label="Sort by"
        value={filter.sort ?? "name"}
        onChange={(event) => onChange({ sort: event.target.value })}
      >
        <option value="name">By name</option>
        <option value="state">By state</option>
        <option value="-cpu">By CPU</option>
        <option value="-memory">By memory</option>
        <option value="-disk">By disk</option>
        <option value="-alerts">By alerts</option>
        <option value="-seen">Last seen</option>
      </select>
    </search>
  );
}

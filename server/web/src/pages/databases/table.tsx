import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type MouseEvent, useState } from "react";
import type { Database } from "../../api/database-types.ts";
import { formatBytes, formatDuration, formatNumber, formatRatio } from "../../format/units.ts";
import { Button } from "../../ui/button.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Panel } from "../../ui/page.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { DatabaseState, databaseName, EngineSign, engineName, RoleBadge } from "./engine.tsx";
import { type DatabaseFilter, databasesQuery, usualSort } from "./queries.ts";

/** What the list can be sorted by, as the API names it. `down`: the first click shows the largest first. */
export const columns: readonly { label: string; sort: string | null; num?: true; down?: true }[] = [
  { label: "Database", sort: "name" },
  { label: "Server", sort: "server" },
  { label: "State", sort: "state" },
  { label: "Role", sort: "role" },
  { label: "Size", sort: "size", num: true, down: true },
  { label: "Connections", sort: "connections", down: true },
  { label: "Queries/s", sort: "queries", num: true, down: true },
  { label: "Cache hit", sort: "cacheHit", num: true },
  { label: "Lag", sort: "lag", num: true, down: true },
];

type Props = {
  filter: DatabaseFilter;
  onSort: (sort: string) => void;
  /** Of one server: its name need not be in each row. */
  withoutServer?: boolean;
  empty: React.ReactNode;
};

/** The list itself, loaded page after page. */
export function DatabaseTable({ filter, onSort, withoutServer = false, empty }: Props) {
  const query = useInfiniteQuery(databasesQuery(filter));
  const rows = query.data?.pages.flatMap((page) => page.items);
  const sort = filter.sort ?? usualSort;
  return (
    <Panel className={query.isPlaceholderData ? "opacity-60" : ""}>
      <Loaded query={{ ...query, data: rows }} isEmpty={(all) => all.length === 0} empty={empty}>
        {(all) => (
          <>
            <table className="data" aria-label="Databases">
              <thead>
                <tr>
                  {columns
                    .filter(({ label }) => !(withoutServer && label === "Server"))
                    .map((column) => (
                      <Heading key={column.label} column={column} sort={sort} onSort={onSort} />
                    ))}
                </tr>
              </thead>
              <tbody>
                {all.map((database) => (
                  <Row key={database.id} database={database} withoutServer={withoutServer} />
                ))}
              </tbody>
            </table>
            {query.hasNextPage && (
              <div className="border-t border-line p-2 text-center">
                <Button look="quiet" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

/** The databases of one server, for its page. */
export function ServerDatabases({ server }: { server: string }) {
  const [sort, setSort] = useState(usualSort);
  return (
    <DatabaseTable
      withoutServer
      filter={{ server, sort }}
      onSort={setSort}
      empty={
        <EmptyState icon="databases" title="No database was found here">
          The agent looks for listening database servers and for containers; others can be named in its configuration.
        </EmptyState>
      }
    />
  );
}

function Heading(props: { column: (typeof columns)[number]; sort: string; onSort: (sort: string) => void }) {
  const { label, sort: key, num, down } = props.column;
  const active = key !== null && props.sort.replace("-", "") === key;
  const descending = props.sort.startsWith("-");
  const first = down ? `-${key}` : key;
  const second = down ? key : `-${key}`;
  const next = active && props.sort === first ? second : first;
  return (
    <th aria-sort={active ? (descending ? "descending" : "ascending") : undefined} className={num ? "num" : ""}>
      {key === null ? (
        label
      ) : (
        <button
          type="button"
          onClick={() => props.onSort(next ?? usualSort)}
          className={`-mx-1 rounded px-1 py-0.5 hover:text-text ${active ? "text-text" : ""}`}
        >
          {label}
          <span aria-hidden="true" className="ml-1 inline-block w-2">
            {active ? (descending ? "↓" : "↑") : ""}
          </span>
        </button>
      )}
    </th>
  );
}

function Row({ database, withoutServer }: { database: Database; withoutServer: boolean }) {
  const navigate = useNavigate();
  const id = String(database.id);
  // By keyboard the link in the first cell is the way.
  const open = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a,button") || getSelection()?.toString()) return;
    void navigate({ to: "/databases/$id", params: { id } });
  };
  const name = databaseName(database);
  // On small screens each cell is a line of its own: what is missing needs none.
  const known = (value: number | null) => (value === null ? "text-muted max-md:hidden!" : "");
  return (
    <tr onClick={open} className={`cursor-pointer ${database.goneAt ? "opacity-60" : ""}`}>
      <td className="md:max-w-72">
        <div className="flex items-center gap-2.5">
          <EngineSign engine={database.engine} />
          <div className="min-w-0">
            <Link
              to="/databases/$id"
              params={{ id }}
              className="block truncate font-medium hover:underline"
              title={name}
            >
              {name}
            </Link>
            <span className="block truncate text-xs text-muted">{subtitle(database, name)}</span>
          </div>
        </div>
      </td>
      {!withoutServer && (
        <td data-label="Server" className="md:max-w-52">
          <Link
            to="/servers/$id"
            params={{ id: database.serverId }}
            search={{ tab: "databases" }}
            className="block min-w-0 text-soft hover:underline md:w-36 md:truncate xl:w-48"
            title={database.serverName}
          >
            {database.serverName}
          </Link>
        </td>
      )}
      <td data-label="State" className="md:max-w-56">
        <div className="min-w-0">
          <DatabaseState database={database} />
          {database.statusReason && database.goneAt === null && (
            <span title={database.statusReason} className="block truncate text-xs text-muted max-md:whitespace-normal">
              {database.statusReason}
            </span>
          )}
        </div>
      </td>
      <td data-label="Role">{database.role && <RoleBadge role={database.role} />}</td>
      <td data-label="Size" className={`num ${known(database.sizeBytes)}`}>
        {formatBytes(database.sizeBytes)}
      </td>
      <td data-label="Connections" title={connections(database)} className={known(database.connections)}>
        {database.connectionsUsedRatio === null ? (
          formatNumber(database.connections)
        ) : (
          <Meter value={database.connectionsUsedRatio} label={`Connections of ${name} in use`} />
        )}
      </td>
      <td data-label="Queries/s" className={`num ${known(database.queriesPerSecond)}`}>
        {formatNumber(database.queriesPerSecond)}
      </td>
      <td data-label="Cache hit" className={`num ${known(database.cacheHitRatio)}`}>
        {formatRatio(database.cacheHitRatio)}
      </td>
      <td
        data-label="Lag"
        className={`num ${known(database.replicationLagSeconds)} ${lagTone(database.replicationLagSeconds)}`}
      >
        {formatDuration(database.replicationLagSeconds)}
      </td>
    </tr>
  );
}

/** Engine and version, and the address where it is not the name already. */
function subtitle(database: Database, name: string): string {
  const { address } = database;
  return [
    [engineName(database.engine), database.version].filter(Boolean).join(" "),
    address !== null && address !== name ? address : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

function connections({ connections: open, connectionsLimit }: Database): string {
  if (open === null) return "";
  return connectionsLimit === null ? `${open} open` : `${open} of ${connectionsLimit}`;
}

export function lagTone(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "";
  return seconds > 30 ? "text-crit" : seconds > 10 ? "text-warn" : "";
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type MouseEvent, useState } from "react";
import type { Database } from "../../api/database-types.ts";
import { formatBytes, formatDuration, formatNumber, formatRatio } from "../../format/units.ts";
import { Button } from "../../ui/button.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Panel } from "../../ui/page.tsx";
import { SortButton, sortOf } from "../../ui/sort-button.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { DatabaseState, databaseName, EngineSign, engineName, RoleBadge } from "./engine.tsx";
import { type DatabaseFilter, databasesQuery, usualSort } from "./queries.ts";

type Column = { label: string; sort: string; num?: true; down?: true; width: string };

/**
 * The columns by the API's names of their sorts. `down`: the first click shows the largest first. Those of least weight
 * are left out where there is no room; on small screens each row is a card with all of them.
 */
export const columns: readonly Column[] = [
  { label: "Database", sort: "name", width: "" },
  { label: "Server", sort: "server", width: "md:w-32 xl:w-36 2xl:w-44" },
  { label: "State", sort: "state", width: "md:w-44 2xl:w-56" },
  { label: "Role", sort: "role", width: "md:w-22 md:max-xl:hidden" },
  { label: "Size", sort: "size", num: true, down: true, width: "md:w-22 md:max-lg:hidden" },
  { label: "Connections", sort: "connections", down: true, width: "md:w-34 md:max-lg:hidden" },
  { label: "Queries/s", sort: "queries", num: true, down: true, width: "md:w-22 md:max-xl:hidden" },
  { label: "Cache hit", sort: "cacheHit", num: true, width: "md:w-22 md:max-[1399px]:hidden" },
  { label: "Lag", sort: "lag", num: true, down: true, width: "md:w-24 md:max-lg:hidden" },
];

const widths = Object.fromEntries(columns.map(({ label, width }) => [label, width]));

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
            <table className="data md:table-fixed" aria-label="Databases">
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

function Heading({ column, sort, onSort }: { column: Column; sort: string; onSort: (sort: string) => void }) {
  const { label, num, down, width } = column;
  return (
    <th aria-sort={sortOf(sort, column.sort)} className={`${width} ${num ? "num" : ""}`}>
      <SortButton label={label} sort={column.sort} down={down} now={sort} onSort={onSort} />
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
      <td>
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
        <td data-label="Server" className={widths.Server}>
          <Link
            to="/servers/$id"
            params={{ id: database.serverId }}
            search={{ tab: "databases" }}
            className="block min-w-0 text-soft hover:underline md:truncate"
            title={database.serverName}
          >
            {database.serverName}
          </Link>
        </td>
      )}
      <td data-label="State" className={widths.State}>
        <div className="min-w-0">
          <DatabaseState database={database} />
          {database.statusReason && database.goneAt === null && (
            <span
              title={database.statusReason}
              className={`block truncate text-xs max-md:whitespace-normal ${database.status === "up" ? "text-warn" : "text-muted"}`}
            >
              {database.statusReason}
            </span>
          )}
        </div>
      </td>
      <td data-label="Role" className={widths.Role}>
        {database.role && <RoleBadge role={database.role} />}
      </td>
      <td data-label="Size" className={`num ${widths.Size} ${known(database.sizeBytes)}`}>
        {formatBytes(database.sizeBytes)}
      </td>
      <td
        data-label="Connections"
        title={connections(database)}
        className={`${widths.Connections} ${known(database.connections)}`}
      >
        {database.connectionsUsedRatio === null ? (
          formatNumber(database.connections)
        ) : (
          <Meter value={database.connectionsUsedRatio} label={`Connections of ${name} in use`} />
        )}
      </td>
      <td data-label="Queries/s" className={`num ${widths["Queries/s"]} ${known(database.queriesPerSecond)}`}>
        {formatNumber(database.queriesPerSecond)}
      </td>
      <td data-label="Cache hit" className={`num ${widths["Cache hit"]} ${known(database.cacheHitRatio)}`}>
        {formatRatio(database.cacheHitRatio)}
      </td>
      <td
        data-label="Lag"
        className={`num ${widths.Lag} ${known(database.replicationLagSeconds)} ${lagTone(database.replicationLagSeconds)}`}
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

import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import type { Controller, Drive, Filesystem, Pool } from "../../api/storage-types.ts";
import type { Page } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { type ListColumn, ListTable } from "../../ui/list-table.tsx";
import { Panel } from "../../ui/page.tsx";
import { Loaded } from "../../ui/states.tsx";
import { controllerColumns } from "./controller-columns.tsx";
import { driveColumns } from "./drive-columns.tsx";
import { filesystemColumns } from "./filesystem-columns.tsx";
import { poolColumns } from "./pool-columns.tsx";
import {
  controllersQuery,
  drivesQuery,
  filesystemsQuery,
  poolsQuery,
  type StorageFilter,
  usualSorts,
} from "./queries.ts";

type Props = {
  filter: StorageFilter;
  onSort: (sort: string) => void;
  empty: ReactNode;
  title?: ReactNode;
  /** Of one server: its name need not be in each row. */
  withoutServer?: boolean;
};

/** Drives of the fleet or of one server. */
export function DriveList({ filter, withoutServer = false, ...rest }: Props) {
  const query = useInfiniteQuery(drivesQuery(filter));
  const columns = withoutServer ? driveColumns.filter(({ label }) => label !== "Server") : driveColumns;
  const sort = filter.sort ?? usualSorts.drives;
  return <List<Drive> label="Drives" to="/storage/drives/$id" {...rest} query={query} columns={columns} sort={sort} />;
}

/** Pools of the fleet or of one server. */
export function PoolList({ filter, withoutServer = false, ...rest }: Props) {
  const query = useInfiniteQuery(poolsQuery(filter));
  const columns = withoutServer ? poolColumns.filter(({ label }) => label !== "Server") : poolColumns;
  const sort = filter.sort ?? usualSorts.pools;
  return <List<Pool> label="Pools" to="/storage/pools/$id" {...rest} query={query} columns={columns} sort={sort} />;
}

/** Filesystems of the fleet or of one server. */
export function FilesystemList({ filter, withoutServer = false, ...rest }: Props) {
  const query = useInfiniteQuery(filesystemsQuery(filter));
  const columns = withoutServer ? filesystemColumns.filter(({ label }) => label !== "Server") : filesystemColumns;
  const sort = filter.sort ?? usualSorts.filesystems;
  return (
    <List<Filesystem>
      label="Filesystems"
      to="/storage/filesystems/$id"
      {...rest}
      query={query}
      columns={columns}
      sort={sort}
    />
  );
}

/** RAID controllers of the fleet or of one server. */
export function ControllerList({ filter, withoutServer = false, ...rest }: Props) {
  const query = useInfiniteQuery(controllersQuery(filter));
  const columns = withoutServer ? controllerColumns.filter(({ label }) => label !== "Server") : controllerColumns;
  const sort = filter.sort ?? usualSorts.controllers;
  return (
    <List<Controller>
      label="RAID controllers"
      to="/storage/controllers/$id"
      {...rest}
      query={query}
      columns={columns}
      sort={sort}
    />
  );
}

type ListProps<T> = {
  label: string;
  title?: ReactNode;
  to: "/storage/drives/$id" | "/storage/pools/$id" | "/storage/filesystems/$id" | "/storage/controllers/$id";
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  columns: readonly ListColumn<T>[];
  sort: string;
  onSort: (sort: string) => void;
  empty: ReactNode;
};

/** The list itself, loaded page after page as it is scrolled. */
function List<T extends { id: number; goneAt: string | null }>(props: ListProps<T>) {
  const { label, query, to } = props;
  const navigate = useNavigate();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <Panel title={props.title} className={query.isPlaceholderData ? "opacity-60" : ""}>
      <Loaded query={{ ...query, data: rows }} isEmpty={(all) => all.length === 0} empty={props.empty}>
        {(all) => (
          <>
            <ListTable
              label={label}
              rows={all}
              keyOf={(row) => row.id}
              columns={props.columns}
              sort={props.sort}
              onSort={props.onSort}
              onOpen={(row) => void navigate({ to, params: { id: String(row.id) } })}
              onEnd={more}
              dim={(row) => row.goneAt !== null}
            />
            {hasNextPage && (
              <div className="border-t border-line p-2 text-center">
                <Button look="quiet" busy={isFetchingNextPage} onClick={more}>
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

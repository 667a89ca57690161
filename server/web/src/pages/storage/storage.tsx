import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { serversQuery } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, capital, SearchField, SortChoice } from "../../ui/filter.tsx";
import { PageHead } from "../../ui/page.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { controllerColumns } from "./controller-columns.tsx";
import { driveColumns } from "./drive-columns.tsx";
import { NothingYet } from "./empty.tsx";
import { filesystemColumns } from "./filesystem-columns.tsx";
import { ControllerList, DriveList, FilesystemList, PoolList } from "./lists.tsx";
import { Overview } from "./overview.tsx";
import { poolColumns } from "./pool-columns.tsx";
import { type ListName, type StorageFilter, summaryQuery, usualSorts } from "./queries.ts";
import { SummaryTiles } from "./summary-tiles.tsx";
import {
  badControllerStates,
  badPoolStates,
  badVerdicts,
  controllerStates,
  filesystemStates,
  mediaName,
  mediaNames,
  poolStates,
  poolTypeName,
  poolTypeNames,
  storageWord,
  verdicts,
} from "./words.ts";

const route = getRouteApi("/storage");
const lists = { drives: DriveList, pools: PoolList, filesystems: FilesystemList, controllers: ControllerList };
const columns = {
  drives: driveColumns,
  pools: poolColumns,
  filesystems: filesystemColumns,
  controllers: controllerColumns,
};
const names: Record<ListName, string> = {
  drives: "drive",
  pools: "pool",
  filesystems: "filesystem",
  controllers: "RAID controller",
};
const filesystemTypes = ["ext4", "xfs", "btrfs", "zfs", "vfat", "nfs", "nfs4", "cifs", "fuse.sshfs"];

/** The storage of all servers: what needs attention, and every drive, pool and filesystem. */
export function StoragePage() {
  const { tab = "overview", ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const summary = useQuery(summaryQuery(filter.server));
  const change = (part: StorageFilter) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  // Server and words hold for all lists; states, types and sorts for one.
  const open = (next: string, part: StorageFilter = {}) =>
    void navigate({ search: ({ q, server }) => ({ q, server, tab: next, ...part }) });
  const { devices, pools, filesystems, controllers } = summary.data ?? {};
  return (
    <>
      <PageHead title="Storage">
        <ServerChoice value={filter.server} onChange={(server) => change({ server })} />
      </PageHead>
      <SummaryTiles query={summary} onOpen={open} />
      <Tabs
        label="Parts of the storage"
        value={tab}
        onChange={(next) => open(next)}
        tabs={[
          { value: "overview", label: "Overview" },
          { value: "drives", label: "Drives", count: devices?.total },
          { value: "pools", label: "Pools", count: pools?.total },
          { value: "filesystems", label: "Filesystems", count: filesystems?.total },
          // Most fleets have none.
          ...(controllers?.total || tab === "controllers"
            ? [{ value: "controllers", label: "RAID controllers", count: controllers?.total }]
            : []),
        ]}
      >
        {isList(tab) ? (
          <FilteredList list={tab} filter={filter} onChange={change} />
        ) : (
          <Overview query={summary} onOpen={open} />
        )}
      </Tabs>
    </>
  );
}

function isList(tab: string): tab is ListName {
  return tab in lists;
}

function FilteredList(props: { list: ListName; filter: StorageFilter; onChange: (part: StorageFilter) => void }) {
  const { list, filter, onChange } = props;
  const List = lists[list];
  const filtered = [filter.q, filter.state, filter.type, filter.server].some(Boolean);
  return (
    <>
      <Filters {...props} />
      <List
        key={list}
        filter={filter}
        onSort={(sort) => onChange({ sort })}
        empty={
          filtered ? (
            <EmptyState
              icon="search"
              title={`No ${names[list]} matches`}
              action={
                <Button
                  onClick={() => onChange({ q: undefined, state: undefined, type: undefined, server: undefined })}
                >
                  Clear the filter
                </Button>
              }
            />
          ) : (
            <NothingYet list={list} />
          )
        }
      />
    </>
  );
}

function Filters(props: { list: ListName; filter: StorageFilter; onChange: (part: StorageFilter) => void }) {
  const { list, filter, onChange } = props;
  return (
    <search className="mb-3 grid grid-cols-2 gap-2 md:flex md:items-center">
      <SearchField
        label={`Search ${list}`}
        placeholder={placeholders[list]}
        value={filter.q ?? ""}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <Choice
        label={list === "drives" ? "Verdict" : "State"}
        value={filter.state}
        any={list === "drives" ? "Any verdict" : "Any state"}
        options={stateOptions(list, filter.state)}
        onChange={(state) => onChange({ state })}
      />
      {list !== "controllers" && (
        <Choice
          label="Type"
          value={filter.type}
          any="Any type"
          options={typeOptions(list)}
          onChange={(type) => onChange({ type })}
        />
      )}
      <SortChoice
        value={filter.sort ?? usualSorts[list]}
        columns={columns[list]}
        onChange={(sort) => onChange({ sort })}
      />
    </search>
  );
}

const placeholders: Record<ListName, string> = {
  drives: "Search model, serial, device, server",
  pools: "Search name, level, server",
  filesystems: "Search mount point, device, server",
  controllers: "Search model, tool, server",
};

/** Single states, those that need attention together, and what is gone; also what the address asks for beyond these. */
function stateOptions(list: ListName, now: string | undefined): [string, string][] {
  const words = (state: string): [string, string] => [state, capital(storageWord(state))];
  const options: [string, string][] =
    list === "drives"
      ? [[badVerdicts, "Needs attention"], ...verdicts.map(words)]
      : list === "pools"
        ? [[badPoolStates, "Needs attention"], ...poolStates.map(words)]
        : list === "controllers"
          ? [[badControllerStates, "Needs attention"], ...controllerStates.map(words)]
          : filesystemStates.map(words);
  options.push(["gone", "Gone"]);
  if (now !== undefined && !options.some(([value]) => value === now)) {
    options.push([now, now.split(",").map(storageWord).join(", ")]);
  }
  return options;
}

function typeOptions(list: ListName): [string, string][] {
  if (list === "drives") return mediaNames.map((name) => [name, mediaName(name) ?? name]);
  if (list === "pools") return poolTypeNames.map((name) => [name, poolTypeName(name) ?? name]);
  return filesystemTypes.map((name) => [name, name]);
}

/** All servers, or one. */
function ServerChoice({ value, onChange }: { value: string | undefined; onChange: (id: string | undefined) => void }) {
  const { data } = useQuery(serversQuery);
  const options = useMemo(
    () =>
      (data ?? [])
        .map(({ id, name }): [string, string] => [id, name])
        .sort((a, b) => a[1].localeCompare(b[1], undefined, { numeric: true })),
    [data],
  );
  return <Choice label="Server" value={value} any="All servers" options={options} onChange={onChange} />;
}

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, getAll, type Query } from "../../api/client.ts";
import type {
  ContainerStorage,
  Controller,
  ControllerDetail,
  Drive,
  DriveDetail,
  Filesystem,
  FilesystemDetail,
  OnePool,
  Pool,
  Summary,
} from "../../api/storage-types.ts";
import type { Page } from "../../api/types.ts";

const base = "infrastructure/storage";
/** Of a list that was scrolled far only an event asks for all pages anew. */
const mostRefreshed = 5;

export type StorageFilter = {
  q?: string | undefined;
  server?: string | undefined;
  /** States or verdicts, with commas between; "gone": those that are gone. */
  state?: string | undefined;
  /** Of drives their medium. */
  type?: string | undefined;
  sort?: string | undefined;
};

export type ListName = "drives" | "pools" | "filesystems" | "controllers";

/** What each list begins with: the worst, or the fullest, first. */
export const usualSorts: Record<ListName, string> = {
  drives: "-severity",
  pools: "-severity",
  filesystems: "-usedRatio",
  controllers: "-severity",
};

export const summaryQuery = (server?: string) =>
  queryOptions({
    queryKey: ["storage", "summary", server ?? "all"],
    refetchInterval: 30_000,
    queryFn: ({ signal }) => get<Summary>(`${base}/summary`, { server }, signal),
  });

/** The filter as the API takes it. */
export function listQuery(list: ListName, { q, server, state, type, sort }: StorageFilter): Query {
  const states = (state ?? "").split(",").filter(Boolean);
  const gone = states.includes("gone");
  const wanted = states.filter((one) => one !== "gone");
  return {
    q,
    server,
    sort: sort ?? usualSorts[list],
    ...(list === "drives" ? { verdict: wanted, media: type } : { state: wanted }),
    // Controllers are of no type.
    ...((list === "pools" || list === "filesystems") && { type }),
    ...(gone && { gone: true }),
  };
}

function pagesOf<T>(list: ListName, path: string, filter: StorageFilter) {
  return infiniteQueryOptions({
    queryKey: ["storage", list, filter],
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > mostRefreshed ? false : 30_000),
    placeholderData: keepPreviousData,
    initialPageParam: "",
    getNextPageParam: (page: Page<T>) => page.nextCursor,
    queryFn: ({ signal, pageParam }) =>
      get<Page<T>>(`${base}/${path}`, { ...listQuery(list, filter), limit: 100, cursor: pageParam }, signal),
  });
}

export const drivesQuery = (filter: StorageFilter) => pagesOf<Drive>("drives", "devices", filter);
export const poolsQuery = (filter: StorageFilter) => pagesOf<Pool>("pools", "pools", filter);
export const filesystemsQuery = (filter: StorageFilter) => pagesOf<Filesystem>("filesystems", "filesystems", filter);

export const controllersQuery = (filter: StorageFilter) => pagesOf<Controller>("controllers", "controllers", filter);

/** All drives of one server, to look up those of a pool. */
export const serverDrivesQuery = (server: string) =>
  queryOptions({
    queryKey: ["storage", "drives-of", server],
    refetchInterval: 60_000,
    queryFn: ({ signal }) => getAll<Drive>(`${base}/devices`, { server, sort: "device" }, signal, 2000),
  });

function one<T>(path: string, id: string) {
  return queryOptions({
    queryKey: ["storage", path, id],
    refetchInterval: 15_000,
    queryFn: ({ signal }) => get<T>(`${base}/${path}/${id}`, {}, signal),
  });
}

/** What the mounts of a container lie on. */
export const containerStorageQuery = (id: number) => one<ContainerStorage>("containers", String(id));

export const driveQuery = (id: string) => one<DriveDetail>("devices", id);
export const poolQuery = (id: string) => one<OnePool>("pools", id);
export const controllerQuery = (id: string) => one<ControllerDetail>("controllers", id);
export const filesystemQuery = (id: string) => one<FilesystemDetail>("filesystems", id);

import type { Context } from "../../context.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import { type StorageFilter, type StorageRow, storageRows } from "../../db/queries/storage.ts";
import { type ForecastRow, forecastsOf } from "../../db/queries/storage-forecasts.ts";
import { text, texts } from "../../domain/storage/json.ts";
import { Failure } from "../../failure.ts";
import { type Newest, namedValues } from "../resource/latest-values.ts";
import { type FilesystemForecast, filesystemForecast } from "./forecast-view.ts";
import { pageOfKind } from "./list-devices.ts";
import { loadLinks } from "./load-links.ts";
import { newestOf, reader } from "./newest.ts";
import { type DriveLink, driveLinks, poolLinks, type StandsOnView } from "./stands-on.ts";

/** A mounted filesystem. */
export type Filesystem = {
  id: number;
  serverId: string;
  serverName: string;
  mountPoint: string;
  type: string | null;
  device: string | null;
  state: string | null;
  stateSince: Date | null;
  sizeBytes: number | null;
  usedBytes: number | null;
  availableBytes: number | null;
  usedRatio: number | null;
  inodesUsedRatio: number | null;
  readOnly: boolean | null;
  network: boolean;
  /** Kernel names of the disks below. */
  disks: string[];
  /** Keys of the pools below. */
  pools: string[];
  forecast: FilesystemForecast | null;
  goneAt: Date | null;
};

export type FilesystemDetail = Filesystem & {
  blockDevice: string | null;
  drives: DriveLink[];
  standsOnPools: StandsOnView["pools"];
  containers: StandsOnView["containers"];
  latest: { at: Date; values: Record<string, number | null> } | null;
};

const valueSorts: Record<string, string> = {
  usedRatio: "used_ratio",
  used: "used_bytes",
  size: "size_bytes",
  available: "available_bytes",
  inodes: "inodes_used_ratio",
};

export const filesystemSorts = [
  "usedRatio",
  "fullAt",
  "mountPoint",
  "server",
  "type",
  "state",
  "used",
  "size",
  "available",
  "inodes",
] as const;

const shown = ["disks", "pools", "blockDevice"] as const;

/** One page of filesystems with their newest values and forecasts. */
export async function listFilesystems(
  context: Context,
  filter: StorageFilter,
  page: PageRequest,
): Promise<Page<Filesystem>> {
  const { items, nextCursor } = await pageOfKind(context, "filesystem", filter, page, valueSorts);
  return { items: await filesystemsByIds(context, items), nextCursor };
}

/** These filesystems in the order of the ids; unknown ones are left out. */
export async function filesystemsByIds(context: Context, ids: readonly number[]): Promise<Filesystem[]> {
  const rows = await storageRows(context.db, "filesystem", ids, shown);
  const newest = await newestOf(context, ids);
  const forecasts = new Map((await forecastsOf(context.db, ids)).map((row) => [row.resourceId, row]));
  const now = context.now();
  return rows.map((row) => toFilesystem(row, newest.get(row.id), forecasts.get(row.id), now));
}

/** One filesystem with the drives below it and the containers that use it. Throws not_found. */
export async function findFilesystem(context: Context, id: number): Promise<FilesystemDetail> {
  const [row] = await storageRows(context.db, "filesystem", [id], shown);
  if (row === undefined) throw new Failure("not_found", "There is no such filesystem");
  const newest = (await newestOf(context, [id])).get(id);
  const links = (await loadLinks(context, [row.serverId])).get(row.serverId);
  const [forecast] = await forecastsOf(context.db, [id]);
  const containers = links?.standsOn(id).containers ?? [];
  return {
    ...toFilesystem(row, newest, forecast, context.now()),
    blockDevice: text(row.attributes.blockDevice),
    drives: driveLinks(links, id),
    standsOnPools: await poolLinks(context, links?.poolsOf(id) ?? []),
    containers: containers.map(({ id: container, key, state }) => ({ id: container, name: key, state })),
    latest: namedValues("filesystem", newest),
  };
}

function toFilesystem(
  row: StorageRow,
  newest: Newest | undefined,
  forecast: ForecastRow | undefined,
  now: Date,
): Filesystem {
  const { attributes: a, labels } = row;
  const value = reader("filesystem", newest);
  const readOnly = value("read_only");
  return {
    id: row.id,
    serverId: row.serverId,
    serverName: row.serverName,
    mountPoint: row.key,
    type: labels.type ?? null,
    device: labels.device ?? null,
    state: row.state,
    stateSince: row.stateSince,
    sizeBytes: value("size_bytes"),
    usedBytes: value("used_bytes"),
    availableBytes: value("available_bytes"),
    usedRatio: value("used_ratio"),
    inodesUsedRatio: value("inodes_used_ratio"),
    readOnly: readOnly === null ? (row.state === "ro" ? true : row.state === "rw" ? false : null) : readOnly === 1,
    network: labels.network === "true",
    disks: texts(a.disks),
    pools: texts(a.pools),
    forecast: filesystemForecast(forecast, now),
    goneAt: row.goneAt,
  };
}

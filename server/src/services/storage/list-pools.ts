import type { Context } from "../../context.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import { type StorageFilter, type StorageRow, storageRows } from "../../db/queries/storage.ts";
import { text } from "../../domain/storage/json.ts";
import { type LastScrub, lastScrub, type Scan, scan, scrubActions } from "../../domain/storage/pool.ts";
import type { Newest } from "../resource/latest-values.ts";
import { pageOfKind } from "./list-devices.ts";
import { newestOf, reader } from "./newest.ts";

/** A ZFS pool, md array, LVM group or thin pool, btrfs filesystem or hardware RAID volume. */
export type Pool = {
  id: number;
  serverId: string;
  serverName: string;
  key: string;
  type: string | null;
  name: string;
  level: string | null;
  state: string | null;
  stateSince: Date | null;
  sizeBytes: number | null;
  usedBytes: number | null;
  freeBytes: number | null;
  usedRatio: number | null;
  metadataUsedRatio: number | null;
  fragmentationRatio: number | null;
  membersTotal: number | null;
  membersMissing: number | null;
  spares: number | null;
  errors: { read: number | null; write: number | null; checksum: number | null; data: number | null };
  scan: Scan | null;
  lastScrub: LastScrub | null;
  scrubAgeSeconds: number | null;
  scrubActions: ("start" | "pause" | "stop")[];
  /** Why it could not be read fully. */
  problem: string | null;
  goneAt: Date | null;
};

const valueSorts: Record<string, string> = {
  usedRatio: "used_ratio",
  size: "size_bytes",
  scrubAge: "scrub_age_seconds",
  missing: "members_missing",
};

export const poolSorts = [
  "severity",
  "server",
  "name",
  "type",
  "stateSince",
  "usedRatio",
  "size",
  "scrubAge",
  "missing",
] as const;

const shown = ["name", "level", "type", "scan", "lastScrub", "scrubbable", "scrubActions", "problem"] as const;

/** One page of pools with their newest values. */
export async function listPools(context: Context, filter: StorageFilter, page: PageRequest): Promise<Page<Pool>> {
  const { items, nextCursor } = await pageOfKind(context, "pool", filter, page, valueSorts);
  return { items: await poolsByIds(context, items), nextCursor };
}

/** These pools in the order of the ids; unknown ones are left out. */
export async function poolsByIds(context: Context, ids: readonly number[]): Promise<Pool[]> {
  const rows = await storageRows(context.db, "pool", ids, shown);
  const newest = await newestOf(context, ids);
  return rows.map((row) => toPool(row, newest.get(row.id)));
}

/** A pool's row as people see it. */
export function toPool(row: StorageRow, newest: Newest | undefined): Pool {
  const { attributes: a, labels } = row;
  const value = reader("pool", newest);
  return {
    id: row.id,
    serverId: row.serverId,
    serverName: row.serverName,
    key: row.key,
    type: labels.type ?? text(a.type),
    name: labels.name ?? text(a.name) ?? row.key,
    level: labels.level ?? text(a.level),
    state: row.state,
    stateSince: row.stateSince,
    sizeBytes: value("size_bytes"),
    usedBytes: value("used_bytes"),
    freeBytes: value("free_bytes"),
    ...poolHealth(newest),
    fragmentationRatio: value("fragmentation_ratio"),
    membersTotal: value("members"),
    membersMissing: value("members_missing"),
    spares: value("spares"),
    scan: scan(a.scan),
    lastScrub: lastScrub(a.lastScrub),
    scrubAgeSeconds: value("scrub_age_seconds"),
    scrubActions: scrubActions(a.scrubbable, a.scrubActions),
    problem: text(a.problem),
    goneAt: row.goneAt,
  };
}

/** What makes a pool that is online unwell. */
export type PoolHealth = Pick<Pool, "usedRatio" | "metadataUsedRatio" | "errors">;

/** Reads it of a pool's newest values. */
export function poolHealth(newest: Newest | undefined): PoolHealth {
  const value = reader("pool", newest);
  return {
    usedRatio: value("used_ratio"),
    metadataUsedRatio: value("metadata_used_ratio"),
    errors: {
      read: value("read_errors"),
      write: value("write_errors"),
      checksum: value("checksum_errors"),
      data: value("data_errors"),
    },
  };
}

import { metricIndex } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import { pageOfIds } from "../../db/queries/storage.ts";
import {
  type Count,
  fillFirst,
  storageCounts,
  storageIds,
  stuckFilesystems,
  zfsFilesystems,
} from "../../db/queries/storage-summary.ts";
import type { Scan } from "../../domain/storage/pool.ts";
import { badControllerStates, badPoolStates, badVerdicts } from "../../domain/storage/severity.ts";
import { listByIds } from "./by-ids.ts";
import type { FilesystemForecast } from "./forecast-view.ts";
import { isThinPoolFull, type Problem, problemsOf } from "./problems.ts";
import { pageByValue } from "./value-page.ts";

export type Place = { id: number; serverId: string; serverName: string; name: string };

export type StorageSummary = {
  at: Date;
  devices: {
    total: number;
    byVerdict: Record<string, number>;
    byMedia: Record<string, number>;
    capacityBytes: number;
    /** By time under power, years: from <= age < to (null: no end). */
    byAge: Bucket[];
    /** By used share of the rated endurance. */
    byWear: Bucket[];
    hottest: (Place & { model: string | null; temperatureCelsius: number; limitCelsius: number | null })[];
    mostWorn: (Place & { model: string | null; wearRatio: number })[];
  };
  pools: {
    total: number;
    byState: Record<string, number>;
    byType: Record<string, number>;
    sizeBytes: number;
    usedBytes: number;
    membersMissing: number;
    scans: (Place & { type: string | null; scan: Scan })[];
    scrubsOverdue: number;
    /** The most overdue first. */
    overdueScrubs: (Place & { type: string | null; scrubAgeSeconds: number })[];
  };
  filesystems: {
    total: number;
    byState: Record<string, number>;
    /** Of local filesystems, each device once. */
    sizeBytes: number;
    usedBytes: number;
    availableBytes: number;
    fillFirst: (Place & { type: string | null; usedRatio: number | null; forecast: FilesystemForecast })[];
  };
  /** Hardware RAID controllers. */
  controllers: { total: number; byState: Record<string, number> };
  /** The worst, at most ten, the gravest first. */
  problems: Problem[];
};

export type Bucket = { from: number; to: number | null; count: number };

/** A scrub is overdue after 35 days. */
const scrubSeconds = 35 * 86_400;
const yearSeconds = 365.25 * 86_400;
const shown = 10;
const shownScans = 50;

/** What the storage of all servers (or of one) looks like. Two kinds of cost only: counts in SQL, values in memory. */
export async function storageSummary(
  context: Context,
  filter: { server?: string | undefined },
): Promise<StorageSummary> {
  const { db } = context;
  const { server } = filter;
  const worst = { limit: shown, sort: "-severity" };
  const [counts, ids, zfs, filling, drives, pools, filesystems, controllers] = await Promise.all([
    storageCounts(db, server),
    storageIds(db, server),
    zfsFilesystems(db, server),
    fillFirst(db, server, shown, 0.5),
    pageOfIds(db, "drive", { server, state: badVerdicts, gone: false }, worst),
    pageOfIds(db, "pool", { server, state: badPoolStates, gone: false }, worst),
    stuckFilesystems(db, server, shown),
    pageOfIds(db, "controller", { server, state: badControllerStates, gone: false }, worst),
  ]);
  const value = valueReader(context);
  const drive = (metric: string) => value("drive", metric);
  const pool = (metric: string) => value("pool", metric);
  const thin = new Set(ids.thinPools);
  const isFull = (id: number) => isThinPoolFull(pool("used_ratio")(id), pool("metadata_used_ratio")(id));
  const full = ids.pools.filter((id) => thin.has(id) && !pools.items.includes(id) && isFull(id)).slice(0, shown);
  const bad = { drives: drives.items, pools: [...pools.items, ...full], filesystems, controllers: controllers.items };
  const hottest = top(ids.drives, drive("temperature_celsius"), shown);
  const mostWorn = top(ids.drives, drive("wear_ratio"), shown);
  const scanning = top(ids.pools, pool("scan_progress_ratio"), shownScans);
  const age = pool("scrub_age_seconds");
  const overdue = ids.pools.filter((id) => age(id) > scrubSeconds);
  const known = await listByIds(context, {
    drives: [...hottest, ...mostWorn, ...bad.drives],
    pools: [...scanning, ...top(overdue, age, shown), ...bad.pools],
    filesystems: [...filling, ...bad.filesystems],
    controllers: bad.controllers,
  });
  const local = localSpace(ids.filesystems, zfs, value);
  const of = (kind: string) => counts.filter((count) => count.kind === kind);
  return {
    at: context.now(),
    devices: {
      total: total(of("drive")),
      byVerdict: countBy(of("drive"), (count) => count.state),
      byMedia: countBy(of("drive"), (count) => count.type),
      capacityBytes: of("drive").reduce((sum, count) => sum + count.capacityBytes, 0),
      byAge: buckets(ids.drives, (id) => drive("power_on_seconds")(id) / yearSeconds, [0, 1, 2, 3, 4, 5, 7]),
      byWear: buckets(ids.drives, drive("wear_ratio"), [0, 0.5, 0.8, 0.9, 1]),
      hottest: hottest.flatMap((id) => {
        const found = known.drives.get(id);
        if (found?.temperatureCelsius === undefined || found.temperatureCelsius === null) return [];
        const { model, temperatureCelsius, temperatureLimitCelsius: limitCelsius } = found;
        return [{ ...driveNamed(found), model, temperatureCelsius, limitCelsius }];
      }),
      mostWorn: mostWorn.flatMap((id) => {
        const found = known.drives.get(id);
        if (found?.wearRatio === undefined || found.wearRatio === null) return [];
        return [{ ...driveNamed(found), model: found.model, wearRatio: found.wearRatio }];
      }),
    },
    pools: {
      total: total(of("pool")),
      byState: countBy(of("pool"), (count) => count.state),
      byType: countBy(of("pool"), (count) => count.type),
      sizeBytes: sum(ids.pools, pool("size_bytes")),
      usedBytes: sum(ids.pools, pool("used_bytes")),
      membersMissing: sum(ids.pools, pool("members_missing")),
      scans: scanning.flatMap((id) => {
        const found = known.pools.get(id);
        if (found === undefined || found.scan === null || !running.has(found.scan.state)) return [];
        return [{ ...placeOf(found, found.name), type: found.type, scan: found.scan }];
      }),
      scrubsOverdue: overdue.length,
      overdueScrubs: top(overdue, age, shown).flatMap((id) => {
        const found = known.pools.get(id);
        if (found === undefined) return [];
        return [{ ...placeOf(found, found.name), type: found.type, scrubAgeSeconds: age(id) }];
      }),
    },
    filesystems: {
      total: total(of("filesystem")),
      byState: countBy(of("filesystem"), (count) => count.state),
      ...local,
      fillFirst: filling.flatMap((id) => {
        const found = known.filesystems.get(id);
        if (found === undefined || found.forecast === null) return [];
        const { type, usedRatio, forecast } = found;
        return [{ ...placeOf(found, found.mountPoint), type, usedRatio, forecast }];
      }),
    },
    controllers: {
      total: total(of("controller")),
      byState: countBy(of("controller"), (count) => count.state),
    },
    problems: problemsOf(known, bad, filling).slice(0, shown),
  };
}

const running = new Set(["running", "paused"]);

type Reader = (kind: string, metric: string) => (id: number) => number;

/** Reads the newest value from memory; NaN where missing. */
function valueReader({ samples }: Context): Reader {
  return (kind, metric) => {
    const place = metricIndex(kind, metric);
    return (id) => samples.newest(id)?.values[place] ?? Number.NaN;
  };
}

/** ZFS filesystems of a pool share its free space: what they use adds up, what is free does not. */
function localSpace(
  filesystems: readonly number[],
  zfs: readonly number[][],
  value: Reader,
): { sizeBytes: number; usedBytes: number; availableBytes: number } {
  const used = value("filesystem", "used_bytes");
  const available = value("filesystem", "available_bytes");
  const size = value("filesystem", "size_bytes");
  const zfsUsed = sum(zfs.flat(), used);
  const zfsFree = sum(zfs, (ids) => Math.max(0, ...ids.map(available).filter((bytes) => !Number.isNaN(bytes))));
  return {
    sizeBytes: sum(filesystems, size) + zfsUsed + zfsFree,
    usedBytes: sum(filesystems, used) + zfsUsed,
    availableBytes: sum(filesystems, available) + zfsFree,
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  let all = 0;
  for (const item of items) {
    const value = of(item);
    if (!Number.isNaN(value)) all += value;
  }
  return all;
}

/** The ids with the highest values, the highest first; those without one left out. */
function top(ids: readonly number[], measure: (id: number) => number, most: number): number[] {
  const known = ids.filter((id) => !Number.isNaN(measure(id)));
  return pageByValue(known, measure, { limit: most, sort: "-value" }).items;
}

function buckets(ids: readonly number[], measure: (id: number) => number, edges: readonly number[]): Bucket[] {
  const found = edges.map((from, i): Bucket => ({ from, to: edges[i + 1] ?? null, count: 0 }));
  for (const id of ids) {
    const value = measure(id);
    const bucket = found.findLast((each) => value >= each.from);
    if (bucket !== undefined) bucket.count++;
  }
  return found;
}

function total(counts: readonly Count[]): number {
  return counts.reduce((all, { count }) => all + count, 0);
}

function countBy(counts: readonly Count[], name: (count: Count) => string | null): Record<string, number> {
  const found: Record<string, number> = {};
  for (const count of counts) {
    const key = name(count) ?? "unknown";
    found[key] = (found[key] ?? 0) + count.count;
  }
  return found;
}

function driveNamed(found: { id: number; serverId: string; serverName: string; device: string | null; key: string }) {
  return placeOf(found, found.device ?? found.key);
}

function placeOf({ id, serverId, serverName }: Omit<Place, "name">, name: string): Place {
  return { id, serverId, serverName, name };
}

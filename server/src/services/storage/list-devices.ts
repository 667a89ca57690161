import { metricIndex } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import type { Page, PageRequest } from "../../db/queries/keyset.ts";
import {
  allIds,
  pageOfIds,
  type StorageFilter,
  type StorageKind,
  type StorageRow,
  storageRows,
} from "../../db/queries/storage.ts";
import { type DriveReason, driveReasons, type SelfTest, selfTest } from "../../domain/storage/drive.ts";
import { finite, object, text, time } from "../../domain/storage/json.ts";
import type { Newest } from "../resource/latest-values.ts";
import { loadLinks } from "./load-links.ts";
import { newestOf, reader } from "./newest.ts";
import { pageByValue } from "./value-page.ts";

/** A physical drive. `id` is its resource id; what is not known is null. */
export type Device = {
  id: number;
  serverId: string;
  serverName: string;
  key: string;
  /** Kernel name: "sda". */
  device: string | null;
  model: string | null;
  serial: string | null;
  wwn: string | null;
  firmware: string | null;
  protocol: string | null;
  media: string | null;
  capacityBytes: number | null;
  verdict: string | null;
  stateSince: Date | null;
  reasons: DriveReason[];
  temperatureCelsius: number | null;
  temperatureLimitCelsius: number | null;
  powerOnSeconds: number | null;
  wearRatio: number | null;
  spareRatio: number | null;
  writtenBytes: number | null;
  readBytes: number | null;
  reallocatedSectors: number | null;
  pendingSectors: number | null;
  /** The worst of what the drive calls uncorrectable. */
  uncorrectable: number | null;
  selfTest: SelfTest;
  /** Asleep or not readable: the values are those of `measuredAt`. */
  stale: boolean;
  measuredAt: Date | null;
  pools: { id: number; key: string; state: string | null }[];
  goneAt: Date | null;
};

const noLinks = { pools: [], poolKey: null, serial: null, slot: null, mountSources: [] };

/** Sorts made of newest values, and the metric of each. */
const valueSorts: Record<string, string> = {
  temperature: "temperature_celsius",
  wear: "wear_ratio",
  hours: "power_on_seconds",
  written: "written_bytes",
  read: "read_bytes",
  reallocated: "reallocated_sectors",
  pending: "pending_sectors",
};

export const deviceSorts = [
  "severity",
  "server",
  "device",
  "model",
  "capacity",
  "stateSince",
  "temperature",
  "wear",
  "hours",
  "written",
  "read",
  "reallocated",
  "pending",
] as const;

/** Attributes that a list shows. */
const shown = [
  "model",
  "serial",
  "wwn",
  "firmware",
  "protocol",
  "capacityBytes",
  "reasons",
  "selfTest",
  "temperature",
  "wear",
  "stale",
  "measuredAt",
  "disks",
  "verdict",
] as const;

/** One page of drives with their newest values and their pools. */
export async function listDevices(context: Context, filter: StorageFilter, page: PageRequest): Promise<Page<Device>> {
  const { items, nextCursor } = await pageOfKind(context, "drive", filter, page, valueSorts);
  return { items: await devicesByIds(context, items), nextCursor };
}

/** These drives in the order of the ids; unknown ones are left out. */
export async function devicesByIds(context: Context, ids: readonly number[]): Promise<Device[]> {
  const rows = await storageRows(context.db, "drive", ids, shown);
  const newest = await newestOf(context, ids);
  const links = await loadLinks(
    context,
    rows.map((row) => row.serverId),
    ["pool", "pool_member"],
    rows.map((row) => ({ ...row, ...noLinks, kind: "drive", disks: row.attributes.disks })),
  );
  return rows.map((row) => {
    const pools = links.get(row.serverId)?.standsOn(row.id).pools ?? [];
    return toDevice(row, newest.get(row.id), pools);
  });
}

/** A page of ids of one kind, by what the database knows or by newest values. */
export async function pageOfKind(
  context: Context,
  kind: StorageKind,
  filter: StorageFilter,
  page: PageRequest,
  byValue: Record<string, string>,
): Promise<Page<number>> {
  const metric = byValue[page.sort.replace(/^-/, "")];
  if (metric === undefined) return await pageOfIds(context.db, kind, filter, page);
  const ids = await allIds(context.db, kind, filter);
  const place = metricIndex(kind, metric);
  return pageByValue(ids, (id) => context.samples.newest(id)?.values[place] ?? Number.NaN, page);
}

/** A drive's row as people see it. */
export function toDevice(
  row: StorageRow,
  newest: Newest | undefined,
  pools: readonly { id: number; key: string; state: string | null }[],
): Device {
  const { attributes: a, labels } = row;
  const value = reader("drive", newest);
  const temperature = object(a.temperature);
  const wear = object(a.wear);
  const parts = keyParts(row.key);
  return {
    id: row.id,
    serverId: row.serverId,
    serverName: row.serverName,
    key: row.key,
    device: labels.device ?? null,
    model: text(a.model) ?? labels.model ?? null,
    serial: text(a.serial) ?? parts.serial,
    wwn: text(a.wwn),
    firmware: text(a.firmware),
    protocol: labels.protocol ?? text(a.protocol),
    media: labels.media ?? null,
    capacityBytes: finite(a.capacityBytes),
    verdict: row.goneAt === null ? row.state : text(a.verdict),
    stateSince: row.stateSince,
    reasons: driveReasons(a.reasons),
    temperatureCelsius: value("temperature_celsius") ?? finite(temperature.currentCelsius),
    temperatureLimitCelsius: value("temperature_limit_celsius") ?? finite(temperature.warningCelsius),
    powerOnSeconds: value("power_on_seconds"),
    wearRatio: value("wear_ratio") ?? finite(wear.ratio),
    spareRatio: value("spare_ratio") ?? finite(wear.spareRatio),
    writtenBytes: value("written_bytes"),
    readBytes: value("read_bytes"),
    reallocatedSectors: value("reallocated_sectors") ?? value("grown_defects"),
    pendingSectors: value("pending_sectors"),
    uncorrectable: most(
      value("offline_uncorrectable"),
      value("reported_uncorrectable"),
      value("uncorrected_errors"),
      value("media_errors"),
    ),
    selfTest: selfTest(a.selfTest),
    stale: a.stale === true,
    measuredAt: time(a.measuredAt) ?? (newest === undefined ? null : new Date(newest.at)),
    pools: pools.map(({ id, key, state }) => ({ id, key, state })),
    goneAt: row.goneAt,
  };
}

function most(...values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** A drive's key is model/serial/wwn/slot, each percent-encoded. */
function keyParts(key: string): { serial: string | null } {
  const part = key.split("/")[1] ?? "";
  try {
    return { serial: decodeURIComponent(part) || null };
  } catch {
    return { serial: part || null };
  }
}

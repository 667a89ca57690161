import { parseJson, record } from "../pools/json.ts";

/** A volume group as `lvm fullreport` tells it. Sizes in bytes, ratios 0 to 1; what it does not tell is absent. */
export type LvmGroup = {
  name: string;
  uuid: string;
  sizeBytes?: number;
  freeBytes?: number;
  extentBytes?: number;
  /** Physical volumes that it should have and does not find. */
  missing: number;
  exported: boolean;
  physical: LvmPhysical[];
  volumes: LvmVolume[];
};

export type LvmPhysical = {
  /** "/dev/sda3", "[unknown]". */
  name: string;
  uuid: string;
  sizeBytes?: number;
  freeBytes?: number;
  missing: boolean;
  /** The same volume was found on two devices. */
  duplicate: boolean;
};

/** A logical volume; `name` without the brackets of hidden ones. */
export type LvmVolume = {
  name: string;
  hidden: boolean;
  attr: string;
  /** "linear", "thin,pool", "raid,raid1" ... */
  layout: string[];
  role: string[];
  sizeBytes?: number;
  metadataBytes?: number;
  active: boolean | undefined;
  pool: string;
  origin: string;
  dataRatio?: number;
  metadataRatio?: number;
  syncRatio?: number;
  syncAction: string;
  mismatches?: number;
  /** "partial", "refresh needed", "mismatches exist", "failed", "out_of_data", "metadata_read_only" or empty. */
  health: string;
  whenFull: string;
  checkNeeded: boolean;
  snapshotInvalid: boolean;
  cache?: { totalBlocks: number; usedBlocks: number; dirtyBlocks: number; readHits: number; readMisses: number };
};

// All of these are in LVM 2.02.158, the first with JSON; one that does not know one prints all it knows when asked anew.
const fields = {
  vg: "vg_name,vg_uuid,vg_attr,vg_size,vg_free,vg_extent_size,vg_missing_pv_count,vg_partial,vg_exported",
  pv: "pv_name,pv_uuid,pv_size,pv_free,pv_attr,pv_missing,pv_duplicate",
  lv: [
    "lv_name,lv_attr,lv_size,lv_layout,lv_role,lv_active,lv_metadata_size,lv_health_status,lv_when_full",
    "pool_lv,origin,data_percent,metadata_percent,sync_percent,raid_sync_action,raid_mismatch_count",
    "lv_check_needed,lv_snapshot_invalid",
    "cache_total_blocks,cache_used_blocks,cache_dirty_blocks,cache_read_hits,cache_read_misses",
  ].join(","),
  seg: "segtype",
  pvseg: "pvseg_start",
};

/** Arguments of `lvm` for a report on everything in one process. It changes nothing on disk, not even to repair. */
export function reportArguments(all: boolean): string[] {
  const chosen = Object.entries(fields).flatMap(([section, names]) => [
    "--configreport",
    section,
    ...(section === "lv" ? ["-a"] : []),
    "-o",
    names,
  ]);
  return [
    "fullreport",
    "--reportformat",
    "json",
    "--units",
    "b",
    "--nosuffix",
    "--config",
    "global{metadata_read_only=1}",
    // The agent's service sees /run read-only, so no lock can be had: what only reads can do without.
    "--ignorelockingfailure",
    ...(all ? ["--configreport", "lv", "-a"] : chosen),
  ];
}

/** Groups in the report's text; undefined where it is no report. Never throws. */
export function parseReport(text: string): LvmGroup[] | undefined {
  const parts = parseJson(text)?.report;
  if (!Array.isArray(parts)) return undefined;
  return parts.flatMap((part) => {
    const { vg, pv, lv } = record(part);
    const group = record(rows(vg)[0]);
    const name = word(group.vg_name);
    if (name === "") return [];
    const physical = rows(pv).map(toPhysical);
    return [
      {
        name,
        uuid: word(group.vg_uuid),
        ...number("sizeBytes", group.vg_size),
        ...number("freeBytes", group.vg_free),
        ...number("extentBytes", group.vg_extent_size),
        missing: toNumber(group.vg_missing_pv_count) ?? physical.filter((one) => one.missing).length,
        exported: isSet(group.vg_exported) || word(group.vg_attr)[2] === "x",
        physical,
        volumes: rows(lv).map(toVolume),
      },
    ];
  });
}

function toPhysical(row: Record<string, unknown>): LvmPhysical {
  const attr = word(row.pv_attr);
  return {
    name: word(row.pv_name),
    uuid: word(row.pv_uuid),
    ...number("sizeBytes", row.pv_size),
    ...number("freeBytes", row.pv_free),
    missing: isSet(row.pv_missing) || attr[2] === "m",
    duplicate: isSet(row.pv_duplicate) || attr[0] === "d",
  };
}

function toVolume(row: Record<string, unknown>): LvmVolume {
  const name = word(row.lv_name);
  const active = word(row.lv_active);
  const total = toNumber(row.cache_total_blocks);
  return {
    name: name.replace(/^\[(.*)\]$/, "$1"),
    hidden: name.startsWith("["),
    attr: word(row.lv_attr),
    layout: words(row.lv_layout),
    role: words(row.lv_role),
    ...number("sizeBytes", row.lv_size),
    ...number("metadataBytes", row.lv_metadata_size),
    active: active === "unknown" ? undefined : active.includes("active"),
    pool: word(row.pool_lv),
    origin: word(row.origin),
    ...ratio("dataRatio", row.data_percent),
    ...ratio("metadataRatio", row.metadata_percent),
    ...ratio("syncRatio", row.sync_percent ?? row.copy_percent),
    syncAction: word(row.raid_sync_action),
    ...number("mismatches", row.raid_mismatch_count),
    health: word(row.lv_health_status),
    whenFull: word(row.lv_when_full),
    checkNeeded: isSet(row.lv_check_needed),
    snapshotInvalid: isSet(row.lv_snapshot_invalid),
    ...(total === undefined || total === 0 ? {} : { cache: cacheOf(row, total) }),
  };
}

function cacheOf(row: Record<string, unknown>, totalBlocks: number): NonNullable<LvmVolume["cache"]> {
  return {
    totalBlocks,
    usedBlocks: toNumber(row.cache_used_blocks) ?? 0,
    dirtyBlocks: toNumber(row.cache_dirty_blocks) ?? 0,
    readHits: toNumber(row.cache_read_hits) ?? 0,
    readMisses: toNumber(row.cache_read_misses) ?? 0,
  };
}

function rows(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

// "json" writes every value as text, "json_std" numbers as numbers.
function word(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

function words(value: unknown): string[] {
  return Array.isArray(value)
    ? value.map(word)
    : word(value)
        .split(",")
        .filter((one) => one !== "");
}

function toNumber(value: unknown): number | undefined {
  const text = word(value);
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  return Number(text);
}

function number<K extends string>(name: K, value: unknown): { [key in K]?: number } {
  const parsed = toNumber(value);
  return parsed === undefined ? {} : ({ [name]: parsed } as { [key in K]: number });
}

function ratio<K extends string>(name: K, value: unknown): { [key in K]?: number } {
  const parsed = toNumber(value);
  return parsed === undefined ? {} : ({ [name]: Math.min(1, parsed / 100) } as { [key in K]: number });
}

// Binary fields are empty, or the field's own words; "unknown" where the device is not active.
function isSet(value: unknown): boolean {
  const text = word(value);
  return text !== "" && text !== "unknown" && text !== "0" && text !== "no";
}

import { saveForecasts } from "../src/db/queries/storage-forecasts.ts";
import type { TestApi } from "./api.ts";
import { addResource, type Made, drive as plainDrive, valuesOf } from "./storage-fixture.ts";

const hour = 3_600_000;
const day = 24 * hour;
const GiB = 1024 ** 3;
const TiB = 1024 ** 4;
const year = 365.25 * 86_400;

type Values = Record<string, number>;
export type StorageIds = Record<string, number>;

/** Adds a resource with its newest values and, where `past` tells them, a month of samples. */
export async function addMeasured(
  api: TestApi,
  serverId: string,
  made: Made,
  values: Values,
  past?: (hoursAgo: number) => Values,
): Promise<number> {
  const id = await addResource(api.context.db, serverId, made);
  const now = Date.now();
  if (Object.keys(values).length > 0) api.newest.set(id, { at: now, values: valuesOf(made.kind, values) });
  if (past === undefined) return id;
  for (let ago = 30 * 24; ago >= 0; ago -= 2) {
    const row = valuesOf(made.kind, { ...values, ...past(ago) });
    api.samples.push({ resourceId: id, at: now - ago * hour, values: row });
  }
  return id;
}

const attribute = (id: number, name: string, raw: number, more: Record<string, unknown> = {}) => ({
  key: `ata:${id}`,
  id,
  name,
  value: 100,
  worst: 100,
  threshold: 0,
  raw,
  rawText: String(raw),
  decoded: raw,
  whenFailed: null,
  prefailure: false,
  critical: false,
  meaning: null,
  ...more,
});

const ataAttributes = (reallocated: number, pending: number, crc: number) => [
  attribute(1, "Raw_Read_Error_Rate", 82_123_904, {
    value: 79,
    worst: 64,
    threshold: 44,
    prefailure: true,
    meaning:
      "Errors of reading the surface, as the maker counts them. Seagate counts operations in it: the raw number alone says nothing.",
  }),
  attribute(3, "Spin_Up_Time", 0, { value: 93, worst: 90, prefailure: true }),
  attribute(4, "Start_Stop_Count", 184, { threshold: 20 }),
  attribute(5, "Reallocated_Sector_Ct", reallocated, {
    threshold: 10,
    prefailure: true,
    critical: true,
    meaning: "Sectors that could not be written and were replaced by spare ones.",
    ...(reallocated > 8 && { accepted: 8 }),
  }),
  attribute(9, "Power_On_Hours", 35_112, { value: 60, worst: 60, rawText: "35112h+04m+12.112s" }),
  attribute(10, "Spin_Retry_Count", 0, { threshold: 97, prefailure: true, critical: true }),
  attribute(187, "Reported_Uncorrect", 0, { critical: true, meaning: "Errors that could not be corrected." }),
  attribute(190, "Airflow_Temperature_Cel", 41, {
    value: 59,
    worst: 38,
    threshold: 40,
    whenFailed: pending > 0 ? "past" : null,
    rawText: "41 (Min/Max 24/47)",
  }),
  attribute(197, "Current_Pending_Sector", pending, {
    critical: true,
    meaning: "Unstable sectors that wait to be read or written well, or replaced.",
  }),
  attribute(198, "Offline_Uncorrectable", pending, {
    critical: true,
    meaning: "Sectors that an offline scan could not read.",
  }),
  attribute(199, "UDMA_CRC_Error_Count", crc, {
    value: 200,
    worst: 200,
    meaning: "Errors of transfer between drive and controller, mostly of the cable.",
  }),
];

const reason = (code: string, severity: string, text: string, more: Record<string, unknown> = {}) => ({
  code,
  severity,
  text,
  attribute: null,
  value: null,
  threshold: null,
  acknowledge: more.attribute ?? null,
  ...more,
});

const testEntry = (
  type: string,
  result: string,
  text: string,
  atHours: number,
  remainingRatio = 0,
  lba: number | null = null,
) => ({
  type,
  result,
  text,
  atHours,
  remainingRatio,
  lba,
});

const tested = {
  running: null,
  last: testEntry("Extended offline", "passed", "Completed without error", 34_870),
  entries: [
    testEntry("Extended offline", "passed", "Completed without error", 34_870),
    testEntry("Short offline", "aborted", "Aborted by host", 34_700, 0.9),
    testEntry("Short offline", "passed", "Completed without error", 34_012),
  ],
  minutes: { short: 2, extended: 447, conveyance: null },
};

const letters = "abcdefghijklmnopqrstuvwxyz";
const device = (i: number) => `sd${letters[i]}`;

/** One of 24 drives in bays: those that differ say so, the others are well. */
function bayDrive(i: number): { made: Made; values: Values } {
  const serial = `ZA1${String(1000 + i * 37)}K`;
  const model = i < 16 ? "ST8000NM0055-1RM112" : "WDC WD80EFZX-68UW8N0";
  const well = {
    verdict: "healthy",
    reasons: [],
    attributes: ataAttributes(0, 0, 0),
    selfTest: tested,
    errorLog: { count: 0, entries: [] },
  };
  const values: Values = {
    temperature_celsius: 33 + (i % 7),
    temperature_limit_celsius: 60,
    power_on_seconds: (0.4 + (i % 6) * 0.9) * year,
    power_cycles: 40 + i,
    reallocated_sectors: 0,
    pending_sectors: 0,
    offline_uncorrectable: 0,
    reported_uncorrectable: 0,
    interface_crc_errors: 0,
    written_bytes: (60 + i * 9) * TiB,
    read_bytes: (200 + i * 11) * TiB,
  };
  const special: Record<number, { state: string; attributes: Record<string, unknown>; values?: Values }> = {
    2: {
      state: "critical",
      attributes: {
        reasons: [
          reason("failure_rate", "critical", "56 pending sectors: of drives with this many, 68 % fail within a year", {
            attribute: "ata:197",
            value: 56,
            threshold: 3,
          }),
          reason("failure_rate", "warning", "24 reallocated sectors, 16 more than the 8 accepted", {
            attribute: "ata:5",
            value: 24,
            threshold: 9,
          }),
          reason("failure_rate", "warning", "56 sectors that could not be read offline", {
            attribute: "ata:198",
            value: 56,
          }),
          reason("attribute_failed_past", "warning", "Airflow Temperature Cel was below its threshold once", {
            attribute: "ata:190",
            acknowledge: "ata:190:past",
          }),
          reason("error_log", "info", "The error log has counted 3 errors", { value: 3 }),
        ],
        attributes: ataAttributes(24, 56, 0),
        baseline: { "ata:5": 8 },
        baselineAt: "2026-10-02T10:00:00Z",
        errorLog: {
          count: 3,
          entries: [
            { number: 3, atHours: 35_100, text: "UNC at LBA 0x0fffffff (268435455)" },
            { number: 2, atHours: 35_099, text: "UNC at LBA 0x0fffffff (268435455)" },
          ],
        },
        selfTest: {
          ...tested,
          last: testEntry("Short offline", "failed", "Completed: read failure", 35_090, 0.1, 268_435_455),
          entries: [
            testEntry("Short offline", "failed", "Completed: read failure", 35_090, 0.1, 268_435_455),
            ...tested.entries,
          ],
        },
      },
      values: {
        reallocated_sectors: 24,
        pending_sectors: 56,
        offline_uncorrectable: 56,
        temperature_celsius: 44,
        power_on_seconds: 35_112 * 3600,
        error_log_entries: 3,
      },
    },
    5: {
      state: "failed",
      attributes: {
        reasons: [reason("smart_failed", "failed", "The drive says that it fails (SMART overall health: FAILED)")],
        attributes: ataAttributes(2032, 8, 0),
      },
      values: { reallocated_sectors: 2032, pending_sectors: 8, reported_uncorrectable: 12 },
    },
    9: {
      state: "warning",
      attributes: {
        reasons: [
          reason("failure_rate", "warning", "112 transfer errors on the way to the drive", {
            attribute: "ata:199",
            value: 112,
            threshold: 1,
          }),
        ],
        attributes: ataAttributes(0, 0, 112),
      },
      values: { interface_crc_errors: 112 },
    },
    12: {
      state: "standby",
      attributes: {
        reasons: [reason("standby", "info", "The drive sleeps and was not woken")],
        stale: true,
        power: "standby",
        measuredAt: new Date(Date.now() - 5 * hour).toISOString(),
      },
      values: {},
    },
    14: {
      state: "unknown",
      attributes: {
        reasons: [reason("open_failed", "info", "/dev/sdo: Unknown USB bridge [0x152d:0x0578 (0x209)]")],
        stale: true,
        readError: "/dev/sdo: Unknown USB bridge [0x152d:0x0578 (0x209)]",
        attributes: [],
        temperature: {},
        measuredAt: null,
      },
      values: {},
    },
    17: {
      state: "warning",
      attributes: {
        reasons: [
          reason("temperature", "warning", "The drive has 63 °C, its limit is 60 °C", { value: 63, threshold: 60 }),
        ],
      },
      values: { temperature_celsius: 63, temperature_over_limit_celsius: 3 },
    },
    19: {
      state: "healthy",
      attributes: { selfTest: { ...tested, running: { type: "Extended offline", progressRatio: 0.4 } } },
    },
  };
  const found = special[i];
  const isBlank = found?.values !== undefined && Object.keys(found.values).length === 0;
  const state = found?.state ?? "healthy";
  const made = plainDrive(device(i), serial, state, {
    model,
    attributes: {
      ...well,
      verdict: state,
      family: i < 16 ? "Seagate Enterprise Capacity 3.5 HDD" : "Western Digital Red",
      capacityBytes: 8_001_563_222_016,
      rotationRpm: 7200,
      slot: `Bay ${i + 1}`,
      measuredAt: new Date().toISOString(),
      ...found?.attributes,
    },
  });
  return { made, values: isBlank ? {} : { ...values, ...found?.values } };
}

const nvme = (name: string, serial: string, wear: number): { made: Made; values: Values } => ({
  made: plainDrive(name, serial, wear >= 0.8 ? "warning" : "healthy", {
    model: "SAMSUNG MZVL21T0HCLR-00B00",
    labels: { protocol: "nvme", media: "nvme" },
    attributes: {
      device: `/dev/${name}`,
      protocol: "nvme",
      solidState: true,
      rotationRpm: null,
      formFactor: null,
      family: null,
      slot: null,
      capacityBytes: 1_024_209_543_168,
      reasons:
        wear >= 0.8
          ? [
              reason("wear", "warning", `${Math.round(wear * 100)} % of the rated endurance is used`, {
                value: wear,
                acknowledge: null,
                threshold: 0.8,
              }),
            ]
          : [],
      attributes: [
        {
          key: "nvme:critical_warning",
          id: null,
          name: "Critical_Warning",
          raw: 0,
          rawText: "0x00",
          decoded: 0,
          critical: true,
          meaning: "Bits that the drive sets when something is wrong.",
        },
        {
          key: "nvme:available_spare",
          id: null,
          name: "Available_Spare",
          raw: 100,
          rawText: "100%",
          decoded: 100,
          critical: true,
          meaning: "Spare blocks left.",
        },
        {
          key: "nvme:percentage_used",
          id: null,
          name: "Percentage_Used",
          raw: wear * 100,
          rawText: `${wear * 100}%`,
          decoded: wear * 100,
          critical: true,
          meaning: "Used share of the endurance that the maker rates.",
        },
        {
          key: "nvme:media_errors",
          id: null,
          name: "Media_Errors",
          raw: 0,
          rawText: "0",
          decoded: 0,
          critical: true,
          meaning: "Times that data could not be read back whole.",
        },
        {
          key: "nvme:unsafe_shutdowns",
          id: null,
          name: "Unsafe_Shutdowns",
          raw: 31,
          rawText: "31",
          decoded: 31,
          critical: false,
          meaning: "Losses of power without warning.",
        },
      ],
      temperature: {
        currentCelsius: 48,
        warningCelsius: 82,
        criticalCelsius: 85,
        lifetimeMinCelsius: null,
        lifetimeMaxCelsius: null,
      },
      wear: { ratio: wear, source: "nvme:percentage_used", spareRatio: 1, spareMinRatio: 0.1 },
      selfTest: { running: null, last: null, entries: [], minutes: { short: 2, extended: 35, conveyance: null } },
      errorLog: { count: 0, entries: [] },
      baseline: {},
      baselineAt: null,
      measuredAt: new Date().toISOString(),
    },
  }),
  values: {
    temperature_celsius: 48,
    temperature_limit_celsius: 82,
    wear_ratio: wear,
    spare_ratio: 1,
    power_on_seconds: 2.2 * year,
    power_cycles: 61,
    written_bytes: wear * 660 * TiB,
    read_bytes: 90 * TiB,
    media_errors: 0,
    unsafe_shutdowns: 31,
  },
});

type Member = Record<string, unknown>;
const member = (name: string, state: string, disk: string | null, more: Member = {}): Member => ({
  name,
  device: name,
  path: `/dev/${name}`,
  type: "disk",
  role: "data",
  state,
  readErrors: 0,
  writeErrors: 0,
  checksumErrors: 0,
  sizeBytes: 7.28 * TiB,
  disks: disk === null ? [] : [disk],
  ...more,
});
const group = (name: string, type: string, state: string, children: Member[], more: Member = {}): Member => ({
  name,
  type,
  role: "data",
  state,
  readErrors: 0,
  writeErrors: 0,
  checksumErrors: 0,
  children,
  ...more,
});

async function addPool(
  api: TestApi,
  serverId: string,
  key: string,
  state: string,
  more: {
    labels: Record<string, string>;
    attributes: Record<string, unknown>;
    values: Values;
    past?: (hoursAgo: number) => Values;
  },
): Promise<number> {
  const { labels, attributes, values, past } = more;
  const made = {
    kind: "pool",
    key,
    state,
    labels,
    attributes: { type: labels.type, name: labels.name, ...attributes },
  };
  const id = await addMeasured(api, serverId, made, values, past);
  for (const leaf of leavesOf((attributes.members ?? []) as Member[])) {
    const kept = {
      device: leaf.device,
      role: leaf.role,
      poolKey: key,
      disks: leaf.disks,
      ...(leaf.driveHint as object),
    };
    const row = {
      kind: "pool_member",
      key: `${key}/${leaf.device}`,
      state: leaf.state as string,
      labels: { pool: key, device: String(leaf.device) },
      attributes: kept,
    };
    await addMeasured(
      api,
      serverId,
      row,
      typeof leaf.celsius === "number" ? { temperature_celsius: leaf.celsius } : {},
    );
  }
  return id;
}

function leavesOf(members: readonly Member[]): Member[] {
  return members.flatMap((one) => (Array.isArray(one.children) ? leavesOf(one.children as Member[]) : [one]));
}

/** A server full of storage in every state: 26 drives, six pools, seven filesystems; their ids by short names. */
export async function addStorage(api: TestApi, serverId: string): Promise<StorageIds> {
  const ids: StorageIds = {};
  // The plain one that a test server begins with.
  await api.context.db
    .deleteFrom("resource")
    .where("server_id", "=", serverId)
    .where("kind", "=", "filesystem")
    .execute();
  for (let i = 0; i < 24; i++) {
    const { made, values } = bayDrive(i);
    ids[device(i)] = await addMeasured(api, serverId, made, values, i === 2 ? failing : undefined);
  }
  const worn = nvme("nvme0n1", "S6XNNS0T700001", 0.87);
  ids.nvme0n1 = await addMeasured(api, serverId, worn.made, worn.values, (ago) => ({
    temperature_celsius: 47 + 4 * Math.sin(ago / 3.8),
    wear_ratio: 0.87 - ago * 0.00004,
    written_bytes: (0.87 - ago * 0.00004) * 660 * TiB,
  }));
  const fresh = nvme("nvme1n1", "S6XNNS0T700002", 0.03);
  ids.nvme1n1 = await addMeasured(api, serverId, fresh.made, fresh.values);
  await addPools(api, serverId, ids);
  await addFilesystems(api, serverId, ids);
  await addForecasts(api, ids);
  return ids;
}

function failing(ago: number): Values {
  const since = Math.max(0, 200 - ago);
  return {
    temperature_celsius: 40 + 4 * Math.sin(ago / 3.8) + since / 80,
    pending_sectors: Math.floor(since / 3.6),
    reallocated_sectors: 8 + Math.floor(since / 12.5),
    offline_uncorrectable: Math.floor(since / 3.6),
  };
}

async function addPools(api: TestApi, serverId: string, ids: StorageIds): Promise<void> {
  const raidz = (from: number) =>
    [0, 1, 2, 3, 4, 5].map((i) =>
      member(device(from + i), "online", device(from + i), from + i === 2 ? { readErrors: 12, checksumErrors: 3 } : {}),
    );
  ids.tank = await addPool(api, serverId, "zfs:tank", "online", {
    labels: { type: "zfs", name: "tank", level: "raidz2" },
    attributes: {
      guid: "14701862543206219731",
      health: "ONLINE",
      status: "One or more devices has experienced an unrecoverable error. Applications are unaffected.",
      action:
        "Determine if the device needs to be replaced, and clear the errors using 'zpool clear' or replace the device with 'zpool replace'.",
      members: [
        group("raidz2-0", "raidz2", "online", raidz(0)),
        group("raidz2-1", "raidz2", "online", raidz(6)),
        group("mirror-2", "mirror", "online", [member("nvme0n1p3", "online", "nvme0n1", { role: "log" })], {
          role: "log",
        }),
        member("sdm", "spare", "sdm", { role: "spare" }),
        member("sdn", "spare", "sdn", { role: "spare" }),
      ],
      scan: {
        function: "scrub",
        state: "running",
        startedAt: new Date(Date.now() - 3 * hour).toISOString(),
        progressRatio: 0.43,
        bytesPerSecond: 1.1 * GiB,
        remainingSeconds: 14_400,
        errors: 0,
      },
      lastScrub: { endedAt: new Date(Date.now() - 33 * day).toISOString(), errors: 0, durationSeconds: 27_000 },
      scrubbable: true,
      scrubActions: ["start", "pause", "stop"],
      tool: "zpool",
      toolVersion: "2.3.1",
      disks: Array.from({ length: 12 }, (_, i) => device(i)),
    },
    values: {
      size_bytes: 87 * TiB,
      used_bytes: 61 * TiB,
      free_bytes: 26 * TiB,
      used_ratio: 0.7,
      fragmentation_ratio: 0.18,
      members: 13,
      members_missing: 0,
      spares: 2,
      read_errors: 12,
      write_errors: 0,
      checksum_errors: 3,
      data_errors: 0,
      scan_progress_ratio: 0.43,
      scrub_age_seconds: 33 * 86_400,
    },
    past: (ago) => ({
      used_bytes: (61 - ago * 0.006) * TiB,
      used_ratio: (61 - ago * 0.006) / 87,
      fragmentation_ratio: 0.18 - ago * 0.0001,
      read_errors: ago < 100 ? 12 : 0,
      checksum_errors: ago < 60 ? 3 : 0,
    }),
  });
  ids.backup = await addPool(api, serverId, "zfs:backup", "degraded", {
    labels: { type: "zfs", name: "backup", level: "mirror" },
    attributes: {
      health: "DEGRADED",
      status:
        "One or more devices is currently being resilvered. The pool will continue to function, possibly in a degraded state.",
      action: "Wait for the resilver to complete.",
      members: [
        group("mirror-0", "mirror", "degraded", [
          member("sdq", "online", "sdq"),
          group("replacing-1", "replacing", "degraded", [
            member("sdr-old", "faulted", null, {
              readErrors: 240,
              writeErrors: 18,
              driveHint: { serial: "ZA1GONE1", slot: null },
            }),
            member("sdr", "online", "sdr", { resilvering: true }),
          ]),
        ]),
      ],
      scan: {
        function: "resilver",
        state: "running",
        startedAt: new Date(Date.now() - hour).toISOString(),
        progressRatio: 0.12,
        bytesPerSecond: 180 * 1024 ** 2,
        remainingSeconds: 30_100,
        errors: 0,
      },
      lastScrub: { endedAt: new Date(Date.now() - 52 * day).toISOString(), errors: 2, durationSeconds: 20_000 },
      scrubbable: true,
      scrubActions: ["start", "pause", "stop"],
      tool: "zpool",
      toolVersion: "2.3.1",
      disks: ["sdq", "sdr"],
    },
    values: {
      size_bytes: 7.27 * TiB,
      used_bytes: 6.7 * TiB,
      free_bytes: 0.57 * TiB,
      used_ratio: 0.92,
      fragmentation_ratio: 0.41,
      members: 2,
      members_missing: 1,
      spares: 0,
      read_errors: 240,
      write_errors: 18,
      checksum_errors: 0,
      data_errors: 0,
      scan_progress_ratio: 0.12,
      scrub_age_seconds: 52 * 86_400,
    },
  });
  ids.md0 = await addPool(api, serverId, "md:md0", "online", {
    labels: { type: "md", name: "md0", level: "raid1" },
    attributes: {
      health: "clean",
      members: [
        member("sds1", "online", "sds", { type: "device", sizeBytes: null, writeErrors: null, checksumErrors: null }),
        member("sdt1", "online", "sdt", { type: "device", sizeBytes: null, writeErrors: null, checksumErrors: null }),
      ],
      scan: null,
      lastScrub: { endedAt: new Date(Date.now() - 9 * day).toISOString(), errors: null, durationSeconds: 41_000 },
      scrubbable: true,
      scrubActions: ["start", "stop"],
      tool: "mdadm",
      disks: ["sds", "sdt"],
    },
    values: {
      size_bytes: 7.27 * TiB,
      members: 2,
      members_missing: 0,
      spares: 0,
      read_errors: 0,
      scrub_age_seconds: 9 * 86_400,
      mismatches: 0,
    },
  });
  ids.thin = await addPool(api, serverId, "lvm:vg0/thin", "online", {
    labels: { type: "lvm-thin", name: "vg0/thin", level: "linear" },
    attributes: {
      health: "",
      status: "Metadata is 92 % full: the pool needs a repair when it is used up.",
      action: "lvextend --poolmetadatasize +1G vg0/thin",
      members: [
        member("nvme1n1p2", "online", "nvme1n1", {
          sizeBytes: 930 * GiB,
          readErrors: null,
          writeErrors: null,
          checksumErrors: null,
        }),
      ],
      scan: null,
      lastScrub: null,
      scrubbable: false,
      scrubActions: [],
      tool: "lvm",
      toolVersion: "2.03.31",
      disks: ["nvme1n1"],
    },
    values: {
      size_bytes: 900 * GiB,
      used_bytes: 610 * GiB,
      free_bytes: 290 * GiB,
      used_ratio: 0.68,
      metadata_used_ratio: 0.92,
      members: 1,
      members_missing: 0,
    },
  });
  ids.raid = await addPool(api, serverId, "hwraid:storcli/c0/v0", "degraded", {
    labels: { type: "hwraid", name: "c0/v0", level: "raid5" },
    attributes: {
      health: "Dgrd",
      members: [
        member("252:0", "online", null, {
          type: "drive",
          celsius: 31,
          driveHint: { serial: "PHYG0001", slot: "252:0" },
          readErrors: 0,
          writeErrors: null,
          checksumErrors: null,
          sizeBytes: 960e9,
        }),
        member("252:1", "rebuilding", null, {
          type: "drive",
          celsius: 39,
          driveHint: { serial: "PHYG0002", slot: "252:1" },
          readErrors: 0,
          writeErrors: null,
          checksumErrors: null,
          sizeBytes: 960e9,
        }),
        member("252:2", "online", null, {
          type: "drive",
          celsius: 33,
          driveHint: { serial: "PHYG0003", slot: "252:2" },
          readErrors: 4,
          writeErrors: null,
          checksumErrors: null,
          sizeBytes: 960e9,
        }),
      ],
      scan: {
        function: "recovery",
        state: "running",
        startedAt: null,
        progressRatio: 0.61,
        bytesPerSecond: null,
        remainingSeconds: 3_300,
        errors: null,
      },
      lastScrub: null,
      scrubbable: false,
      scrubActions: [],
      tool: "storcli",
      toolVersion: "7.28",
      disks: ["sdu"],
    },
    values: {
      size_bytes: 1.74 * TiB,
      members: 3,
      members_missing: 1,
      spares: 0,
      read_errors: 4,
      scan_progress_ratio: 0.61,
    },
  });
  ids.controller = await addMeasured(
    api,
    serverId,
    {
      kind: "controller",
      key: "storcli/c0",
      state: "degraded",
      labels: { tool: "storcli", model: "PERC H755 Front" },
      attributes: {
        tool: "storcli",
        firmware: "52.26.0",
        driver: "megaraid_sas 07.727.03.00",
        serial: "3AT0123",
        status: "Needs Attention",
        faults: ["cache is write-through"],
        battery: { kind: "BBU", state: "replace", ok: false },
        drives: [
          { slot: "252:3", state: "online", use: "free", model: "MZ7L3960HCJR", serial: "PHYG0004", sizeBytes: 960e9 },
        ],
      },
    },
    {
      temperature_celsius: 61,
      battery_ok: 0,
      battery_charge_ratio: 0.31,
      battery_temperature_celsius: 38,
      correctable_memory_errors: 3,
      uncorrectable_memory_errors: 0,
    },
    (ago) => ({ temperature_celsius: 58 + 4 * Math.sin(ago / 3.8), battery_charge_ratio: 0.31 + ago * 0.0008 }),
  );
  ids.stuck = await addPool(api, serverId, "btrfs:7c1f", "stuck", {
    labels: { type: "btrfs", name: "/srv/media", level: "raid1" },
    attributes: {
      problem: "btrfs did not answer within 30 s",
      members: [],
      scan: null,
      lastScrub: null,
      scrubbable: false,
      tool: "btrfs",
      disks: [],
    },
    values: {},
  });
}

async function addFilesystems(api: TestApi, serverId: string, ids: StorageIds): Promise<void> {
  const add = async (
    mountPoint: string,
    state: string,
    labels: Record<string, string>,
    attributes: Record<string, unknown>,
    size: number,
    ratio: number,
    more: { inodes?: number; past?: (ago: number) => number } = {},
  ) => {
    const { inodes, past } = more;
    const values = (used: number): Values => ({
      size_bytes: size,
      used_bytes: size * 0.95 * used,
      available_bytes: size * 0.95 * (1 - used),
      used_ratio: used,
    });
    const known = {
      ...values(ratio),
      read_only: state === "ro" ? 1 : 0,
      ...(inodes !== undefined && { inodes: 6.5e7, inodes_used: 6.5e7 * inodes, inodes_used_ratio: inodes }),
    };
    ids[mountPoint] = await addMeasured(
      api,
      serverId,
      { kind: "filesystem", key: mountPoint, state, labels: { network: "false", ...labels }, attributes },
      state === "stuck" ? {} : known,
      past === undefined ? undefined : (ago) => values(past(ago)),
    );
  };
  await add(
    "/",
    "rw",
    { type: "ext4", device: "/dev/nvme0n1p2" },
    { blockDevice: "/dev/nvme0n1p2", disks: ["nvme0n1"], pools: [] },
    200 * GiB,
    0.94,
    { inodes: 0.31, past: (ago) => 0.94 - ago * 0.0012 - 0.006 * Math.sin(ago / 3.8) },
  );
  await add(
    "/tank/data",
    "rw",
    { type: "zfs", device: "tank/data" },
    { disks: [], pools: ["zfs:tank"] },
    58 * TiB,
    0.7,
    { past: (ago) => 0.7 - ago * 0.0001 },
  );
  await add("/backup", "rw", { type: "zfs", device: "backup" }, { disks: [], pools: ["zfs:backup"] }, 7 * TiB, 0.91);
  await add(
    "/var/lib/docker",
    "rw",
    { type: "xfs", device: "/dev/mapper/vg0-docker" },
    { blockDevice: "/dev/dm-3", disks: ["nvme1n1"], pools: ["lvm:vg0/thin"] },
    400 * GiB,
    0.52,
    { inodes: 0.88 },
  );
  await add(
    "/srv",
    "ro",
    { type: "ext4", device: "/dev/md0" },
    { blockDevice: "/dev/md0", disks: ["sds", "sdt"], pools: ["md:md0"] },
    7.2 * TiB,
    0.38,
    { inodes: 0.02 },
  );
  await add(
    "/boot",
    "rw",
    { type: "ext2", device: "/dev/nvme0n1p1" },
    { disks: ["nvme0n1"], pools: [] },
    1 * GiB,
    0.22,
    { inodes: 0.01 },
  );
  await add(
    "/mnt/office",
    "stuck",
    { type: "nfs4", device: "nas.office.test:/export/share", network: "true" },
    { disks: [], pools: [] },
    0,
    0,
  );
  for (const [name, source] of [
    ["postgres", "/var/lib/docker/volumes/pg/_data"],
    ["nextcloud", "/tank/data/nextcloud"],
    ["jellyfin", "/tank/data/media"],
  ] as const) {
    ids[name] = await addMeasured(
      api,
      serverId,
      {
        kind: "container",
        key: name,
        state: "running",
        attributes: { image: `${name}:1`, mountSources: [{ source }] },
      },
      {},
    );
  }
}

async function addForecasts(api: TestApi, ids: StorageIds): Promise<void> {
  const row = (
    name: string,
    metric: string,
    days: number | null,
    confidence: number,
    rate: number | null,
    basis: string,
    why = "",
  ) => ({
    resourceId: ids[name] as number,
    metric,
    computedAt: new Date(),
    fullAt: days === null ? null : new Date(Date.now() + days * day),
    confidence,
    rate,
    basis,
    reason: why,
    state: {},
  });
  await saveForecasts(api.context.db, [
    row("/", "used_ratio", 2.2, 0.91, 65_000, "7 d"),
    row("/tank/data", "used_ratio", 125, 0.7, 1.6e6, "30 d"),
    row("/backup", "used_ratio", 19, 0.42, 4e5, "7 d"),
    row("/var/lib/docker", "used_ratio", null, 0, null, "7 d", "it is emptied every 24 h"),
    row("/boot", "used_ratio", null, 0, null, "30 d", "it does not grow"),
    row("nvme0n1", "wear_ratio", 135, 0.74, 1.1e-8, "21 d"),
    row("sdc", "temperature_celsius", null, 0.66, 0.8 / 604_800, "30 d"),
  ]);
}

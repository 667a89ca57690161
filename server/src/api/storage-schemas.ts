import { z } from "@hono/zod-openapi";
import type { PoolMember } from "../domain/storage/pool.ts";
import { instant } from "./route.ts";
import { latestSchema } from "./routes/resources.ts";

const number = z.number().nullable();
const text = z.string().nullable();
const counts = z.record(z.string(), z.number());

export const place = { id: z.number(), serverId: z.string(), serverName: z.string() };
const id = z.number().openapi({ description: "Its resource id: metrics are read as ID:METRIC" });

const reasonSchema = z
  .strictObject({
    code: z.string(),
    severity: z.string(),
    text: z.string(),
    attribute: text,
    value: number,
    threshold: number,
    acknowledge: text.openapi({ description: "The counter that drive.acknowledge takes; null: it can't be accepted" }),
  })
  .openapi("DriveReason");

const selfTestEntrySchema = z
  .strictObject({
    type: text,
    result: text,
    text: z.string(),
    atHours: number,
    remainingRatio: number,
    lba: number,
  })
  .openapi("SelfTestEntry");

const selfTest = {
  running: z.strictObject({ type: text, progressRatio: number }).nullable(),
  last: selfTestEntrySchema.nullable(),
};

const poolHealth = {
  usedRatio: number,
  metadataUsedRatio: number,
  errors: z.strictObject({ read: number, write: number, checksum: number, data: number }),
};
export const poolLink = z.strictObject({
  id: z.number(),
  key: z.string(),
  name: z.string(),
  type: text,
  state: text,
  ...poolHealth,
});
export const filesystemLink = z.strictObject({ id: z.number(), mountPoint: z.string(), type: text, state: text });
const containerLink = z.strictObject({ id: z.number(), name: z.string(), state: text });
export const driveLink = z.strictObject({
  id: z.number(),
  key: z.string(),
  device: text,
  name: z.string(),
  verdict: text,
});

export const standsOnSchema = z.strictObject({
  pools: z.array(poolLink),
  filesystems: z.array(filesystemLink),
  containers: z.array(containerLink),
});

export const deviceSchema = z
  .strictObject({
    ...place,
    id,
    key: z.string(),
    device: text.openapi({ description: "Kernel name, like sda" }),
    model: text,
    serial: text,
    wwn: text,
    firmware: text,
    protocol: text,
    media: text,
    capacityBytes: number,
    verdict: text,
    stateSince: instant.nullable(),
    reasons: z.array(reasonSchema),
    temperatureCelsius: number,
    temperatureLimitCelsius: number,
    powerOnSeconds: number,
    wearRatio: number.openapi({ description: "Used share of the rated endurance; can exceed 1" }),
    spareRatio: number,
    writtenBytes: number,
    readBytes: number,
    reallocatedSectors: number,
    pendingSectors: number,
    uncorrectable: number,
    selfTest: z.strictObject(selfTest),
    stale: z.boolean().openapi({ description: "Asleep or not readable: the values are those of measuredAt" }),
    measuredAt: instant.nullable(),
    pools: z.array(z.strictObject({ id: z.number(), key: z.string(), state: text })),
    goneAt: instant.nullable(),
  })
  .openapi("StorageDevice");

export const deviceDetailSchema = deviceSchema
  .extend({
    path: text,
    type: text.openapi({ description: "smartctl's -d" }),
    family: text,
    slot: text,
    via: text,
    power: text,
    readError: text.openapi({ description: "Why it could not be read this time" }),
    formFactor: text,
    rotationRpm: number,
    solidState: z.boolean().nullable(),
    logicalBlockBytes: number,
    physicalBlockBytes: number,
    temperature: z.strictObject({
      currentCelsius: number,
      warningCelsius: number,
      criticalCelsius: number,
      lifetimeMinCelsius: number,
      lifetimeMaxCelsius: number,
    }),
    wear: z.strictObject({ ratio: number, source: text, spareRatio: number, spareMinRatio: number }),
    attributes: z.array(
      z
        .strictObject({
          key: z.string(),
          id: number,
          name: z.string(),
          value: number,
          worst: number,
          threshold: number,
          raw: number,
          rawText: text,
          decoded: number,
          whenFailed: text,
          prefailure: z.boolean().nullable(),
          critical: z.boolean(),
          meaning: text,
          accepted: number.openapi({ description: "The count that people acknowledged" }),
        })
        .openapi("DriveAttribute"),
    ),
    errorLog: z.strictObject({
      count: number,
      entries: z.array(z.strictObject({ number, atHours: number, text: z.string() })),
    }),
    selfTest: z.strictObject({
      ...selfTest,
      entries: z.array(selfTestEntrySchema),
      minutes: z.strictObject({ short: number, extended: number, conveyance: number }),
    }),
    baseline: z.strictObject({ at: instant.nullable(), counts }).nullable(),
    smartctlVersion: text,
    messages: z.array(z.strictObject({ text: z.string(), severity: z.string() })),
    raw: z.unknown().openapi({ description: "What smartctl printed" }),
    rawAt: instant.nullable(),
    rawProblem: z.string().openapi({ description: "Why it can't be shown" }),
    forecast: z.strictObject({
      wear: z
        .strictObject({
          at: instant.nullable(),
          confidence: z.number(),
          ratePerDay: number,
          basis: z.string(),
          reason: z.string(),
        })
        .nullable(),
      temperature: z.strictObject({ perWeek: z.number(), confidence: z.number(), basis: z.string() }).nullable(),
    }),
    standsOn: standsOnSchema.openapi({ description: "What stands on the drive" }),
    latest: latestSchema.nullable(),
  })
  .openapi("StorageDeviceDetail");

const scanSchema = z
  .strictObject({
    function: z.string(),
    state: z.string(),
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    progressRatio: number,
    bytesPerSecond: number,
    remainingSeconds: number,
    errors: number,
  })
  .openapi("PoolScan");

export const poolSchema = z
  .strictObject({
    ...place,
    id,
    key: z.string(),
    type: text,
    name: z.string(),
    level: text,
    state: text,
    stateSince: instant.nullable(),
    sizeBytes: number,
    usedBytes: number,
    freeBytes: number,
    usedRatio: number,
    metadataUsedRatio: number,
    fragmentationRatio: number,
    membersTotal: number,
    membersMissing: number,
    spares: number,
    errors: z.strictObject({ read: number, write: number, checksum: number, data: number }),
    scan: scanSchema.nullable(),
    lastScrub: z.strictObject({ endedAt: instant.nullable(), errors: number, durationSeconds: number }).nullable(),
    scrubAgeSeconds: number,
    scrubActions: z.array(z.enum(["start", "pause", "stop"])),
    problem: text.openapi({ description: "Why it could not be read fully" }),
    goneAt: instant.nullable(),
  })
  .openapi("StoragePool");

const memberSchema: z.ZodType<PoolMember, PoolMember> = z
  .strictObject({
    id: number.openapi({ description: "Its resource id; null for a group of devices" }),
    name: z.string(),
    device: text,
    path: text,
    type: text,
    role: text,
    state: text,
    readErrors: number,
    writeErrors: number,
    checksumErrors: number,
    slowIos: number,
    sizeBytes: number,
    resilvering: z.boolean(),
    disks: z.array(z.string()),
    driveHint: z.strictObject({ serial: text, slot: text }).nullable(),
    drive: z
      .strictObject({ id: z.number(), key: z.string(), device: text, model: text, serial: text, verdict: text })
      .nullable(),
    get children() {
      return z.array(memberSchema);
    },
  })
  .openapi("PoolMember");

export const poolDetailSchema = poolSchema
  .extend({
    guid: text,
    health: text.openapi({ description: "The tool's own word" }),
    status: text,
    action: text,
    tool: text,
    toolVersion: text,
    members: z.array(memberSchema),
    drives: z.array(driveLink),
    below: z.array(poolLink).openapi({ description: "Pools that it stands on" }),
    pools: z.array(poolLink).openapi({ description: "Pools that stand on it" }),
    filesystems: z.array(filesystemLink),
    containers: z.array(containerLink),
    attributes: z.record(z.string(), z.unknown()),
    latest: latestSchema.nullable(),
  })
  .openapi("StoragePoolDetail");

const forecastSchema = z
  .strictObject({
    fullAt: instant.nullable().openapi({ description: "null: not in sight; reason says why" }),
    hoursLeft: number,
    bytesPerDay: number,
    confidence: z.number().openapi({ description: "0 to 1" }),
    basis: z.string().openapi({ description: "The time that it was read from" }),
    reason: z.string(),
    computedAt: instant,
  })
  .openapi("FilesystemForecast");

export const filesystemSchema = z
  .strictObject({
    ...place,
    id,
    mountPoint: z.string(),
    type: text,
    device: text,
    state: text,
    stateSince: instant.nullable(),
    sizeBytes: number,
    usedBytes: number,
    availableBytes: number,
    usedRatio: number,
    inodesUsedRatio: number,
    readOnly: z.boolean().nullable(),
    network: z.boolean(),
    disks: z.array(z.string()),
    pools: z.array(z.string()),
    forecast: forecastSchema.nullable(),
    goneAt: instant.nullable(),
  })
  .openapi("StorageFilesystem");

export const filesystemDetailSchema = filesystemSchema
  .extend({
    blockDevice: text,
    drives: z.array(driveLink),
    standsOnPools: z.array(poolLink),
    containers: z.array(containerLink),
    latest: latestSchema.nullable(),
  })
  .openapi("StorageFilesystemDetail");

const named = { ...place, name: z.string() };
const bucket = z.strictObject({ from: z.number(), to: number, count: z.number() });

export const summarySchema = z
  .strictObject({
    at: instant,
    devices: z.strictObject({
      total: z.number(),
      byVerdict: counts,
      byMedia: counts,
      capacityBytes: z.number(),
      byAge: z.array(bucket).openapi({ description: "By years under power: from <= age < to" }),
      byWear: z.array(bucket).openapi({ description: "By used share of the rated endurance" }),
      hottest: z.array(z.strictObject({ ...named, model: text, temperatureCelsius: z.number(), limitCelsius: number })),
      mostWorn: z.array(z.strictObject({ ...named, model: text, wearRatio: z.number() })),
    }),
    pools: z.strictObject({
      total: z.number(),
      byState: counts,
      byType: counts,
      sizeBytes: z.number(),
      usedBytes: z.number(),
      membersMissing: z.number(),
      scans: z.array(z.strictObject({ ...named, type: text, scan: scanSchema })),
      scrubsOverdue: z.number(),
      overdueScrubs: z.array(z.strictObject({ ...named, type: text, scrubAgeSeconds: z.number() })),
    }),
    filesystems: z.strictObject({
      total: z.number(),
      byState: counts,
      sizeBytes: z.number().openapi({ description: "Of local filesystems, each device once" }),
      usedBytes: z.number(),
      availableBytes: z.number(),
      fillFirst: z.array(z.strictObject({ ...named, type: text, usedRatio: number, forecast: forecastSchema })),
    }),
    controllers: z.strictObject({ total: z.number(), byState: counts }),
    problems: z.array(
      z
        .strictObject({
          kind: z.enum(["drive", "pool", "filesystem", "controller"]),
          ...named,
          state: text,
          severity: z.enum(["warning", "critical"]),
          text: z.string(),
          since: instant.nullable(),
        })
        .openapi("StorageProblem"),
    ),
  })
  .openapi("StorageSummary");

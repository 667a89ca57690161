import { gzipSync } from "node:zlib";
import { findKind, metricIndex } from "@fairlead/shared/catalogue";
import type { Kysely } from "kysely";
import type { Database, Labels } from "../src/db/schema.ts";

export type Made = {
  kind: string;
  key: string;
  state?: string | null;
  labels?: Labels;
  attributes?: Record<string, unknown>;
  gone?: boolean;
};

/** Values of a kind by metric name, all others missing. */
export function valuesOf(kind: string, named: Record<string, number>): Float32Array {
  const values = new Float32Array(findKind(kind)?.metrics.length ?? 0).fill(Number.NaN);
  for (const [name, value] of Object.entries(named)) {
    const place = metricIndex(kind, name);
    if (place < 0) throw new Error(`${kind} has no ${name}`);
    values[place] = value;
  }
  return values;
}

/** A server's row; its id. */
export async function addServer(db: Kysely<Database>, name: string): Promise<string> {
  const row = await db
    .insertInto("server")
    .values({ name, hostname: name, labels: "{}", state: "online" })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

/** A resource's row; its id. */
export async function addResource(db: Kysely<Database>, serverId: string, made: Made): Promise<number> {
  const { raw, ...attributes } = made.attributes ?? {};
  const row = await db
    .insertInto("resource")
    .values({
      server_id: serverId,
      kind: made.kind,
      key: made.key,
      state: made.state ?? null,
      state_since: new Date("2026-11-01T00:00:00Z"),
      labels: JSON.stringify(made.labels ?? {}),
      attributes: JSON.stringify(attributes),
      gone_at: made.gone === true ? new Date("2026-11-02T00:00:00Z") : null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (typeof raw === "string") {
    const packed = Buffer.from(raw, "base64");
    await db.insertInto("resource_raw").values({ resource_id: row.id, hash: "", raw: packed }).execute();
  }
  return row.id;
}

/** What an agent sends of a drive; fields of `more` win. */
export function driveAttributes(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    device: "/dev/sda",
    type: "sat",
    model: "WDC WD40EFRX",
    family: "Western Digital Red",
    serial: "WD-1",
    wwn: "0x50014ee2b5e2c1a0",
    slot: null,
    firmware: "82.00A82",
    protocol: "ata",
    capacityBytes: 4_000_787_030_016,
    logicalBlockBytes: 512,
    physicalBlockBytes: 4096,
    formFactor: "3.5 inches",
    rotationRpm: 5400,
    solidState: false,
    via: "direct",
    power: "active",
    verdict: "critical",
    reasons: [
      {
        code: "attribute_failure_rate",
        severity: "critical",
        text: "8 pending sectors",
        attribute: "ata:197",
        value: 8,
        threshold: 3,
        acknowledge: "ata:197",
      },
    ],
    attributes: [
      {
        key: "ata:197",
        id: 197,
        name: "Current_Pending_Sector",
        value: 200,
        worst: 200,
        threshold: 0,
        raw: 8,
        rawText: "8",
        decoded: 8,
        whenFailed: null,
        prefailure: false,
        critical: true,
        meaning: "Unstable sectors",
        accepted: 2,
      },
    ],
    selfTest: {
      running: { type: "Short offline", progressRatio: 0.4 },
      last: {
        type: "Extended offline",
        result: "passed",
        text: "Completed",
        atHours: 900,
        remainingRatio: 0,
        lba: null,
      },
      entries: [],
      minutes: { short: 2, extended: 420, conveyance: null },
    },
    errorLog: { count: 1, entries: [{ number: 1, atHours: 12, text: "UNC at LBA 1" }] },
    temperature: {
      currentCelsius: 35,
      warningCelsius: 60,
      criticalCelsius: 65,
      lifetimeMinCelsius: 10,
      lifetimeMaxCelsius: 51,
    },
    wear: { ratio: null, source: null, spareRatio: null, spareMinRatio: null },
    baseline: { "ata:197": 2 },
    baselineAt: "2026-11-01T10:00:00Z",
    measuredAt: "2026-11-23T08:00:00Z",
    stale: false,
    smartctlVersion: "7.4",
    messages: [],
    raw: gzipSync(JSON.stringify({ smartctl: { version: [7, 4] } })).toString("base64"),
    rawAt: "2026-11-23T06:00:00Z",
    disks: ["sda"],
    ...more,
  };
}

/** A drive as a resource: key and labels as agents make them. */
export function drive(
  device: string,
  serial: string,
  state: string,
  more: { attributes?: Record<string, unknown>; labels?: Labels; slot?: string; model?: string } = {},
): Made {
  const model = more.model ?? "WDC WD40EFRX";
  return {
    kind: "drive",
    key: [model, serial, "", more.slot ?? ""].map(encodeURIComponent).join("/"),
    state,
    labels: { device, protocol: "ata", media: "hdd", model, ...more.labels },
    attributes: driveAttributes({ device: `/dev/${device}`, model, serial, disks: [device], ...more.attributes }),
  };
}

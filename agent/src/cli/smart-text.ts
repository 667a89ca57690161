import { gunzipSync } from "node:zlib";
import { catalogue } from "@fairlead/shared/catalogue";
import type { Reading } from "../collectors/collector.ts";
import type { Host } from "../host/host.ts";
import { isMeant } from "../smart/is-meant.ts";
import { ago, bytes, duration, table } from "./text.ts";

/** A drive as it is printed with --json; values by name, null where missing. */
export type Drive = {
  key: string;
  state: string;
  reason: string | null;
  labels: Record<string, string>;
  attributes: Attributes;
  values: Record<string, number | null>;
};

/** What is shown of a drive's attributes; any may be absent where the drive was never read. */
type Attributes = Record<string, unknown> & {
  device?: string;
  model?: string | null;
  serial?: string | null;
  capacityBytes?: number | null;
  measuredAt?: string | null;
  stale?: boolean;
  power?: string;
  readError?: string | null;
  powerOnHours?: number | null;
  reasons?: { severity: string; text: string }[];
  attributes?: Attribute[];
  temperature?: Record<string, number | null>;
  wear?: { ratio: number | null; spareRatio: number | null };
  selfTest?: { running: { progressRatio: number | null } | null; entries: TestEntry[] };
  errorLog?: { count: number | null; entries: { number: number | null; atHours: number | null; text: string }[] };
  baseline?: Record<string, number>;
  paths?: { device: string; type: string }[];
  disks?: string[];
};

type Attribute = {
  id: number | null;
  key: string;
  name: string;
  value: number | null;
  worst: number | null;
  threshold: number | null;
  rawText: string | null;
  raw: number | null;
  decoded: number | null;
  whenFailed: string | null;
  meaning: string | null;
  accepted?: number;
};
type TestEntry = { type: string | null; text: string; atHours: number | null; lba: number | null };

export function driveOf(reading: Reading): Drive {
  const values = catalogue.drive.metrics.map(({ name }, i) => {
    const value = reading.values[i] ?? Number.NaN;
    return [name, Number.isFinite(value) ? value : null] as const;
  });
  return {
    key: reading.key,
    state: reading.state ?? "unknown",
    reason: reading.reason ?? null,
    labels: reading.labels ?? {},
    attributes: (reading.attributes ?? {}) as Attributes,
    values: Object.fromEntries(values),
  };
}

/** Whether that text means this drive. */
export function matches(host: Host, text: string, { key, labels, attributes }: Drive): boolean {
  const disks = attributes.disks ?? [];
  const paths = (attributes.paths ?? []).map(({ device, type }) => ({ name: device, scanned: type, disks }));
  return labels.device === text || isMeant(host, text, paths, { key, facts: attributes });
}

/** smartctl's own words about a drive; null where they are not kept. */
export function rawOf({ attributes: { raw } }: Drive): unknown {
  if (typeof raw !== "string") return null;
  try {
    return JSON.parse(gunzipSync(Buffer.from(raw, "base64"), { maxOutputLength: 8 << 20 }).toString("utf8"));
  } catch {
    return null;
  }
}

/** One line a drive: what it is, and the first reason for its verdict. */
export function driveTable(drives: readonly Drive[], now: number): string {
  if (drives.length === 0) return "no drives that smartctl could read";
  const rows = drives.map((drive) => {
    const { attributes: a, labels } = drive;
    return [
      labels.device ?? a.device ?? "",
      a.model ?? "-",
      a.serial ?? "-",
      size(a.capacityBytes),
      celsius(a.temperature?.currentCelsius),
      number(a.powerOnHours),
      percent(a.wear?.ratio),
      drive.state,
      [why(drive), freshness(drive, now)].filter((text) => text !== "").join("; "),
    ];
  });
  return table([["DEVICE", "MODEL", "SERIAL", "SIZE", "TEMP", "HOURS", "WEAR", "VERDICT", ""], ...rows]);
}

/** All that is known of a drive. */
export function describeDrive(drive: Drive, now: number): string {
  const { attributes: a, labels } = drive;
  const blocks = [table(facts(drive, now))];
  const attributes = a.attributes ?? [];
  if (attributes.length > 0) blocks.push(table([attributeHeading, ...attributes.map(attributeRow)]));
  const tests = a.selfTest?.entries ?? [];
  const running = a.selfTest?.running;
  const progress = running ? [["runs now", percent(running.progressRatio), "", ""]] : [];
  const testRows = tests.map((one) => [
    one.type ?? "-",
    at(one.atHours),
    one.text,
    one.lba === null ? "" : `LBA ${one.lba}`,
  ]);
  blocks.push(
    testRows.length + progress.length === 0
      ? "no self-test in the log"
      : table([["SELF-TEST", "AT", "RESULT", ""], ...progress, ...testRows]),
  );
  const errors = a.errorLog?.entries ?? [];
  const count = a.errorLog?.count;
  if (errors.length > 0) {
    const rows = errors.map((one) => [String(one.number ?? ""), at(one.atHours), one.text]);
    blocks.push(table([["ERROR", "AT", count ? `the log has counted ${count}` : ""], ...rows]));
  } else if (count) blocks.push(`the error log has counted ${count} errors`);
  return `${labels.device ?? a.device ?? drive.key}\n${blocks.join("\n\n")}`;
}

function facts(drive: Drive, now: number): string[][] {
  const { attributes: a } = drive;
  const { currentCelsius, warningCelsius, criticalCelsius, lifetimeMinCelsius, lifetimeMaxCelsius } =
    a.temperature ?? {};
  const limit = drive.values.temperature_limit_celsius ?? warningCelsius ?? criticalCelsius;
  const [least, most] = [lifetimeMinCelsius ?? null, lifetimeMaxCelsius ?? null];
  const accepted = Object.entries(a.baseline ?? {}).map(([key, value]) => `${key} ${value}`);
  const reasons = (a.reasons ?? []).map((one) => ["", `${one.severity}: ${one.text}`]);
  const rows: [string, unknown][] = [
    ["model", join([a.model, a.family === null ? undefined : `(${a.family})`])],
    ["serial", a.serial],
    ["firmware", a.firmware],
    ["wwn", a.wwn],
    ["slot", a.slot],
    ["size", a.capacityBytes ? join([size(a.capacityBytes), blocks(a)]) : undefined],
    [
      "form",
      join(
        [a.formFactor, a.rotationRpm ? `${a.rotationRpm} rpm` : a.solidState === true ? "solid state" : undefined],
        ", ",
      ),
    ],
    [
      "read by",
      join([a.device, a.type === null ? undefined : `-d ${a.type}`, `smartctl ${a.smartctlVersion ?? "?"}`], ", "),
    ],
    ["disks", (a.disks ?? []).join(", ")],
    ["power", a.power],
    ["measured", a.measuredAt ? ago(Date.parse(a.measuredAt), now) : "never"],
    [
      "temperature",
      currentCelsius == null
        ? undefined
        : join(
            [
              celsius(currentCelsius),
              limit == null ? undefined : `limit ${celsius(limit)}`,
              least === null || most === null ? undefined : `${least} to ${most} °C in its life`,
            ],
            ", ",
          ),
    ],
    [
      "wear",
      a.wear?.ratio == null
        ? undefined
        : join(
            [
              `${percent(a.wear.ratio)} used`,
              a.wear.spareRatio == null ? undefined : `${percent(a.wear.spareRatio)} spare left`,
            ],
            ", ",
          ),
    ],
    [
      "powered on",
      a.powerOnHours == null
        ? undefined
        : join([duration(a.powerOnHours * 3600), a.powerCycles == null ? undefined : `${a.powerCycles} times`], ", "),
    ],
    ["written", typeof a.bytesWritten === "number" ? bytes(a.bytesWritten) : undefined],
    ["read", typeof a.bytesRead === "number" ? bytes(a.bytesRead) : undefined],
    [
      "accepted",
      accepted.length === 0
        ? undefined
        : join([accepted.join(", "), a.baselineAt ? `since ${String(a.baselineAt).slice(0, 10)}` : undefined]),
    ],
    ["key", drive.key],
  ];
  const shown = rows.flatMap(([name, value]) => (value == null || value === "" ? [] : [[name, String(value)]]));
  const note = freshness(drive, now);
  return [["verdict", join([drive.state, note === "" ? undefined : `(${note})`]) ?? ""], ...reasons, ...shown];
}

const attributeHeading = ["ID", "ATTRIBUTE", "VALUE", "WORST", "THRESH", "RAW", "FAILED", "MEANING"];

function attributeRow(one: Attribute): string[] {
  const accepted = one.accepted === undefined ? "" : ` (${one.accepted} accepted)`;
  return [
    one.id === null ? "-" : String(one.id),
    one.name,
    number(one.value),
    number(one.worst),
    number(one.threshold),
    `${one.rawText ?? number(one.raw)}${accepted}`,
    one.whenFailed ?? "",
    one.meaning ?? "",
  ];
}

function why({ state, reason, attributes }: Drive): string {
  if (state === "standby") return "";
  return reason ?? attributes.reasons?.find(({ severity }) => severity !== "info")?.text ?? "";
}

/** Of a drive that was not read now: whether it sleeps, and how old what is shown is. */
function freshness({ attributes: a }: Drive, now: number): string {
  if (a.stale !== true) return "";
  const values = a.measuredAt ? `values of ${ago(Date.parse(a.measuredAt), now)}` : "never read";
  return a.power === "standby" ? `asleep, ${values}` : a.measuredAt ? values : "";
}

function blocks(a: Attributes): string | undefined {
  const { logicalBlockBytes: logical, physicalBlockBytes: physical } = a;
  return logical == null ? undefined : `(blocks of ${logical}${physical === logical ? "" : `, ${physical} inside`})`;
}

/** As makers count: 4 TB. */
function size(value: number | null | undefined): string {
  if (value == null) return "-";
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(value) / 3)));
  const scaled = value / 1000 ** power;
  return `${scaled >= 99.95 ? scaled.toFixed(0) : scaled.toFixed(1).replace(/\.0$/, "")} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

function celsius(value: number | null | undefined): string {
  return value == null ? "-" : `${value} °C`;
}

function percent(value: number | null | undefined): string {
  return value == null ? "-" : `${Math.round(value * 100)} %`;
}

function number(value: number | null | undefined): string {
  return value == null ? "-" : String(Math.round(value));
}

function at(hours: number | null): string {
  return hours === null ? "-" : `${Math.round(hours)} h`;
}

function join(parts: readonly unknown[], between = " "): string | undefined {
  const known = parts.filter((part) => part !== undefined && part !== null && part !== "");
  return known.length === 0 ? undefined : known.join(between);
}

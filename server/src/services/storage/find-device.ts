import type { Context } from "../../context.ts";
import { readRaw } from "../../db/queries/resource-raw.ts";
import { storageRows } from "../../db/queries/storage.ts";
import { forecastsOf } from "../../db/queries/storage-forecasts.ts";
import {
  baseline,
  type DriveAttribute,
  driveAttributes,
  type ErrorLog,
  errorLog,
  type SelfTestLog,
  selfTestLog,
} from "../../domain/storage/drive.ts";
import { finite, object, text, time, truth } from "../../domain/storage/json.ts";
import { Failure } from "../../failure.ts";
import { namedValues } from "../resource/latest-values.ts";
import { driveForecast, type TemperatureTrend, type WearForecast } from "./forecast-view.ts";
import { type Device, toDevice } from "./list-devices.ts";
import { loadLinks } from "./load-links.ts";
import { newestOf } from "./newest.ts";
import { unpackRaw } from "./raw.ts";
import { type StandsOnView, standsOnView } from "./stands-on.ts";

/** A drive with all that is known of it. */
export type DeviceDetail = Omit<Device, "selfTest"> & {
  path: string | null;
  /** What smartctl's -d was. */
  type: string | null;
  family: string | null;
  slot: string | null;
  via: string | null;
  power: string | null;
  /** Why it could not be read this time. */
  readError: string | null;
  formFactor: string | null;
  rotationRpm: number | null;
  solidState: boolean | null;
  logicalBlockBytes: number | null;
  physicalBlockBytes: number | null;
  temperature: {
    currentCelsius: number | null;
    warningCelsius: number | null;
    criticalCelsius: number | null;
    lifetimeMinCelsius: number | null;
    lifetimeMaxCelsius: number | null;
  };
  wear: { ratio: number | null; source: string | null; spareRatio: number | null; spareMinRatio: number | null };
  attributes: DriveAttribute[];
  errorLog: ErrorLog;
  selfTest: SelfTestLog;
  baseline: { at: Date | null; counts: Record<string, number> } | null;
  smartctlVersion: string | null;
  messages: { text: string; severity: string }[];
  /** What smartctl printed, parsed; null where it was not sent or can't be read (`rawProblem`). */
  raw: unknown;
  rawAt: Date | null;
  rawProblem: string;
  forecast: { wear: WearForecast | null; temperature: TemperatureTrend | null };
  standsOn: StandsOnView;
  latest: { at: Date; values: Record<string, number | null> } | null;
};

/** One drive. Throws not_found. */
export async function findDevice(context: Context, id: number): Promise<DeviceDetail> {
  const [row] = await storageRows(context.db, "drive", [id], "all");
  if (row === undefined) throw new Failure("not_found", "There is no such drive");
  const newest = (await newestOf(context, [id])).get(id);
  const links = (await loadLinks(context, [row.serverId])).get(row.serverId);
  const standsOn = links?.standsOn(id) ?? { pools: [], filesystems: [], containers: [] };
  const { attributes: a } = row;
  const temperature = object(a.temperature);
  const wear = object(a.wear);
  const raw = await unpackRaw(await readRaw(context.db, id));
  return {
    ...toDevice(row, newest, standsOn.pools),
    path: text(a.device),
    type: text(a.type),
    family: text(a.family),
    slot: text(a.slot),
    via: text(a.via),
    power: text(a.power),
    readError: text(a.readError),
    formFactor: text(a.formFactor),
    rotationRpm: finite(a.rotationRpm),
    solidState: truth(a.solidState),
    logicalBlockBytes: finite(a.logicalBlockBytes),
    physicalBlockBytes: finite(a.physicalBlockBytes),
    temperature: {
      currentCelsius: finite(temperature.currentCelsius),
      warningCelsius: finite(temperature.warningCelsius),
      criticalCelsius: finite(temperature.criticalCelsius),
      lifetimeMinCelsius: finite(temperature.lifetimeMinCelsius),
      lifetimeMaxCelsius: finite(temperature.lifetimeMaxCelsius),
    },
    wear: {
      ratio: finite(wear.ratio),
      source: text(wear.source),
      spareRatio: finite(wear.spareRatio),
      spareMinRatio: finite(wear.spareMinRatio),
    },
    attributes: driveAttributes(a.attributes),
    errorLog: errorLog(a.errorLog),
    selfTest: selfTestLog(a.selfTest),
    baseline: baseline(a.baseline, a.baselineAt),
    smartctlVersion: text(a.smartctlVersion),
    messages: messages(a.messages),
    raw: raw.json,
    rawAt: time(a.rawAt),
    rawProblem: raw.problem,
    forecast: driveForecast(await forecastsOf(context.db, [id])),
    standsOn: await standsOnView(context, standsOn),
    latest: namedValues("drive", newest),
  };
}

/** smartctl's own messages, as texts or as {text, severity}. */
function messages(value: unknown): { text: string; severity: string }[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 50).flatMap((each) => {
    if (typeof each === "string") return [{ text: each, severity: "information" }];
    const said = text(object(each).text);
    return said === null ? [] : [{ text: said, severity: text(object(each).severity, 50) ?? "information" }];
  });
}

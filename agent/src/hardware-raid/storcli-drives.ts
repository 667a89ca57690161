import { record } from "../pools/json.ts";
import type { RaidDrive } from "./model.ts";
import { groupOf, type Json, numberOf, rows, text, wordOf } from "./storcli-json.ts";
import { parseCelsius, parseCount, parseSize, present } from "./values.ts";
import { driveState } from "./words.ts";

/** A drive with the drive group that it is in. */
export type Grouped = RaidDrive & { group: string };

/** Drives under keys like "Drive /c0/e252/s0" and their details; what is in the plain list alone is taken from there. */
export function drivesOf(found: Json, list: readonly Json[], rebuilds: Json): Grouped[] {
  const drives = new Map<string, Grouped>();
  const progress = rebuildProgress(rebuilds);
  for (const [key, value] of Object.entries(found)) {
    const place = /^Drive (\/c\d+(?:\/e\d+)?\/s\d+)$/.exec(key)?.[1];
    if (place === undefined) continue;
    const row = rows(value)[0] ?? {};
    const drive = toDrive(row, place, record(found[`${key} - Detailed Information`]), key, progress);
    drives.set(drive.id, drive);
  }
  for (const one of rows(found["Drives List"])) {
    const drive = toListedDrive(one, progress);
    if (drive.id !== "") drives.set(drive.id, drive);
  }
  for (const row of list) {
    const drive = toDrive(row, "", {}, "", progress);
    if (drive.id !== "" && !drives.has(drive.id)) drives.set(drive.id, drive);
  }
  return [...drives.values()];
}

function toDrive(row: Json, place: string, detail: Json, key: string, progress: Map<string, number>): Grouped {
  const state = record(detail[`${key} State`]);
  const attributes = record(detail[`${key} Device attributes`]);
  const [, enclosure = "", slot = ""] = /(?:\/e(\d+))?\/s(\d+)$/.exec(place) ?? [];
  const id = text(row["EID:Slt"]).replace(/\s/g, "") || (place === "" ? "" : `${enclosure}:${slot}`);
  const word = wordOf(row);
  const alert = text(state["S.M.A.R.T alert flagged by drive"]);
  return {
    id,
    state: driveState(word),
    stateText: word,
    use: "free",
    group: text(row.DG),
    ...present({
      model: text(attributes["Model Number"]) || text(row.Model),
      serial: text(attributes.SN),
      firmware: text(attributes["Firmware Revision"]),
      media: [text(row.Intf), text(row.Med)].filter((one) => one !== "").join(" "),
      sizeBytes:
        sizeOfSectors(
          text(attributes["Raw size"]),
          text(attributes["Logical Sector Size"]) || text(attributes["Sector Size"]) || text(row.SeSz),
        ) ?? parseSize(text(row.Size)),
      temperatureCelsius: parseCelsius(state["Drive Temperature"]),
      mediaErrors: parseCount(state["Media Error Count"]),
      otherErrors: parseCount(state["Other Error Count"]),
      predictedFailures: parseCount(state["Predictive Failure Count"]),
      smartAlert: alert === "Yes" ? true : alert === "No" ? false : undefined,
      rebuildRatio: progress.get(id),
    }),
  };
}

/** A drive of the second generation's list; its details are keys of one object, whose names differ by version. */
function toListedDrive(one: Json, progress: Map<string, number>): Grouped {
  const drive = toDrive(record(one["Drive Information"]), "", {}, "", progress);
  const details = Object.entries(record(one["Drive Detailed Information"]));
  const get = (name: RegExp) => details.find(([key]) => name.test(key))?.[1];
  const alert = text(get(/S\.?M\.?A\.?R\.?T\.? alert/i));
  return {
    ...drive,
    ...present({
      serial: text(get(/^(Serial Number|SN)$/i)),
      model: text(get(/^Model( Number)?$/i)) || drive.model,
      firmware: text(get(/^Firmware Revision/i)),
      temperatureCelsius: parseCelsius(get(/^(Drive )?Temperature/i)),
      mediaErrors: parseCount(get(/^Media Error Count/i)),
      otherErrors: parseCount(get(/^Other Error Count/i)),
      predictedFailures: parseCount(get(/^Predictive Failure Count/i)),
      smartAlert: alert === "Yes" ? true : alert === "No" ? false : undefined,
    }),
  };
}

/** The drive with what it is used for. */
export function withUse(drive: Grouped, volumes: readonly Json[]): Grouped {
  const { stateText, group } = drive;
  if (/^JBOD/i.test(stateText)) return { ...drive, use: "passed" };
  if (drive.state === "spare") {
    const serves = volumes.flatMap((row) => (groupOf(row) === group ? [numberOf(row)] : []));
    return { ...drive, use: "spare", ...(serves.length === 0 ? {} : { serves }) };
  }
  return { ...drive, use: volumes.some((row) => groupOf(row) === group) ? "data" : "free" };
}

/** Rows {"Drive-ID": "/c0/e252/s3", "Progress%": 32} by place. */
function rebuildProgress(data: Json): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows(data.rows)) {
    const [, enclosure = "", slot] = /(?:\/e(\d+))?\/s(\d+)$/.exec(text(row["Drive-ID"])) ?? [];
    const percent = Number.parseFloat(text(row["Progress%"]));
    if (slot !== undefined && percent >= 0) found.set(`${enclosure}:${slot}`, Math.min(1, percent / 100));
  }
  return found;
}

function sizeOfSectors(size: string, sector: string): number | undefined {
  const sectors = /\[0x([0-9a-f]+) Sectors\]/i.exec(size)?.[1];
  if (sectors === undefined) return parseSize(size);
  return Number.parseInt(sectors, 16) * (/^4 ?K/i.test(sector) ? 4096 : 512);
}

import { parseJson, record } from "../pools/json.ts";
import type { PoolScan, ScanFunction } from "../pools/pool.ts";
import {
  controllerState,
  driveState,
  parseCelsius,
  parseCount,
  parsePercent,
  parseSize,
  present,
  type RaidBattery,
  type RaidController,
  type RaidDrive,
  type RaidReport,
  type RaidVolume,
  volumeState,
} from "./model.ts";

type Json = Record<string, unknown>;

/** Outputs of storcli or perccli with "J": `/cALL show all`, `/cALL/eALL/sALL show all`, `/cALL/vALL show all` ... */
export type StorcliOutputs = {
  controllers: string;
  drives?: string[];
  volumes?: string;
  /** Of `/cALL/bbu show all` and `/cALL/cv show all`, where a controller has one. */
  batteries?: string[];
  /** Of `/cALL/eALL/sALL show rebuild`, while one runs. */
  rebuilds?: string;
  /** Of `show`, from the second generation of the tool: the states of controllers stand there. */
  overview?: string;
};

const operations: readonly [RegExp, ScanFunction][] = [
  [/consistency/i, "check"],
  [/initiali[sz]ation|bgi/i, "resync"],
  [/reconstruction|migrat|expan/i, "reshape"],
  [/rebuild|recover/i, "recovery"],
  [/erase/i, "resync"],
];
// Of the undocumented numbers of "BBU Status": fine, charging, learning.
const goodBatteryNumbers = new Set([0, 8, 4096]);

/** What the tool told of all controllers. Never throws; `problem` where a text was no answer. */
export function parseStorcli(outputs: StorcliOutputs): RaidReport {
  const answers = responses(outputs.controllers);
  if (answers === undefined) return { controllers: [], problem: "no JSON with Controllers" };
  const details = (outputs.drives ?? []).map(byController);
  const volumes = byController(outputs.volumes);
  const batteries = (outputs.batteries ?? []).map(byController);
  const rebuilds = byController(outputs.rebuilds);
  const overviews = overviewOf(outputs.overview);
  const failed = answers.find(({ failure }) => failure !== undefined)?.failure;
  const controllers = answers
    .filter(({ data, failure }) => failure === undefined || Object.keys(data).length > 0)
    .map(({ id, data }) => {
      const merged = (found: Map<string, Json>[]): Json => Object.assign({}, ...found.map((one) => one.get(id) ?? {}));
      const more = { drives: merged(details), volumes: merged([volumes]), battery: merged(batteries) };
      return toController(id, data, { ...more, rebuilds: merged([rebuilds]), overview: overviews.get(id) ?? {} });
    });
  return { controllers, ...(failed === undefined ? {} : { problem: failed }) };
}

/** Which further outputs are worth a process, by what the controllers say of themselves. */
export function storcliWants(controllers: string): {
  volumes: boolean;
  battery: boolean;
  cacheVault: boolean;
  rebuild: boolean;
} {
  const answers = responses(controllers) ?? [];
  const has = (...keys: string[]) => answers.some(({ data }) => keys.some((key) => rows(data[key]).length > 0));
  return {
    volumes: has("VD LIST"),
    battery: has("BBU_Info"),
    cacheVault: has("Cachevault_Info"),
    rebuild: answers.some(({ data }) => rows(data["PD LIST"]).some((row) => /^(Rbld|Cpybck)/.test(text(row.State)))),
  };
}

type Response = { id: string; data: Json; failure: string | undefined };

function responses(output: string): Response[] | undefined {
  const controllers = parseJson(output)?.Controllers;
  if (!Array.isArray(controllers)) return undefined;
  return controllers.map((one, index) => {
    const { "Command Status": status, "Response Data": data } = record(one);
    const { Controller, Status, Description } = record(status);
    const bad = text(Status) !== "" && text(Status) !== "Success";
    // An answer of "/cALL/eALL/sALL show rebuild" is an array.
    const content = Array.isArray(data) ? { rows: data } : record(data);
    return {
      id: text(Controller) || String(index),
      data: content,
      failure: bad ? text(Description) || text(Status) : undefined,
    };
  });
}

/** Rows {"Ctrl": 0, "Status": "Optimal"} by controller. */
function overviewOf(output: string | undefined): Map<string, Json> {
  const found = output === undefined ? [] : (responses(output) ?? []);
  return new Map(found.flatMap(({ data }) => rows(data["System Overview"])).map((row) => [text(row.Ctrl), row]));
}

function byController(output: string | undefined): Map<string, Json> {
  const found = output === undefined ? undefined : responses(output);
  return new Map((found ?? []).map(({ id, data }) => [id, data]));
}

/** What the further outputs tell of one controller. */
type More = { drives: Json; volumes: Json; battery: Json; rebuilds: Json; overview: Json };

function toController(id: string, data: Json, more: More): RaidController {
  const basics = record(data.Basics);
  const version = record(data.Version);
  const status = record(data.Status);
  const hardware = record(data.HwCfg);
  const drives = drivesOf(
    { ...record(data["Physical Device Information"]), ...more.drives },
    rows(data["PD LIST"]),
    more.rebuilds,
  );
  const topology = rows(data.TOPOLOGY);
  const rowsOfVolumes = rows(data["VD LIST"]);
  const word = text(status["Controller Status"]) || text(more.overview.Status);
  const battery = batteryOf(data, status, more.battery);
  // The key has been spelled "Celcius".
  const temperature = Object.entries(hardware).find(([key]) => /^ROC temperature/i.test(key))?.[1];
  const volumes = rowsOfVolumes.flatMap((row) => toVolume(row, more.volumes, drives, topology));
  return {
    id,
    model: text(basics.Model) || text(data["Product Name"]),
    ...present({
      serial: text(basics["Serial Number"]) || text(data["Serial Number"]),
      firmware: text(version["Firmware Version"]) || text(data["FW Version"]) || text(data["Firmware Version"]),
      driver: text(version["Driver Name"]) || text(data["Driver Name"]),
      temperatureCelsius: parseCelsius(temperature),
      battery,
      correctableErrors: parseCount(status["Memory Correctable Errors"]),
      uncorrectableErrors: parseCount(status["Memory Uncorrectable Errors"]),
    }),
    state: controllerState(word),
    stateText: word,
    volumes,
    drives: drives.map((drive) => withUse(drive, rowsOfVolumes)).map(({ group: _, ...drive }) => drive),
    faults: ["Any Offline VD Cache Preserved", "Controller has booted into safe mode", "Controller shutdown required"]
      .filter((key) => text(status[key]) === "Yes")
      .map((key) => key.replace("Any O", "o").replace("Controller ", "")),
  };
}

type Grouped = RaidDrive & { group: string };

/** Drives under keys like "Drive /c0/e252/s0" and their details; what is in the plain list alone is taken from there. */
function drivesOf(found: Json, list: readonly Json[], rebuilds: Json): Grouped[] {
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
        sizeOfSectors(text(attributes["Raw size"]), text(attributes["Sector Size"])) ?? parseSize(text(row.Size)),
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

/** The drive's state; the second generation of the tool tells what it is for and how it is apart: "Conf", "Online". */
function wordOf(row: Json): string {
  const [state, status] = [text(row.State), text(row.Status)];
  return status === "" || /^(GHS|DHS|JBOD)/i.test(state) ? state : status;
}

function withUse(drive: Grouped, volumes: readonly Json[]): Grouped {
  const { stateText, group } = drive;
  if (/^JBOD/i.test(stateText)) return { ...drive, use: "passed" };
  if (drive.state === "spare") {
    const serves = volumes.flatMap((row) => (groupOf(row) === group ? [numberOf(row)] : []));
    return { ...drive, use: "spare", ...(serves.length === 0 ? {} : { serves }) };
  }
  return { ...drive, use: volumes.some((row) => groupOf(row) === group) ? "data" : "free" };
}

function toVolume(row: Json, volumeData: Json, drives: readonly Grouped[], topology: readonly Json[]): RaidVolume[] {
  const id = numberOf(row);
  if (id === "") return [];
  const group = groupOf(row);
  const properties = {
    ...record(volumeData[`VD${id} Properties`]),
    ...listedProperties(volumeData, text(row["DG/VD"])),
  };
  const word = text(row.State);
  const members = drives.filter((drive) => drive.group === group && drive.state !== "spare");
  const missing = topology.filter((one) => text(one.DG) === group && /^(Msng|Missing)/i.test(wordOf(one))).length;
  const blocks = parseCount(properties["Number of Blocks"]);
  const scan = scanOf(text(properties["Active Operations"])) ?? rebuildOf(members);
  return [
    {
      id,
      name: text(row.Name),
      level: text(row.TYPE).toLowerCase(),
      state: volumeState(word),
      stateText: word,
      ...present({
        sizeBytes:
          blocks === undefined ? parseSize(text(row.Size)) : blocks * (parseCount(properties["Block Size"]) || 512),
        osDevice: /^\/dev\//.test(text(properties["OS Drive Name"])) ? text(properties["OS Drive Name"]) : undefined,
        scan,
      }),
      drives: members.map((drive) => drive.id),
      missing,
      extra: present({ cache: text(row.Cache), access: text(row.Access), consistent: text(row.Consist) }),
    },
  ];
}

/** Properties of a volume where all volumes are members of one list. */
function listedProperties(data: Json, place: string): Json {
  const found = rows(data["Virtual Drives"]).find((one) => text(record(one["VD Info"])["DG/VD"]) === place);
  return record(found?.["VD Properties"]);
}

/** "Check Consistency (12%)" of a volume's properties. */
function scanOf(operation: string): PoolScan | undefined {
  const action = operations.find(([pattern]) => pattern.test(operation))?.[1];
  if (action === undefined) return undefined;
  return { function: action, state: "running", ...present({ progressRatio: parsePercent(operation) }) };
}

function rebuildOf(members: readonly RaidDrive[]): PoolScan | undefined {
  const rebuilding = members.filter(({ state }) => state === "rebuilding");
  if (rebuilding.length === 0) return undefined;
  const ratios = rebuilding.flatMap(({ rebuildRatio }) => (rebuildRatio === undefined ? [] : [rebuildRatio]));
  return {
    function: "recovery",
    state: "running",
    ...(ratios.length === 0 ? {} : { progressRatio: Math.min(...ratios) }),
  };
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

function batteryOf(data: Json, status: Json, more: Json): RaidBattery | undefined {
  const pack = rows(data["Energy Pack Info"])[0];
  if (pack !== undefined) return energyPack(pack);
  const vault = rows(data.Cachevault_Info)[0];
  const row = vault ?? rows(data.BBU_Info)[0];
  const details = Object.fromEntries(Object.values(more).flatMap(properties));
  if (row === undefined) return batteryByNumber(status["BBU Status"]);
  const state = text(row.State);
  if (/^(NA|N\/A|absent|missing|not present)$/i.test(state)) return undefined;
  const charge = details["Relative State of Charge"] ?? details.Capacitance;
  return {
    kind: text(row.Model) || (vault === undefined ? "BBU" : "CacheVault"),
    state,
    ok: /^(optimal|optl|ok|charging|learn)/i.test(state) && text(details["Replacement required"]) !== "Yes",
    ...present({
      temperatureCelsius: parseCelsius(row.Temp),
      chargeRatio: charge === undefined ? undefined : parsePercent(charge),
    }),
  };
}

function energyPack(pack: Json): RaidBattery | undefined {
  const state = text(pack.Status);
  if (/^(NA|N\/A|absent|missing|not present)$/i.test(state)) return undefined;
  const kind = [text(pack.Type), text(pack.SubType)].filter((one) => one !== "").join(" ");
  return {
    kind: kind || "energy pack",
    state,
    ok: /^(optimal|ok|charging|learn)/i.test(state),
    ...present({ temperatureCelsius: parseCelsius(pack["Temperature(C)"]) }),
  };
}

function batteryByNumber(value: unknown): RaidBattery | undefined {
  const number = parseCount(value);
  // "NA": it has none. 0 is told with and without one.
  if (number === undefined || number === 0) return undefined;
  return { kind: "BBU", state: `status ${number}`, ok: goodBatteryNumbers.has(number) };
}

/** Rows {"Property": "Capacitance", "Value": "100 %"} and plain objects as pairs. */
function properties(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return rows(value).flatMap((row): [string, string][] =>
    typeof row.Property === "string" ? [[row.Property, text(row.Value)]] : [],
  );
}

function sizeOfSectors(size: string, sector: string): number | undefined {
  const sectors = /\[0x([0-9a-f]+) Sectors\]/i.exec(size)?.[1];
  if (sectors === undefined) return parseSize(size);
  return Number.parseInt(sectors, 16) * (/^4 ?K/i.test(sector) ? 4096 : 512);
}

function groupOf(row: Json): string {
  return text(row["DG/VD"]).split("/")[0] ?? "";
}

function numberOf(row: Json): string {
  return text(row["DG/VD"]).split("/")[1] ?? "";
}

function rows(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

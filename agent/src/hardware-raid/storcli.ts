import { parseJson, record } from "../pools/json.ts";
import type { PoolScan, ScanFunction } from "../pools/pool.ts";
import type { RaidController, RaidDrive, RaidReport, RaidVolume } from "./model.ts";
import { batteryOf } from "./storcli-battery.ts";
import { drivesOf, type Grouped, withUse } from "./storcli-drives.ts";
import { groupOf, type Json, numberOf, rows, text, wordOf } from "./storcli-json.ts";
import { parseCelsius, parseCount, parsePercent, parseSize, present } from "./values.ts";
import { controllerState, volumeState } from "./words.ts";

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

/** What the tool told of all controllers. Never throws; `problem` where a text was no answer. */
export function parseStorcli(outputs: StorcliOutputs): RaidReport {
  const answers = responses(outputs.controllers);
  if (answers === undefined) return { controllers: [], problem: "no JSON with Controllers" };
  const details = (outputs.drives ?? []).map(byController);
  const volumes = byController(outputs.volumes);
  const batteries = (outputs.batteries ?? []).map(byController);
  const rebuilds = byController(outputs.rebuilds);
  const overviews = overviewOf(outputs.overview);
  const told = answers.filter(
    ({ data }) => Object.keys(data).length > 0 && text(data["Number of Controllers"]) !== "0",
  );
  const failed = answers.find(({ failure }) => failure !== undefined)?.failure;
  const problem = failed ?? (told.length === 0 ? "no controller in its output" : undefined);
  const controllers = told.map(({ id, data }) => {
    const merged = (found: Map<string, Json>[]): Json => Object.assign({}, ...found.map((one) => one.get(id) ?? {}));
    const more = { drives: merged(details), volumes: merged([volumes]), battery: merged(batteries) };
    return toController(id, data, { ...more, rebuilds: merged([rebuilds]), overview: overviews.get(id) ?? {} });
  });
  return { controllers, ...(problem === undefined ? {} : { problem }) };
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
    const { Controller, Status, Description, "Detailed Status": detail } = record(status);
    const bad = text(Status) !== "" && text(Status) !== "Success";
    // An answer of "/cALL/eALL/sALL show rebuild" is an array.
    const content = Array.isArray(data) ? { rows: data } : record(data);
    return {
      id: text(Controller) || String(index),
      data: content,
      failure: bad ? failureOf(text(Description), rows(detail)) || text(Status) : undefined,
    };
  });
}

/** Where the description says "None" the reasons stand in a table: {"Ctrl": 0, "ErrCd": 59, "ErrMsg": "Incomplete ..."}. */
function failureOf(description: string, details: readonly Json[]): string {
  const reasons = details.map(({ ErrMsg }) => text(ErrMsg)).filter((one) => one !== "" && one !== "-");
  return description === "" || description === "None" ? reasons.slice(0, 3).join("; ") : description;
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
  // No adapter has more volumes than 240.
  const rowsOfVolumes = rows(data["VD LIST"]).slice(0, 1_000);
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
    // Host adapters without RAID (SAS 9300) may tell no state: that they answer is all there is to know.
    state: word === "" && hasNoRaid(data) ? "ok" : controllerState(word),
    stateText: word,
    volumes,
    drives: drives.map((drive) => withUse(drive, rowsOfVolumes)).map(({ group: _, ...drive }) => drive),
    faults: ["Any Offline VD Cache Preserved", "Controller has booted into safe mode", "Controller shutdown required"]
      .filter((key) => text(status[key]) === "Yes")
      .map((key) => key.replace("Any O", "o").replace("Controller ", "")),
  };
}

function hasNoRaid(data: Json): boolean {
  return Object.keys(record(data.Basics)).length > 0 && rows(data["VD LIST"]).length === 0 && !("TOPOLOGY" in data);
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

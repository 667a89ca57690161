import type { PoolScan, ScanFunction } from "../pools/pool.ts";
import { cutBefore, linesOf, type Values, valuesOf } from "./lines.ts";
import type { RaidBattery, RaidController, RaidDrive, RaidReport, RaidVolume } from "./model.ts";
import { parseCelsius, parseCount, parsePercent, parseSize, present } from "./values.ts";
import { driveState, volumeState } from "./words.ts";

/** Outputs of MegaCli with -aAll -NoLog: -LDPDInfo, -PDList, -AdpAllInfo, -AdpBbuCmd. */
export type MegacliOutputs = { volumes: string; drives?: string; adapters?: string; batteries?: string };

const operations: readonly [RegExp, ScanFunction][] = [
  [/^Check Consistency/i, "check"],
  [/Initiali[sz]ation/i, "resync"],
  [/^Reconstruction/i, "reshape"],
  [/^(Rebuild|Recovery)/i, "recovery"],
];

/** What the tool told of all adapters. Never throws; `problem` where the texts name none. */
export function parseMegacli(outputs: MegacliOutputs): RaidReport {
  const volumes = byAdapter(outputs.volumes);
  const drives = byAdapter(outputs.drives ?? "");
  const adapters = byAdapter(outputs.adapters ?? "");
  const batteries = byAdapter(outputs.batteries ?? "");
  const ids = [...new Set([...volumes.keys(), ...drives.keys(), ...adapters.keys()])].sort();
  if (ids.length === 0) return { controllers: [], problem: "no adapter in its output" };
  return {
    controllers: ids.map((id) =>
      toController(id, volumes.get(id) ?? [], drives.get(id) ?? [], adapters.get(id) ?? [], batteries.get(id) ?? []),
    ),
  };
}

/** Lines by adapter: each output names the adapter in its own way before what it tells of it. */
function byAdapter(output: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of linesOf(output)) {
    const id = /^(?:Adapter #|Adapter (?=\d+ -)|BBU status for Adapter: |Adapter: )(\d+)/.exec(line.trim())?.[1];
    if (id === undefined) lines.push(line);
    else {
      lines = found.get(id) ?? [];
      found.set(id, lines);
    }
  }
  return found;
}

function toController(
  id: string,
  ofVolumes: string[],
  ofDrives: string[],
  ofAdapter: string[],
  ofBattery: string[],
): RaidController {
  const { get } = valuesOf(ofAdapter);
  const { volumes, members } = volumesOf(ofVolumes);
  const drives = new Map(members.map((drive) => [drive.id, drive]));
  for (const part of cutBefore(ofDrives, /^Enclosure Device ID:/)) {
    const drive = toDrive(part);
    if (drive !== undefined && !drives.has(drive.id)) drives.set(drive.id, drive);
  }
  const all = [...drives.values()];
  const bad = all.some(({ state }) => state === "faulted") || volumes.some(({ state }) => state !== "online");
  return {
    id,
    model: get("Product Name"),
    ...present({
      serial: get("Serial No"),
      firmware: get("FW Version", "FW Package Build"),
      temperatureCelsius: parseCelsius(get("ROC temperature")),
      battery: batteryOf(ofBattery),
      correctableErrors: parseCount(get("Memory Correctable Errors")),
      uncorrectableErrors: parseCount(get("Memory Uncorrectable Errors")),
    }),
    // It has no word of its own for the controller's state.
    state: bad ? "degraded" : "ok",
    stateText: bad ? "volumes or drives need attention" : "ok",
    volumes,
    drives: all,
    faults: [],
  };
}

function volumesOf(lines: string[]): { volumes: RaidVolume[]; members: RaidDrive[] } {
  const members: RaidDrive[] = [];
  const volumes = cutBefore(lines, /^(?:CacheCade )?Virtual Drive: /).flatMap((part) => {
    const [head = [], ...parts] = cutBefore(part, /^(?:PD: \d+ Information|(?:CacheCade )?Virtual Drive: )/);
    const drives = parts.flatMap((one) => toDrive(one) ?? []).map((drive) => ({ ...drive, use: "data" as const }));
    members.push(...drives);
    return toVolume(head, drives) ?? [];
  });
  return { volumes, members };
}

function toVolume(lines: string[], drives: readonly RaidDrive[]): RaidVolume | undefined {
  const values = valuesOf(lines);
  const { get } = values;
  const id = /^(\d+)/.exec(get("Virtual Drive", "CacheCade Virtual Drive"))?.[1];
  if (id === undefined) return undefined;
  const state = volumeState(get("State"));
  const wanted = (parseCount(get("Number Of Drives")) ?? 0) * Math.max(1, parseCount(get("Span Depth")) ?? 1);
  const perSpan = parseCount(get("Number Of Drives per span"));
  const total = perSpan === undefined ? wanted : perSpan * Math.max(1, parseCount(get("Span Depth")) ?? 1);
  return {
    id,
    name: get("Name"),
    level: levelOf(get("RAID Level"), parseCount(get("Span Depth")) ?? 1),
    state,
    stateText: get("State"),
    ...present({ sizeBytes: parseSize(get("Size")), scan: scanOf(values, drives) }),
    drives: drives.map((drive) => drive.id),
    // How the number of drives is told differs by version; one that is well misses none.
    missing: state === "online" ? 0 : Math.max(0, total - drives.length),
    extra: present({ cache: get("Current Cache Policy"), badBlocks: get("Bad Blocks Exist") }),
  };
}

function scanOf(values: Values, drives: readonly RaidDrive[]): PoolScan | undefined {
  for (const [key, value] of values.entries) {
    const action = /Completed \d+%/.test(value) ? operations.find(([pattern]) => pattern.test(key))?.[1] : undefined;
    if (action !== undefined)
      return { function: action, state: "running", ...present({ progressRatio: parsePercent(value) }) };
  }
  return drives.some(({ state }) => state === "rebuilding") ? { function: "recovery", state: "running" } : undefined;
}

function toDrive(lines: string[]): RaidDrive | undefined {
  const { get } = valuesOf(lines);
  const slot = get("Slot Number");
  if (slot === "") return undefined;
  const word = get("Firmware state");
  const state = driveState(word);
  const sectors = /\[0x([0-9a-f]+) Sectors\]/i.exec(get("Raw Size"))?.[1];
  const alert = get("Drive has flagged a S.M.A.R.T alert");
  const enclosure = get("Enclosure Device ID").replace(/^N\/A$/, "");
  return {
    id: `${enclosure}:${slot}`,
    state,
    stateText: word,
    use: state === "spare" ? "spare" : /^JBOD/i.test(word) ? "passed" : "free",
    ...present({
      ...inquiry(lines, get("PD Type")),
      media: [get("PD Type"), get("Media Type")].filter((one) => one !== "").join(" "),
      sizeBytes:
        sectors === undefined
          ? parseSize(get("Raw Size"))
          : Number.parseInt(sectors, 16) * (parseCount(get("Logical Sector Size")) || 512),
      temperatureCelsius: parseCelsius(get("Drive Temperature")),
      mediaErrors: parseCount(get("Media Error Count")),
      otherErrors: parseCount(get("Other Error Count")),
      predictedFailures: parseCount(get("Predictive Failure Count")),
      smartAlert: alert === "Yes" ? true : alert === "No" ? false : undefined,
    }),
  };
}

/** Serial number, model and firmware from columns of fixed width: those of SATA drives differ from those of SAS ones. */
function inquiry(lines: readonly string[], type: string): { serial?: string; model?: string; firmware?: string } {
  const text = lines.find((line) => line.startsWith("Inquiry Data: "))?.slice("Inquiry Data: ".length);
  if (text === undefined) return {};
  const column = (from: number, to?: number) => text.slice(from, to).trim().replace(/\s+/g, " ");
  if (type === "SAS") {
    return { model: `${column(0, 8)} ${column(8, 24)}`.trim(), firmware: column(24, 28), serial: column(28) };
  }
  return { serial: column(0, 20), model: column(20, 60), firmware: column(60) };
}

function batteryOf(lines: string[]): RaidBattery | undefined {
  const { get } = valuesOf(lines);
  const kind = get("BatteryType");
  if (kind === "" || /no battery/i.test(kind)) return undefined;
  const state = get("Battery State");
  const isBad = [
    "Battery Replacement required",
    "Pack is about to fail & should be replaced",
    "Battery Pack Missing",
    "Remaining Capacity Low",
    "Learn Cycle Timeout",
    "I2c Errors Detected",
  ].some((key) => get(key) === "Yes");
  // While it is discharged and charged again, each month, it does not keep the cache: so it should be.
  const learns = get("Learn Cycle Active") === "Yes";
  return {
    kind,
    state: [state || (isBad ? "needs attention" : "unknown"), ...(learns ? ["learn cycle"] : [])].join(", "),
    ok: !isBad && (learns || state === "" || /^(optimal|operational|charging|learning|ok)/i.test(state)),
    ...present({
      temperatureCelsius: parseCelsius(get("Temperature")),
      chargeRatio: parsePercent(get("Relative State of Charge")),
    }),
  };
}

/** "Primary-1, Secondary-0, RAID Level Qualifier-0"; a span over several makes raid10, 50, 60. */
function levelOf(text: string, spans: number): string {
  const primary = /Primary-(\d+)/.exec(text)?.[1];
  if (primary === undefined) return text.toLowerCase();
  return spans > 1 ? `raid${primary}0` : `raid${primary}`;
}

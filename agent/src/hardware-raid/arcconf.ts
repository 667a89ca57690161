import type { PoolScan, ScanFunction } from "../pools/pool.ts";
import {
  controllerState,
  driveState,
  keyValue,
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

/** Outputs for one controller: `GETCONFIG n AL`, `GETSTATUS n`. */
export type ArcconfOutputs = { id: string; config: string; status?: string };

type Values = Map<string, string>;

const operations: readonly [RegExp, ScanFunction][] = [
  [/rebuild/i, "recovery"],
  [/verify|consistency/i, "check"],
  [/reconfig|expan|migrat|morph/i, "reshape"],
  [/build|clear|init/i, "resync"],
];

/** How many controllers `GETCONFIG 1` says there are. */
export function arcconfControllers(config: string): number {
  return Math.min(16, Number(/^Controllers found: (\d+)/m.exec(config)?.[1] ?? 0));
}

/** Controllers of Adaptec and Microchip. Never throws; `problem` where a text tells of none. */
export function parseArcconf(outputs: readonly ArcconfOutputs[]): RaidReport {
  const controllers = outputs.flatMap((one) => toController(one) ?? []);
  const silent = outputs.length - controllers.length;
  return silent === 0 && outputs.length > 0
    ? { controllers }
    : { controllers, problem: outputs.length === 0 ? "no controller" : `no configuration of ${silent} controllers` };
}

function toController({ id, config, status }: ArcconfOutputs): RaidController | undefined {
  const lines = config.split("\n").map((line) => line.replace(/\r$/, "").trim());
  const values = valuesOf(until(lines, /^Logical device information$/i));
  const get = (key: string) => values.get(key) ?? "";
  const word = get("Controller Status");
  if (word === "" && get("Controller Model") === "") return undefined;
  const drives = cut(lines, /^Device #\d+/).flatMap((part) => toDrive(part) ?? []);
  const tasks = tasksOf(status ?? "");
  const volumes = cut(until(lines, /^Physical Device information$/i), /^Logical device number \d+/i).map((part) =>
    toVolume(part, drives, tasks),
  );
  const inVolumes = new Set(volumes.flatMap((volume) => volume.drives));
  return {
    id,
    model: get("Controller Model"),
    ...present({
      serial: get("Controller Serial Number"),
      firmware: get("Firmware"),
      driver: get("Driver"),
      temperatureCelsius: parseCelsius(get("Temperature")),
      battery: batteryOf(lines),
    }),
    state: controllerState(word),
    stateText: word,
    volumes,
    drives: drives.map((drive) => (inVolumes.has(drive.id) ? { ...drive, use: "data" } : drive)),
    faults: [],
  };
}

function toVolume(lines: string[], drives: readonly RaidDrive[], tasks: Map<string, PoolScan>): RaidVolume {
  const values = valuesOf(lines);
  const get = (key: string) => values.get(key) ?? "";
  const id = /\d+$/.exec(lines[0] ?? "")?.[0] ?? "";
  const word = get("Status of Logical Device");
  const segments = [...values].filter(([key]) => /^(Group \d+, )?Segment \d+$/i.test(key)).map(([, value]) => value);
  const found = segments.map((segment) => driveOf(segment, drives));
  const lost = segments.filter((segment, i) => found[i] === undefined && /missing|failed/i.test(segment)).length;
  const level = get("RAID level");
  return {
    id,
    name: get("Logical Device name"),
    level: /^\d/.test(level) ? `raid${level.split(" ")[0]}` : level.toLowerCase(),
    state: volumeState(word),
    stateText: word,
    ...present({
      sizeBytes: parseSize(get("Size")),
      osDevice: /\/dev\/\S+/.exec(get("Disk Name"))?.[0],
      scan: tasks.get(id),
    }),
    drives: [...new Set(found.flatMap((drive) => (drive === undefined ? [] : [drive.id])))],
    missing: lost,
    extra: present({
      writeCache: get("Write-cache status") || get("Write-cache mode"),
      failedStripes: get("Failed stripes"),
    }),
  };
}

/** "Present (2861588MB, SATA, HDD, Channel:0, Device:10)   SERIAL": by serial number, else by place. */
function driveOf(segment: string, drives: readonly RaidDrive[]): RaidDrive | undefined {
  const serial = /\)\s*(\S+)\s*$/.exec(segment)?.[1];
  const bySerial = drives.find((drive) => serial !== undefined && drive.serial === serial);
  if (bySerial !== undefined) return bySerial;
  const [, channel, device] = /Channel: ?(\d+), ?Device: ?(\d+)/i.exec(segment) ?? [];
  return channel === undefined ? undefined : drives.find((drive) => drive.id === `${channel},${device}`);
}

function toDrive(lines: string[]): RaidDrive | undefined {
  if (!lines.some((line) => /^Device is an? (Hard drive|Solid|SSD|NVMe)/i.test(line))) return undefined;
  const values = valuesOf(lines);
  const get = (key: string) => values.get(key) ?? "";
  const word = get("State");
  const state = driveState(word);
  const place = /^\d+,\d+/.exec(get("Reported Channel,Device(T:L)"))?.[0] ?? /\d+/.exec(lines[0] ?? "")?.[0] ?? "";
  const warnings = parseCount(get("S.M.A.R.T. warnings"));
  return {
    id: place,
    state,
    stateText: word,
    use: state === "spare" ? "spare" : /raw|pass through|jbod/i.test(word) ? "passed" : "free",
    ...present({
      model: [get("Vendor"), get("Model")].filter((one) => one !== "").join(" "),
      serial: get("Serial number"),
      firmware: get("Firmware"),
      media: get("SSD") === "Yes" ? "SSD" : "HDD",
      sizeBytes: parseSize(get("Total Size")) || undefined,
      temperatureCelsius: parseCelsius(get("Temperature")),
      mediaErrors: parseCount(get("Medium Error Count") || get("Media Errors") || get("Medium Errors")),
      otherErrors: parseCount(get("Hardware Error Count") || get("Hardware Errors")),
      predictedFailures: warnings,
      smartAlert: warnings === undefined ? undefined : warnings > 0,
    }),
  };
}

function batteryOf(lines: readonly string[]): RaidBattery | undefined {
  const [part] = cut(lines, /^Controller (Battery|ZMM|Cache Backup Unit) Information$/i);
  if (part === undefined) return undefined;
  // The next heading ends it.
  const values = valuesOf(until(part.slice(1), /^(Logical|Physical) device information$|^Connector/i));
  const get = (key: string) => values.get(key) ?? "";
  const state = get("Overall Backup Unit Status") || get("Status");
  if (state === "" || /not (installed|present|applicable)|unavailable/i.test(state)) return undefined;
  const capacitor = get("Supercap Status");
  return {
    kind: get("Backup Unit Type") || (/ZMM/.test(part[0] ?? "") ? "ZMM" : "battery"),
    state: capacitor === "" ? state : `${state}, capacitor ${capacitor.toLowerCase()}`,
    ok: /^(zmm )?(optimal|ready|ok|charging)/i.test(state) && !/fatal|fail/i.test(capacitor),
    ...present({
      chargeRatio: parsePercent(get("Capacity remaining") || get("Health")),
      temperatureCelsius: parseCelsius(get("Current Temperature")),
    }),
  };
}

/** Tasks by logical device of `GETSTATUS`. */
function tasksOf(status: string): Map<string, PoolScan> {
  const found = new Map<string, PoolScan>();
  for (const part of cut(
    status.split("\n").map((line) => line.trim()),
    /^Logical device Task/i,
  )) {
    const values = valuesOf(part);
    const device = values.get("Logical device") ?? "";
    const action = operations.find(([pattern]) => pattern.test(values.get("Current operation") ?? ""))?.[1];
    const percent = Number.parseFloat(values.get("Percentage complete") ?? "");
    if (device === "" || action === undefined) continue;
    const paused = /pause|queued|pending/i.test(values.get("Status") ?? "");
    found.set(device, {
      function: action,
      state: paused ? "paused" : "running",
      ...(percent >= 0 ? { progressRatio: Math.min(1, percent / 100) } : {}),
    });
  }
  return found;
}

function cut(lines: readonly string[], before: RegExp): string[][] {
  const parts: string[][] = [];
  for (const line of lines) {
    if (before.test(line)) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

function until(lines: readonly string[], end: RegExp): string[] {
  const at = lines.findIndex((line) => end.test(line));
  return at < 0 ? [...lines] : lines.slice(0, at);
}

function valuesOf(lines: readonly string[]): Values {
  const values: Values = new Map();
  for (const line of lines) {
    const pair = keyValue(line);
    if (pair !== undefined && !values.has(pair[0])) values.set(pair[0], pair[1]);
  }
  return values;
}

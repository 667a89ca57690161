import type { PoolScan } from "../pools/pool.ts";
import { linesOf, type Values, valuesOf } from "./lines.ts";
import type { RaidBattery, RaidController, RaidDrive, RaidReport, RaidVolume } from "./model.ts";
import { parseCelsius, parseCount, parsePercent, parseSize, present } from "./values.ts";
import { controllerState, driveState, volumeState } from "./words.ts";

type Section = {
  kind: "controller" | "array" | "free" | "passed" | "volume" | "drive" | "other";
  name: string;
  values: Values;
};

/**
 * Controllers of HP and HPE from `ssacli ctrl all show config detail` (hpssacli and hpacucli print the same). Never
 * throws.
 */
export function parseSsacli(output: string): RaidReport {
  const controllers: RaidController[] = [];
  let sections: Section[] = [];
  const finish = () => {
    const controller = toController(sections);
    if (controller !== undefined) controllers.push(controller);
  };
  for (const section of sectionsOf(output)) {
    if (section.kind === "controller") {
      finish();
      sections = [];
    }
    sections.push(section);
  }
  finish();
  return controllers.length > 0 ? { controllers } : { controllers, problem: problemOf(output) };
}

function problemOf(output: string): string {
  const line = output.split("\n").find((one) => /error|not detected|need/i.test(one));
  return line?.trim() || "no controller in its output";
}

/** Cuts the text at its headings; lines "key: value" belong to the heading above them. */
function sectionsOf(output: string): Section[] {
  const parts: { heading: Pick<Section, "kind" | "name">; lines: string[] }[] = [];
  for (const line of linesOf(output)) {
    const heading = headingOf(line);
    if (heading !== undefined) parts.push({ heading, lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  // Of keys that come again (sensors, ports) the first is the section's own.
  return parts.map(({ heading, lines }) => ({ ...heading, values: valuesOf(lines) }));
}

function headingOf(line: string): Pick<Section, "kind" | "name"> | undefined {
  const controller = /^\S.* in (?:Slot|chassis) (\S+)/i.exec(line);
  if (controller !== null && /Smart Array|Smart HBA|MSA|SR |Controller|HPE?|RAID|P\d{3}/.test(line)) {
    return { kind: "controller", name: line.trim() };
  }
  const array = /^\s+array:? (\S+)\s*(?:\(.*\))?$/i.exec(line);
  if (array !== null) return { kind: "array", name: array[1] as string };
  if (/^\s+unassigned\s*$/i.test(line)) return { kind: "free", name: "" };
  if (/^\s+HBA Drives\s*$/i.test(line)) return { kind: "passed", name: "" };
  const volume = /^\s+Logical ?Drive:? (\d+)\s*$/i.exec(line);
  if (volume !== null) return { kind: "volume", name: volume[1] as string };
  // A line with more behind the place belongs to the list of a mirror group.
  const drive = /^\s+physicaldrive (\S+)\s*$/i.exec(line);
  if (drive !== null) return { kind: "drive", name: drive[1] as string };
  if (/^\s+(Enclosure|Expander|SEP|Port Name|Sensor ID|Storage Enclosure)\b/i.test(line))
    return { kind: "other", name: "" };
  return undefined;
}

function toController(sections: readonly Section[]): RaidController | undefined {
  const [head] = sections;
  if (head?.kind !== "controller") return undefined;
  const { get } = head.values;
  const [, model = head.name, slot = "?"] = /^(.*?) in (?:Slot|chassis) (\S+)/i.exec(head.name) ?? [];
  const word = get("Controller Status");
  const { volumes, drives } = partsOf(sections);
  return {
    id: slot,
    model: model.trim(),
    ...present({
      serial: get("Serial Number"),
      firmware: get("Firmware Version"),
      driver: [get("Driver Name"), get("Driver Version")].filter((one) => one !== "").join(" "),
      temperatureCelsius: parseCelsius(get("Controller Temperature (C)")),
      battery: batteryOf(get),
    }),
    state: controllerState(word),
    stateText: word,
    volumes,
    drives,
    faults: cacheFault(get("Cache Status"), get("Cache Status Details")),
  };
}

function partsOf(sections: readonly Section[]): { volumes: RaidVolume[]; drives: RaidDrive[] } {
  const volumes: (RaidVolume & { array: string })[] = [];
  const drives: (RaidDrive & { array: string })[] = [];
  let array = "";
  let use: RaidDrive["use"] = "free";
  for (const section of sections) {
    if (section.kind === "array") {
      array = section.name;
      use = "data";
    } else if (section.kind === "free" || section.kind === "passed") {
      array = "";
      use = section.kind;
    } else if (section.kind === "volume") volumes.push({ ...toVolume(section), array });
    else if (section.kind === "drive") drives.push({ ...toDrive(section, use), array });
  }
  for (const volume of volumes) {
    const members = drives.filter((drive) => drive.array === volume.array && drive.use === "data");
    volume.drives = members.map(({ id }) => id);
    const rebuilding = members.some(({ state }) => state === "rebuilding");
    if (volume.scan === undefined && rebuilding) volume.scan = { function: "recovery", state: "running" };
  }
  const served = (name: string) => volumes.filter((volume) => volume.array === name).map(({ id }) => id);
  return {
    volumes: volumes.map(({ array: _, ...volume }) => volume),
    drives: drives.map(({ array: name, ...drive }) =>
      drive.use === "spare" && name !== "" ? { ...drive, serves: served(name) } : drive,
    ),
  };
}

function toVolume({ name, values: { get } }: Section): RaidVolume {
  const word = get("Status");
  const media = get("Unrecoverable Media Errors");
  const lost = media !== "" && !/^(none|0|no)$/i.test(media);
  const state = volumeState(word);
  return {
    id: name,
    name: "",
    level: levelOf(get("Fault Tolerance")),
    state: state === "online" && lost ? "degraded" : state,
    stateText: lost ? `${word}, unrecoverable media errors: ${media}` : word,
    ...present({
      sizeBytes: parseSize(get("Size")),
      osDevice: /^\/dev\/\S+/.exec(get("Disk Name"))?.[0],
      scan: scanOf(word, get("Parity Initialization Status"), get("Parity Initialization Progress")),
    }),
    drives: [],
    missing: 0,
    extra: present({
      label: get("Logical Drive Label"),
      caching: get("Caching"),
      surfaceScan: get("Last Surface Scan Completed"),
    }),
  };
}

function scanOf(status: string, parity: string, progress: string): PoolScan | undefined {
  if (/^(recovering|rebuilding)/i.test(status)) {
    return { function: "recovery", state: "running", ...present({ progressRatio: parsePercent(status) }) };
  }
  if (/^(transforming|expanding|migrating)/i.test(status)) {
    return { function: "reshape", state: "running", ...present({ progressRatio: parsePercent(status) }) };
  }
  if (/in progress/i.test(parity)) {
    return { function: "resync", state: "running", ...present({ progressRatio: parsePercent(progress || parity) }) };
  }
  return /queued/i.test(parity) ? { function: "resync", state: "paused" } : undefined;
}

function toDrive({ name, values: { get } }: Section, use: RaidDrive["use"]): RaidDrive {
  const word = get("Status");
  const isSpare = /spare/i.test(get("Drive Type"));
  const state = driveState(word);
  return {
    id: name,
    state: isSpare && state === "online" ? "spare" : state,
    stateText: word,
    use: isSpare ? "spare" : use,
    ...present({
      model: get("Model").replace(/\s+/g, " "),
      serial: get("Serial Number"),
      firmware: get("Firmware Revision"),
      media: get("Interface Type"),
      // Drives are told in powers of 1000, volumes in powers of 1024.
      sizeBytes: parseSize(get("Size"), 1000),
      temperatureCelsius: parseCelsius(get("Current Temperature (C)")),
      predictedFailures: /^predictive/i.test(word) ? 1 : undefined,
      rebuildRatio: parsePercent(word),
    }),
  };
}

function batteryOf(get: Values["get"]): RaidBattery | undefined {
  const state = get("Battery/Capacitor Status");
  if (state === "" || parseCount(get("Battery/Capacitor Count")) === 0 || /not (present|installed)/i.test(state))
    return undefined;
  return {
    kind: get("Cache Backup Power Source") || "battery",
    state,
    ok: /^(ok|recharging|charging)\b/i.test(state),
    ...present({
      temperatureCelsius: parseCelsius(get("Capacitor Temperature (C)", "Battery Temperature (C)")),
    }),
  };
}

function cacheFault(status: string, details: string): string[] {
  if (!/disabled|failed|error/i.test(status)) return [];
  return [`cache ${status.toLowerCase()}${details === "" ? "" : `: ${details}`}`];
}

// "1+0", "5", "6 (ADG)", "RAID 1 (Triple)".
function levelOf(tolerance: string): string {
  const digits = /\d[+\d]*/.exec(tolerance)?.[0] ?? "";
  return digits === "" ? tolerance.toLowerCase() : `raid${digits.replaceAll("+", "")}`;
}

import type { PoolScan, ScanFunction } from "../pools/pool.ts";
import { arcconfDrive, type Placed } from "./arcconf-drives.ts";
import { cutBefore, linesOf, linesUntil, type Values, valuesOf } from "./lines.ts";
import type { RaidBattery, RaidController, RaidReport, RaidVolume } from "./model.ts";
import { parseCelsius, parsePercent, parseSize, present } from "./values.ts";
import { controllerState, volumeState } from "./words.ts";

/** Outputs for one controller: `GETCONFIG n AL`, `GETSTATUS n`. */
export type ArcconfOutputs = { id: string; config: string; status?: string };

// "Build/Verify" writes the parity for the first time.
const operations: readonly [RegExp, ScanFunction][] = [
  [/rebuild/i, "recovery"],
  [/^build|clear|init/i, "resync"],
  [/verify|consistency/i, "check"],
  [/reconfig|expan|migrat|morph|compact/i, "reshape"],
];
const physical = /^Physical device information$/i;
// Behind it stand arrays, with the drives of each, where the tool is asked for those.
const behindVolumes = /^(Physical device|Array|Connector|maxCache) information$/i;

/** How many controllers `GETCONFIG 1` says there are. */
export function arcconfControllers(config: string): number {
  return Math.min(16, Number(/^Controllers found: (\d+)/m.exec(config)?.[1] ?? 0));
}

/**
 * Controllers of Adaptec, Microchip and of IBM's ServeRAID 8, whose tool calls volumes "logical drive". Never throws;
 * `problem` where a text tells of none.
 */
export function parseArcconf(outputs: readonly ArcconfOutputs[]): RaidReport {
  const controllers = outputs.flatMap((one) => toController(one) ?? []);
  const silent = outputs.length - controllers.length;
  return silent === 0 && outputs.length > 0
    ? { controllers }
    : { controllers, problem: outputs.length === 0 ? "no controller" : `no configuration of ${silent} controllers` };
}

function toController({ id, config, status }: ArcconfOutputs): RaidController | undefined {
  const lines = linesOf(config);
  const { get } = valuesOf(linesUntil(lines, /^(Logical (device|drive)|Physical device) information$/i));
  const word = get("Controller Status");
  if (word === "" && get("Controller Model") === "") return undefined;
  const drives = cutBefore(fromHeading(lines, physical), /^Device #\d+/).flatMap((part) => arcconfDrive(part) ?? []);
  const find = finder(drives);
  const tasks = tasksOf(status ?? "");
  const ofVolumes = linesUntil(fromHeading(lines, /^Logical (device|drive) information$/i), behindVolumes);
  const volumes = cutBefore(ofVolumes, /^Logical (device|drive) number \d+/i).map((part) =>
    toVolume(part, find, tasks),
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
    drives: drives.map(({ drive }) => (inVolumes.has(drive.id) ? { ...drive, use: "data" } : drive)),
    faults: [],
  };
}

function fromHeading(lines: readonly string[], heading: RegExp): string[] {
  return cutBefore(lines, heading)[0]?.slice(1) ?? [];
}

/** Finds the drive that a segment of a volume names. */
type Find = (segment: string) => string | undefined;

function toVolume(lines: string[], find: Find, tasks: ReadonlyMap<string, PoolScan>): RaidVolume {
  const values = valuesOf(lines);
  const { get } = values;
  const id = /\d+$/.exec(lines[0]?.trim() ?? "")?.[0] ?? "";
  const word = get("Status of Logical Device", "Status of Logical Drive");
  const segments = segmentsOf(values);
  const found = segments.map(find);
  const lost = segments.filter((segment, i) => found[i] === undefined && /missing|failed/i.test(segment)).length;
  const level = get("RAID level");
  return {
    id,
    name: get("Logical Device name", "Logical Drive name"),
    level: /^\d/.test(level) ? `raid${level.split(" ")[0]}` : level.toLowerCase(),
    state: volumeState(word),
    stateText: word,
    ...present({
      sizeBytes: parseSize(get("Size")),
      osDevice: /\/dev\/\S+/.exec(get("Disk Name"))?.[0],
      scan: tasks.get(id),
    }),
    drives: [...new Set(found.filter((drive) => drive !== undefined))],
    missing: lost,
    extra: present({
      writeCache: get("Write-cache status", "Write-cache mode", "Caching"),
      failedStripes: get("Failed stripes", "Defunct stripes"),
    }),
  };
}

/** "Segment 0", "Group 1, Segment 0", with smartpqi "Device 8"; the oldest has one line of "channel,device" for all. */
function segmentsOf(values: Values): string[] {
  const segment = /^((Group \d+, )?Segment \d+|Device \d+)$/i;
  const segments = values.entries.filter(([key]) => segment.test(key)).map(([, value]) => value);
  if (segments.length > 0) return segments;
  const order = values.get("Stripe order (Channel,Device)").split(/\s+/);
  return order.filter((place) => /^\d+,\d+$/.test(place)).map((place) => `Present (${place})`);
}

/**
 * A segment names its drive by serial number and by its place, in the words of the version: "Present (2861588MB, SATA,
 * HDD, Channel:0, Device:10) SERIAL", "Rebuilding (Controller:1,Enclosure:0,Slot:3) SERIAL", "Present (0,1)".
 */
function finder(drives: readonly Placed[]): Find {
  const bySerial = new Map(drives.map(({ drive }) => [drive.serial ?? "", drive.id]));
  // Serial numbers are cut, or masked: then several drives have the same.
  const unique = bySerial.size === drives.length ? bySerial : new Map<string, string>();
  const byPlace = new Map(drives.flatMap(({ drive, places }) => places.map((place) => [place, drive.id])));
  return (segment) => {
    const place = segment.slice(segment.indexOf("(") + 1, segment.indexOf(")"));
    const serial = segment.slice(segment.indexOf(")") + 1).trim();
    const [, channel, device] = /Channel: ?(\d+), ?Device: ?(\d+)/i.exec(place) ?? /^(\d+),(\d+)$/.exec(place) ?? [];
    const [, enclosure, slot] = /Enclosure: ?(\d+), ?Slot: ?(\d+)/i.exec(place) ?? [];
    const byNumbers = byPlace.get(`${channel},${device}`) ?? byPlace.get(`enclosure ${enclosure}, slot ${slot}`);
    return (serial === "" ? undefined : unique.get(serial)) ?? byNumbers;
  };
}

function batteryOf(lines: readonly string[]): RaidBattery | undefined {
  const [part] = cutBefore(lines, /^Controller (Battery|ZMM|Cache Backup Unit) Information$/i);
  if (part === undefined) return undefined;
  // The next heading ends it.
  const ends = /^((Logical|Physical) (device|drive) information|Controller Vital .*)$|^Connector/i;
  const { get } = valuesOf(linesUntil(part.slice(1), ends));
  const state = get("Overall Backup Unit Status", "Status");
  if (state === "" || /not (installed|present|applicable)|unavailable/i.test(state)) return undefined;
  const capacitor = get("Supercap Status");
  return {
    kind: get("Backup Unit Type") || (/ZMM/.test(part[0] ?? "") ? "ZMM" : "battery"),
    state: capacitor === "" ? state : `${state}, capacitor ${capacitor.toLowerCase()}`,
    ok: /^(zmm )?(optimal|ready|ok|charging)/i.test(state) && !/fatal|fail/i.test(capacitor),
    ...present({
      chargeRatio: parsePercent(get("Capacity remaining", "Health")),
      temperatureCelsius: parseCelsius(get("Current Temperature")),
    }),
  };
}

/** Tasks by logical device of `GETSTATUS`. */
function tasksOf(status: string): Map<string, PoolScan> {
  const found = new Map<string, PoolScan>();
  for (const part of cutBefore(linesOf(status), /^Logical (device|drive) Task/i)) {
    const { get } = valuesOf(part.slice(1));
    const device = get("Logical device", "Logical drive");
    const action = operations.find(([pattern]) => pattern.test(get("Current operation")))?.[1];
    const percent = Number.parseFloat(get("Percentage complete"));
    if (device === "" || action === undefined) continue;
    const paused = /pause|queued|pending/i.test(get("Status"));
    found.set(device, {
      function: action,
      state: paused ? "paused" : "running",
      ...(percent >= 0 ? { progressRatio: Math.min(1, percent / 100) } : {}),
    });
  }
  return found;
}

import type { MemberState, PoolScan, PoolState } from "../pools/pool.ts";

export type ControllerState = "ok" | "degraded" | "failed" | "unknown";

/** A RAID controller with all it tells of. What it does not tell is absent. */
export type RaidController = {
  /** Number or slot, as the tool has it. */
  id: string;
  model: string;
  serial?: string;
  firmware?: string;
  driver?: string;
  state: ControllerState;
  /** The tool's own word for the state. */
  stateText: string;
  temperatureCelsius?: number;
  /** Absent: it has none. */
  battery?: RaidBattery;
  correctableErrors?: number;
  uncorrectableErrors?: number;
  volumes: RaidVolume[];
  drives: RaidDrive[];
  /** What else is wrong with it: a disabled cache, a controller in safe mode. */
  faults: string[];
};

/** The battery or capacitor that keeps the write cache over a loss of power. */
export type RaidBattery = {
  kind: string;
  /** The tool's own word. */
  state: string;
  ok: boolean;
  temperatureCelsius?: number;
  chargeRatio?: number;
};

/** A volume; `drives` are ids of its members. */
export type RaidVolume = {
  id: string;
  /** As someone called it; empty where nobody did. */
  name: string;
  /** "raid5". */
  level: string;
  state: PoolState;
  stateText: string;
  sizeBytes?: number;
  /** "/dev/sda". */
  osDevice?: string;
  drives: string[];
  /** Members that the tool tells of by number or place alone. */
  missing: number;
  scan?: PoolScan;
  extra?: Record<string, unknown>;
};

/**
 * A drive behind the controller. `id` is its place ("252:3", "1I:1:4"). `use`: "free" is in no volume, "passed" is given
 * to the host as it is.
 */
export type RaidDrive = {
  id: string;
  state: MemberState;
  stateText: string;
  use: "data" | "spare" | "free" | "passed";
  /** Of a spare that serves some volumes only: their ids. */
  serves?: string[];
  model?: string;
  serial?: string;
  firmware?: string;
  media?: string;
  sizeBytes?: number;
  temperatureCelsius?: number;
  mediaErrors?: number;
  otherErrors?: number;
  predictedFailures?: number;
  /** The drive's own self-monitoring warns. */
  smartAlert?: boolean;
  rebuildRatio?: number;
};

/** What a tool told; `problem`: why it is not all. */
export type RaidReport = { controllers: RaidController[]; problem?: string };

/** The state of a volume by the tool's word, which is matched from its beginning and without regard to case. */
export function volumeState(word: string): PoolState {
  const text = word.trim().toLowerCase();
  if (/^(optl|optimal|ok|online|okay|ready(?! for)|transforming|expanding|migrating)\b/.test(text)) return "online";
  if (
    /^(pdgd|dgrd|rec$|recover|partially|degraded|suboptimal|impacted|interim|rebuilding|waiting for rebuild|queued for rebuild|ready for r)/.test(
      text,
    )
  ) {
    return "degraded";
  }
  if (/^(ofln|offline|failed|dead)/.test(text)) return "faulted";
  return "unknown";
}

/** The state of a drive by the tool's word. A free drive that is well is "online". */
export function driveState(word: string): MemberState {
  const text = word.trim().toLowerCase();
  if (/^(rbld|rebuild|cpybck|copyback|recovering|cbshld)/.test(text)) return "rebuilding";
  if (/^(ghs|dhs|hotspare|hot spare|global hot|dedicated hot|hspshld|spare)/.test(text)) return "spare";
  if (
    /^(onln|online|ok\b|jbod|ugood|unconfigured\(good\)|unconfigured good|ready|raw|optimal|ugunsp|non-raid|system|good\b)/.test(
      text,
    )
  ) {
    return "online";
  }
  if (/^(ugshld|cfshld|predict|unconfigured\(good\), spun down|erase|sanitiz)/.test(text)) return "degraded";
  if (/^(offln|offline)/.test(text)) return "offline";
  if (/^(failed|ubad|ubunsp|unconfigured\(bad\)|bad\b|dead|error)/.test(text)) return "faulted";
  if (/^(msng|missing|not present|removed)/.test(text)) return "missing";
  return "unknown";
}

/** The state of a controller by the tool's word. */
export function controllerState(word: string): ControllerState {
  const text = word.trim().toLowerCase();
  if (/^(optimal|ok|ready|okay)\b/.test(text)) return "ok";
  if (/^(need|ndatn|degraded|warning|suboptimal|impacted)/.test(text)) return "degraded";
  if (/^(fail|offline|fault|critical|dead|lock|error)/.test(text)) return "failed";
  return "unknown";
}

const powers: Record<string, number> = { B: 0, K: 1, M: 2, G: 3, T: 4, P: 5 };

/** Bytes of "3.637 TB", "2861588MB", "10.92 TB"; `base` 1024 unless told; undefined where there is none. */
export function parseSize(text: string, base: 1000 | 1024 = 1024): number | undefined {
  const [, digits, unit = ""] = /(\d+(?:\.\d+)?) *([BKMGTP])i?B?\b/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Math.round(Number(digits) * base ** (powers[unit.toUpperCase()] ?? 0));
}

/** Degrees of " 34C (93.20 F)", "35 C/ 95 F (Normal)", "44", 44; undefined for "N/A", "Not Supported", 0. */
export function parseCelsius(value: unknown): number | undefined {
  const digits = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*(?:$|C|°|deg)/i.exec(String(value ?? ""))?.[1];
  const degrees = Number(digits ?? Number.NaN);
  return degrees > 0 && degrees < 200 ? degrees : undefined;
}

/** A counter that may be a number, a text of digits or "N/A". */
export function parseCount(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  const digits = typeof value === "string" ? /^\s*(\d{1,15})\s*$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** Share of "98%", "100 percent", "Recovering, 12% complete"; undefined where there is none. */
export function parsePercent(text: string): number | undefined {
  const digits = /(\d+(?:\.\d+)?) *(?:%|percent)/.exec(text)?.[1];
  return digits === undefined ? undefined : Math.min(1, Number(digits) / 100);
}

/** An object of the members that are there. */
export function present<T extends Record<string, unknown>>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** "key : value" of a line, blanks squeezed in the key; undefined where it is none. The value keeps its inner blanks. */
export function keyValue(line: string): [key: string, value: string] | undefined {
  // Some keys hold a colon: "Reported Channel,Device(T:L) : 0,10(10:0)".
  const spaced = line.indexOf(" : ");
  const at = spaced > 0 ? spaced + 1 : line.indexOf(":");
  if (at <= 0) return undefined;
  const key = line.slice(0, at).trim().replace(/\s+/g, " ");
  return key === "" ? undefined : [key, line.slice(at + 1).trim()];
}

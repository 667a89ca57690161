import { finite, isObject, object, objects, text, time, truth } from "./json.ts";

/** Why a drive has its verdict. */
export type DriveReason = {
  code: string;
  severity: string;
  text: string;
  attribute: string | null;
  value: number | null;
  threshold: number | null;
  /** The counter by which people can accept it; null where it can't be accepted. */
  acknowledge: string | null;
};

export type SelfTestEntry = {
  type: string | null;
  result: string | null;
  text: string;
  /** Power-on time at which it ended, hours. */
  atHours: number | null;
  remainingRatio: number | null;
  lba: number | null;
};

/** The self-test that runs and the newest that ended. */
export type SelfTest = {
  running: { type: string | null; progressRatio: number | null } | null;
  last: SelfTestEntry | null;
};

export type SelfTestLog = SelfTest & {
  entries: SelfTestEntry[];
  /** How long each test takes, as the drive says. */
  minutes: { short: number | null; extended: number | null; conveyance: number | null };
};

/** A SMART attribute, an NVMe health figure or a SCSI counter. */
export type DriveAttribute = {
  key: string;
  id: number | null;
  name: string;
  value: number | null;
  worst: number | null;
  threshold: number | null;
  raw: number | null;
  rawText: string | null;
  decoded: number | null;
  whenFailed: string | null;
  prefailure: boolean | null;
  critical: boolean;
  meaning: string | null;
  /** The count that people acknowledged; null where they did not. */
  accepted: number | null;
};

export type ErrorLog = {
  count: number | null;
  entries: { number: number | null; atHours: number | null; text: string }[];
};

/** Reasons of a verdict, the gravest first as the agent sent them. */
export function driveReasons(value: unknown): DriveReason[] {
  return objects(value, 50).map((each) => ({
    code: text(each.code, 100) ?? "unknown",
    severity: text(each.severity, 20) ?? "warning",
    text: text(each.text) ?? "",
    attribute: text(each.attribute, 100),
    value: finite(each.value),
    threshold: finite(each.threshold),
    acknowledge: text(each.acknowledge, 100),
  }));
}

/** The self-test that runs and the last one. */
export function selfTest(value: unknown): SelfTest {
  const { running, last } = object(value);
  return {
    running: isObject(running) ? { type: text(running.type, 100), progressRatio: finite(running.progressRatio) } : null,
    last: isObject(last) ? selfTestEntry(last) : null,
  };
}

/** The same with the log and the durations. */
export function selfTestLog(value: unknown): SelfTestLog {
  const given = object(value);
  const minutes = object(given.minutes);
  return {
    ...selfTest(value),
    entries: objects(given.entries, 32).map(selfTestEntry),
    minutes: {
      short: finite(minutes.short),
      extended: finite(minutes.extended),
      conveyance: finite(minutes.conveyance),
    },
  };
}

/** All attributes, in the drive's order. */
export function driveAttributes(value: unknown): DriveAttribute[] {
  return objects(value, 300).map((each) => ({
    key: text(each.key, 100) ?? "",
    id: finite(each.id),
    name: text(each.name, 200) ?? "",
    value: finite(each.value),
    worst: finite(each.worst),
    threshold: finite(each.threshold),
    raw: finite(each.raw),
    rawText: text(each.rawText, 200),
    decoded: finite(each.decoded),
    whenFailed: text(each.whenFailed, 20),
    prefailure: truth(each.prefailure),
    critical: each.critical === true,
    meaning: text(each.meaning, 1000),
    accepted: finite(each.accepted),
  }));
}

/** The drive's own log of errors. */
export function errorLog(value: unknown): ErrorLog {
  const given = object(value);
  return {
    count: finite(given.count),
    entries: objects(given.entries, 50).map((each) => ({
      number: finite(each.number),
      atHours: finite(each.atHours),
      text: text(each.text) ?? "",
    })),
  };
}

/** Acknowledged counts by attribute key, and when. */
export function baseline(counts: unknown, at: unknown): { at: Date | null; counts: Record<string, number> } | null {
  const known = Object.entries(object(counts)).filter((each): each is [string, number] => finite(each[1]) !== null);
  return known.length === 0 && time(at) === null ? null : { at: time(at), counts: Object.fromEntries(known) };
}

function selfTestEntry(each: Readonly<Record<string, unknown>>): SelfTestEntry {
  return {
    type: text(each.type, 100),
    result: text(each.result, 100),
    text: text(each.text) ?? "",
    atHours: finite(each.atHours),
    remainingRatio: finite(each.remainingRatio),
    lba: finite(each.lba),
  };
}

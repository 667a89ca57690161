import { booleanAt, countAt, type Json, listAt, numberAt, textAt } from "./json.ts";
import type { SelfTestEntry, SelfTestLog, SelfTestResult } from "./types.ts";

const maxEntries = 100;

/** ATA's self-test log; the hours in it have 16 bits and start over, so `powerOnHours` sets them right. */
export function readAtaSelfTests(json: Json, powerOnHours: number | null): SelfTestLog {
  const extended = listAt(maxEntries, json, "ata_smart_self_test_log", "extended", "table");
  const table =
    extended.length > 0 ? extended : listAt(maxEntries, json, "ata_smart_self_test_log", "standard", "table");
  const entries = table.map((entry): SelfTestEntry => {
    const status = numberAt(entry, "status", "value");
    return {
      type: textAt(entry, "type", "string"),
      result: ataResult(status, booleanAt(entry, "status", "passed")),
      text: textAt(entry, "status", "string") ?? "",
      atHours: unwrapHours(countAt(entry, "lifetime_hours"), powerOnHours),
      remainingRatio: percent(countAt(entry, "status", "remaining_percent")),
      lba: countAt(entry, "lba"),
    };
  });
  const state = numberAt(json, "ata_smart_data", "self_test", "status", "value");
  const remaining = percent(countAt(json, "ata_smart_data", "self_test", "status", "remaining_percent"));
  const running = state !== null && state >> 4 === 15;
  const minutes = (name: string) => countAt(json, "ata_smart_data", "self_test", "polling_minutes", name);
  return {
    ...logOf(entries),
    running: running ? { type: runningType(entries), progressRatio: rest(remaining) } : null,
    minutes: { short: minutes("short"), extended: minutes("extended"), conveyance: minutes("conveyance") },
  };
}

/** NVMe's device self-test log. */
export function readNvmeSelfTests(json: Json): SelfTestLog {
  const entries: SelfTestEntry[] = [];
  for (const entry of listAt(maxEntries, json, "nvme_self_test_log", "table")) {
    const code = numberAt(entry, "self_test_result", "value");
    if (code === 15) continue;
    entries.push({
      type: textAt(entry, "self_test_code", "string"),
      result: code === 0 ? "passed" : code === null ? "unknown" : code >= 5 && code <= 7 ? "failed" : "aborted",
      text: textAt(entry, "self_test_result", "string") ?? "",
      atHours: countAt(entry, "power_on_hours"),
      remainingRatio: null,
      lba: countAt(entry, "lba", "value") ?? countAt(entry, "lba"),
    });
  }
  const operation = countAt(json, "nvme_self_test_log", "current_self_test_operation", "value");
  const done = percent(countAt(json, "nvme_self_test_log", "current_self_test_completion_percent"));
  const type = textAt(json, "nvme_self_test_log", "current_self_test_operation", "string");
  return { ...logOf(entries), running: operation ? { type, progressRatio: done } : null };
}

/** SCSI's self-tests stand in twenty keys, newest first. */
export function readScsiSelfTests(json: Json): SelfTestLog {
  const entries: SelfTestEntry[] = [];
  for (let i = 0; i < 20; i++) {
    const entry = json[`scsi_self_test_${i}`];
    const code = numberAt(entry, "result", "value");
    if (code === null) continue;
    entries.push({
      type: textAt(entry, "code", "string"),
      result:
        code === 0 ? "passed" : code === 15 ? "running" : code <= 2 ? "aborted" : code <= 7 ? "failed" : "unknown",
      text: textAt(entry, "result", "string") ?? "",
      atHours: countAt(entry, "power_on_time", "hours"),
      remainingRatio: null,
      lba: countAt(entry, "lba_first_failure", "value") ?? countAt(entry, "lba_first_failure"),
    });
  }
  const running = booleanAt(json, "self_test_in_progress") === true || entries[0]?.result === "running";
  const seconds = countAt(json, "scsi_extended_self_test_seconds");
  const remaining = percent(countAt(json, "self_test", "status", "remaining_percent"));
  return {
    ...logOf(entries),
    running: running ? { type: runningType(entries), progressRatio: rest(remaining) } : null,
    minutes: { short: null, extended: seconds === null ? null : Math.ceil(seconds / 60), conveyance: null },
  };
}

/** The hour of a counter that starts over at 65,536, as late as the drive's age allows. */
export function unwrapHours(hours: number | null, powerOnHours: number | null): number | null {
  if (hours === null || powerOnHours === null || hours > powerOnHours || hours >= 65_536) return hours;
  return hours + Math.floor((powerOnHours - hours) / 65_536) * 65_536;
}

function ataResult(status: number | null, passed: boolean | null): SelfTestResult {
  if (status === null) return passed === null ? "unknown" : passed ? "passed" : "failed";
  const code = status >> 4;
  if (code === 0) return "passed";
  if (code === 15) return "running";
  return code <= 2 ? "aborted" : code <= 8 ? "failed" : "unknown";
}

function logOf(entries: SelfTestEntry[]): SelfTestLog {
  const last = entries.find((entry) => entry.result === "passed" || entry.result === "failed") ?? null;
  return { running: null, entries, last, minutes: { short: null, extended: null, conveyance: null } };
}

function runningType(entries: SelfTestEntry[]): string | null {
  return entries[0]?.result === "running" ? entries[0].type : null;
}

function rest(remaining: number | null): number | null {
  return remaining === null ? null : Math.round((1 - remaining) * 100) / 100;
}

function percent(value: number | null): number | null {
  return value === null || value > 100 ? null : value / 100;
}

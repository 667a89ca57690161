import { countAttribute, scsiAttributes } from "./attributes.ts";
import { at, countAt, type Json, numberAt, textAt } from "./json.ts";
import type { ProtocolPart } from "./parse.ts";
import { readScsiSelfTests } from "./self-test.ts";
import type { Attribute, ScsiHealth } from "./types.ts";
import { ratio } from "./wear.ts";

/** What only SCSI and SAS drives say: defects and the error counters of reads, writes and verifications. */
export function parseScsi(json: Json): ProtocolPart {
  const log = at(json, "scsi_error_counter_log");
  const uncorrected = (kind: string) => countAt(log, kind, "total_uncorrected_errors");
  const scsi: ScsiHealth = {
    grownDefects: countAt(json, "scsi_grown_defect_list"),
    pendingDefects: countAt(json, "scsi_pending_defects", "count"),
    uncorrected: { read: uncorrected("read"), write: uncorrected("write"), verify: uncorrected("verify") },
    asc: countAt(json, "smart_status", "scsi", "asc"),
    ascq: countAt(json, "smart_status", "scsi", "ascq"),
    status: textAt(json, "smart_status", "scsi", "ie_string"),
  };
  const endurance =
    countAt(json, "scsi_percentage_used_endurance_indicator") ?? countAt(json, "endurance_used", "current_percent");
  const gigabytes = (kind: string) => {
    const count = countAt(log, kind, "gigabytes_processed");
    return count === null ? null : Math.round(count * 1e9);
  };
  return {
    scsi,
    attributes: readAttributes(json, scsi, endurance),
    counters: {
      grownDefects: scsi.grownDefects,
      reallocatedSectors: scsi.grownDefects,
      pendingSectors: scsi.pendingDefects,
      reportedUncorrectable: total(Object.values(scsi.uncorrected)),
    },
    powerOnHours: powerOnHours(json),
    powerCycles: countAt(json, "power_cycle_count"),
    bytesRead: gigabytes("read"),
    bytesWritten: gigabytes("write"),
    wear: {
      ratio: ratio(endurance, 255),
      source: ratio(endurance, 255) === null ? null : "scsi:percentage_used",
      spareRatio: null,
      spareMinRatio: null,
    },
    errorLog: { count: null, entries: [] },
    selfTest: readScsiSelfTests(json),
    hasData: scsi.grownDefects !== null || total(Object.values(scsi.uncorrected)) !== null || endurance !== null,
  };
}

function readAttributes(json: Json, scsi: ScsiHealth, endurance: number | null): Attribute[] {
  const corrected = (kind: string) => countAt(json, "scsi_error_counter_log", kind, "total_errors_corrected");
  const cycles = (name: string) => countAt(json, "scsi_start_stop_cycle_counter", name);
  const values: Record<string, number | null> = {
    grown_defects: scsi.grownDefects,
    pending_defects: scsi.pendingDefects,
    read_uncorrected: scsi.uncorrected.read,
    write_uncorrected: scsi.uncorrected.write,
    verify_uncorrected: scsi.uncorrected.verify,
    read_corrected: corrected("read"),
    write_corrected: corrected("write"),
    verify_corrected: corrected("verify"),
    percentage_used: endurance,
    start_stop_cycles: cycles("accumulated_start_stop_cycles"),
    load_unload_cycles: cycles("accumulated_load_unload_cycles"),
  };
  return Object.entries(scsiAttributes).flatMap(([name, { meaning, critical }]) => {
    const raw = values[name] ?? null;
    return raw === null ? [] : [countAttribute("scsi", name, raw, critical ?? false, meaning)];
  });
}

function powerOnHours(json: Json): number | null {
  const hours = countAt(json, "power_on_time", "hours");
  return hours === null ? null : hours + (numberAt(json, "power_on_time", "minutes") ?? 0) / 60;
}

function total(counts: (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

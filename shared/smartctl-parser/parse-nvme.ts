import { countAttribute, nvmeAttributes } from "./attributes.ts";
import { readNvmeErrors } from "./error-log.ts";
import { at, countAt, isObject, type Json } from "./json.ts";
import type { ProtocolPart } from "./parse.ts";
import { readNvmeSelfTests } from "./self-test.ts";
import type { Attribute, NvmeHealth } from "./types.ts";
import { ratio } from "./wear.ts";

const dataUnitBytes = 512_000;

/** What only NVMe drives say: the health log, and what is derived from it. */
export function parseNvme(json: Json): ProtocolPart {
  const log = at(json, "nvme_smart_health_information_log");
  // Counters have 128 bits; smartctl writes those past 2^53 as text beside a rounded number.
  const count = (name: string) => countAt(log, `${name}_s`) ?? countAt(log, name);
  const nvme: NvmeHealth = {
    criticalWarning: count("critical_warning") ?? countAt(json, "smart_status", "nvme", "value"),
    availableSparePercent: count("available_spare") ?? countAt(json, "spare_available", "current_percent"),
    availableSpareThresholdPercent:
      count("available_spare_threshold") ?? countAt(json, "spare_available", "threshold_percent"),
    percentageUsed: count("percentage_used") ?? countAt(json, "endurance_used", "current_percent"),
    mediaErrors: count("media_errors"),
    errorLogEntries: count("num_err_log_entries"),
    unsafeShutdowns: count("unsafe_shutdowns"),
  };
  const bytes = (units: number | null) => (units === null ? null : units * dataUnitBytes);
  const sensors = at(log, "temperature_sensors");
  return {
    nvme,
    attributes: readAttributes(log, count),
    counters: { mediaErrors: nvme.mediaErrors, unsafeShutdowns: nvme.unsafeShutdowns },
    powerOnHours: countAt(json, "power_on_time", "hours") ?? count("power_on_hours"),
    powerCycles: countAt(json, "power_cycle_count") ?? count("power_cycles"),
    bytesRead: bytes(count("data_units_read")),
    bytesWritten: bytes(count("data_units_written")),
    wear: {
      ratio: ratio(nvme.percentageUsed, 255),
      source: ratio(nvme.percentageUsed, 255) === null ? null : "nvme:percentage_used",
      spareRatio: ratio(nvme.availableSparePercent, 100),
      spareMinRatio: ratio(nvme.availableSpareThresholdPercent, 100),
    },
    temperatureCelsius: count("temperature"),
    sensorsCelsius: Array.isArray(sensors) ? sensors.slice(0, 8).filter(isCelsius) : [],
    errorLog: readNvmeErrors(json),
    selfTest: readNvmeSelfTests(json),
    hasData: isObject(log),
  };
}

function readAttributes(log: unknown, count: (name: string) => number | null): Attribute[] {
  if (!isObject(log)) return [];
  const found: Attribute[] = [];
  for (const [name, { meaning, critical }] of Object.entries(nvmeAttributes)) {
    const raw = count(name);
    if (raw === null) continue;
    found.push(countAttribute("nvme", name, raw, critical ?? false, meaning));
  }
  return found;
}

function isCelsius(value: unknown): value is number {
  return typeof value === "number" && value > -100 && value < 200;
}

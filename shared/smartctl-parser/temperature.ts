import { type Json, numberAt } from "./json.ts";
import type { Protocol, Temperature } from "./types.ts";

/** Temperatures in °C; what no drive can have (0 of a SCSI volume without sensor, 255) is null. */
export function readTemperature(
  json: Json,
  protocol: Protocol,
  current: number | null = null,
  limit: number | null = null,
  sensorsCelsius: number[] = [],
): Temperature {
  const said = (...names: string[]) => {
    for (const name of names) {
      const value = sane(numberAt(json, "temperature", name));
      if (value !== null) return value;
    }
    return null;
  };
  const max = (value: number | null) => (value !== null && value > 0 ? value : null);
  const now = said("current") ?? sane(current);
  return {
    // A sensor at exactly 0 °C is rarer than a SCSI volume without one.
    currentCelsius: now === 0 && protocol === "scsi" ? null : now,
    warningCelsius:
      max(said("op_limit_max")) ??
      max(sane(numberAt(json, "nvme_composite_temperature_threshold", "warning"))) ??
      max(sane(limit)),
    criticalCelsius:
      max(said("critical_limit_max", "limit_max", "drive_trip")) ??
      max(sane(numberAt(json, "nvme_composite_temperature_threshold", "critical"))),
    lifetimeMinCelsius: said("lifetime_min"),
    lifetimeMaxCelsius: said("lifetime_max"),
    sensorsCelsius,
  };
}

function sane(value: number | null): number | null {
  return value !== null && value > -60 && value <= 150 ? value : null;
}

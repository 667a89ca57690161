import type { ForecastRow } from "../../db/queries/storage-forecasts.ts";

const dayMs = 86_400_000;

/** When a filesystem is full. `fullAt` null: not in sight, `reason` says why. */
export type FilesystemForecast = {
  fullAt: Date | null;
  hoursLeft: number | null;
  bytesPerDay: number | null;
  /** 0 to 1. */
  confidence: number;
  /** What it was read from: "7 d". */
  basis: string;
  reason: string;
  computedAt: Date;
};

export type WearForecast = {
  /** When the rated endurance is used up; null: not in sight. */
  at: Date | null;
  confidence: number;
  ratePerDay: number | null;
  basis: string;
  reason: string;
};

export type TemperatureTrend = { perWeek: number; confidence: number; basis: string };

/** The forecast of a filesystem from its stored row; null where there is none or it is over a day old. */
export function filesystemForecast(row: ForecastRow | undefined, now: Date): FilesystemForecast | null {
  if (row === undefined || now.getTime() - row.computedAt.getTime() > dayMs) return null;
  const left = row.fullAt === null ? null : Math.max(0, row.fullAt.getTime() - now.getTime()) / 3_600_000;
  return {
    fullAt: row.fullAt,
    hoursLeft: left === null ? null : round(left, 1),
    bytesPerDay: row.rate === null ? null : Math.round(row.rate * 86_400),
    confidence: round(row.confidence, 2),
    basis: row.basis,
    reason: row.reason,
    computedAt: row.computedAt,
  };
}

/** A drive's wear-out date and temperature trend from its stored rows. */
export function driveForecast(rows: readonly ForecastRow[]): {
  wear: WearForecast | null;
  temperature: TemperatureTrend | null;
} {
  const wear = rows.find((row) => row.metric === "wear_ratio");
  const temperature = rows.find((row) => row.metric === "temperature_celsius");
  return {
    wear:
      wear === undefined
        ? null
        : {
            at: wear.fullAt,
            confidence: round(wear.confidence, 2),
            ratePerDay: wear.rate === null ? null : (wear.rate * dayMs) / 1000,
            basis: wear.basis,
            reason: wear.reason,
          },
    temperature:
      temperature?.rate === undefined || temperature.rate === null
        ? null
        : {
            perWeek: round(temperature.rate * 604_800, 2),
            confidence: round(temperature.confidence, 2),
            basis: temperature.basis,
          },
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

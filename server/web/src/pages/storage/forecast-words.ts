import type { DriveDetail, Filesystem, FilesystemForecast } from "../../api/storage-types.ts";
import { formatBytes, formatDuration } from "../../format/units.ts";

const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });

/** A confidence of 0 to 1 in words. */
export function confidenceWord(confidence: number): string {
  if (confidence >= 0.85) return "very likely";
  if (confidence >= 0.6) return "likely";
  if (confidence >= 0.35) return "uncertain";
  return "no more than a guess";
}

/** When it is full, short: `in 12 d`, `not in sight`; null where nothing is known. */
export function fullShort(forecast: FilesystemForecast | null): string | null {
  if (forecast === null) return null;
  if (forecast.hoursLeft === null) return forecast.reason === "too little history" ? null : "not in sight";
  if (forecast.hoursLeft <= 0) return "now";
  return `in ${roughly(forecast.hoursLeft)}`;
}

/** The forecast in sentences. */
export function fullSentence({ forecast, network, readOnly }: Filesystem): string {
  if (forecast === null) {
    if (readOnly) return "It is read-only: it does not fill.";
    return `There is no forecast yet: it takes three hours of history${network ? "" : " and is made every ten minutes"}.`;
  }
  const { fullAt, hoursLeft, bytesPerDay, confidence, basis, reason } = forecast;
  const seen = basis === "" || basis === "now" ? "" : ` Read from the last ${basis}.`;
  if (fullAt === null || hoursLeft === null) return `No date in sight: ${reason || "it does not grow"}.${seen}`;
  if (hoursLeft <= 0) return "It is full.";
  const growth = bytesPerDay === null ? "" : ` It grows by ${formatBytes(bytesPerDay)} a day.`;
  const when = `Full in about ${roughly(hoursLeft)}, on ${day.format(new Date(fullAt))}`;
  return `${when}: ${confidenceWord(confidence)} (${Math.round(confidence * 100)} %).${growth}${seen}`;
}

/** When the drive is worn out, in sentences; null where nothing is known. */
export function wearSentence({ wear }: DriveDetail["forecast"]): string | null {
  if (wear === null) return null;
  const seen =
    wear.basis === "" || wear.basis === "now"
      ? ""
      : ` Read from ${/^its/.test(wear.basis) ? "" : "the last "}${wear.basis}.`;
  if (wear.at === null) return `No date in sight: ${wear.reason || "it hardly wears"}.${seen}`;
  const rate = wear.ratePerDay === null ? "" : ` It wears by ${percent(wear.ratePerDay * 30)} a month.`;
  const when = `Its rated endurance is used up about ${day.format(new Date(wear.at))}`;
  return `${when}: ${confidenceWord(wear.confidence)} (${Math.round(wear.confidence * 100)} %).${rate}${seen}`;
}

/** The temperature's trend; null where nothing is known, or it stays as it is. */
export function temperatureSentence({ temperature }: DriveDetail["forecast"]): string | null {
  if (temperature === null || Math.abs(temperature.perWeek) < 0.1) return null;
  const word = temperature.perWeek > 0 ? "rises" : "falls";
  return `Its temperature ${word} by ${Math.abs(temperature.perWeek).toFixed(1)} °C a week (${confidenceWord(temperature.confidence)}, from the last ${temperature.basis}).`;
}

function percent(ratio: number): string {
  const value = ratio * 100;
  return `${value >= 10 ? Math.round(value) : value.toFixed(value >= 0.1 ? 1 : 2)} %`;
}

function roughly(hours: number): string {
  if (hours < 48) return formatDuration(Math.max(3600, Math.round(hours) * 3600));
  const days = hours / 24;
  if (days < 60) return `${Math.round(days)} d`;
  if (days < 730) return `${Math.round(days / 30.4)} months`;
  return `${(days / 365.25).toFixed(1)} years`;
}

import { printable } from "../log.ts";

/**
 * Rows as aligned columns; the first row is the heading. Numbers of columns may differ. Names of others (mounts,
 * containers) are escaped and cut, so that they neither break the lines nor steer the terminal.
 */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(shown));
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function shown(cell: string): string {
  const text = printable(cell);
  return text.length > 500 ? `${text.slice(0, 497)}...` : text;
}

/** Bytes in IEC units with three digits: 1.46 GiB. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let at = 0;
  let v = Math.abs(value);
  while (v >= 1000 && at < units.length - 1) {
    v /= 1024;
    at++;
  }
  const digits = at === 0 || v >= 100 ? 0 : v >= 10 ? 1 : 2;
  return `${value < 0 ? "-" : ""}${v.toFixed(digits)} ${units[at]}`;
}

/** Seconds for people: 340 ms, 12 s, 5 min, 3 h 12 min, 4 d 2 h. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago a Unix ms time was; "never" for 0. */
export function ago(at: number, now: number): string {
  return at === 0 ? "never" : `${duration(Math.max(0, now - at) / 1000)} ago`;
}

/** A metric's value in its unit. */
export function quantity(value: number, unit: string): string {
  if (Number.isNaN(value)) return "-";
  switch (unit) {
    case "bytes":
      return bytes(value);
    case "bytes_per_second":
      return `${bytes(value)}/s`;
    case "bits_per_second":
      return `${(value / 1e6).toFixed(0)} Mbit/s`;
    case "ratio":
      return `${(value * 100).toFixed(1)} %`;
    case "seconds":
      return duration(value);
    case "celsius":
      return `${value.toFixed(1)} °C`;
    case "boolean":
      return value === 1 ? "yes" : "no";
    case "per_second":
      return `${round(value)}/s`;
    case "rpm":
      return `${value.toFixed(0)} rpm`;
    case "volts":
      return `${value.toFixed(3)} V`;
    case "watts":
      return `${value.toFixed(1)} W`;
    default:
      return round(value);
  }
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

import { formatDuration, missing } from "./units.ts";

const local = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** Date and time in the reader's zone. */
export function formatLocal(iso: string | number): string {
  return local.format(new Date(iso));
}

/** Date and time in UTC: `2026-11-23 05:40:12 UTC`. */
export function formatUtc(iso: string | number): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** How long ago, in its largest unit: `now`, `12 s ago`, `3 h ago`, `in 5 min`. */
export function formatAgo(iso: string | null | undefined, now: number): string {
  if (!iso) return missing;
  const seconds = Math.round((now - new Date(iso).getTime()) / 1000);
  if (Math.abs(seconds) < 2) return "now";
  const [largest, unit] = formatDuration(Math.abs(seconds)).split(" ");
  const text = `${Math.round(Number(largest))} ${unit}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

import { formatLocal } from "../../format/time.ts";
import { formatBytes, formatDuration, formatNumber, formatRatio } from "../../format/units.ts";

/** A plain value by its name, which ends in its unit: `lastSaveSeconds`. */
export function plainValue(name: string, value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string")
    return isTime.test(value) && !Number.isNaN(Date.parse(value)) ? formatLocal(value) : value;
  // PostgreSQL's and MySQL's settings: shared_buffers, work_mem, max_wal_size.
  if (/bytes$/i.test(name) || (value >= 1024 && /_(mem|buffers|size)$/.test(name))) return formatBytes(value);
  if (/seconds$/i.test(name)) return formatDuration(value);
  if (/ratio$/i.test(name)) return formatRatio(value);
  return formatNumber(value);
}

const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** `changesSinceSave` -> `Changes since save`, `archiver.lastFailed` -> `Archiver: last failed`; other names stay as they are. */
export function plainName(name: string): string {
  if (!/^[a-z][A-Za-z0-9.]*$/.test(name)) return name;
  const words = name
    .replace(/(Bytes|Seconds|Ratio)$/, "")
    .replaceAll(".", ": ")
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A statement on two lines; the whole of it on click. */
export function Code({ text }: { text: string }) {
  return (
    <details className="group min-w-0 md:max-w-xl">
      <summary className="line-clamp-2 list-none font-mono text-xs break-all text-soft group-open:line-clamp-none">
        {text}
      </summary>
    </details>
  );
}

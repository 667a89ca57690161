import type { ReactNode } from "react";
import { formatLocal } from "../../format/time.ts";
import { formatBytes, formatDuration, formatNumber, formatRatio, missing } from "../../format/units.ts";
import { Panel } from "../../ui/page.tsx";

/** One column: what stands above it, whether it holds figures, and the cell of a row. One that is empty in every row is left out. */
export type Column<T> = { label: string; num?: true; cell: (row: T) => ReactNode };

/** A table of what an agent told; the first column is each row's name. */
export function PlainTable<T>({
  title,
  rows,
  columns,
}: {
  title: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
}) {
  const shown = columns.filter(({ cell }) => rows.some((row) => Boolean(cell(row))));
  if (shown.length === 0) return null;
  return (
    <Panel title={title}>
      <table className="data" aria-label={title}>
        <thead>
          <tr>
            {shown.map(({ label, num }) => (
              <th key={label} className={num ? "num" : ""}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
            <tr key={i}>
              {shown.map(({ label, num, cell }, at) => (
                <td key={label} {...(at > 0 && { "data-label": label })} className={num ? "num" : ""}>
                  {cell(row) || <span className="text-muted">{missing}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Formats a value that may be missing. */
export function known<T>(value: T | null, format: (value: T) => ReactNode): ReactNode {
  return value === null ? null : format(value);
}

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

export function Mono({ text }: { text: string }) {
  return <code className="font-mono text-xs break-all select-all">{text}</code>;
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

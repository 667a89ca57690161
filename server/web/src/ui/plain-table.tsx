import type { ReactNode } from "react";
import { missing } from "../format/units.ts";
import { Panel } from "./page.tsx";

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

/** Text that is copied as a whole: a key, a path. */
export function Mono({ text }: { text: string }) {
  return <code className="font-mono text-xs break-all select-all">{text}</code>;
}

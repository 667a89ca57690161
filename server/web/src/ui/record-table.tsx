import { type ReactNode, useMemo, useState } from "react";
import { SortButton, sortOf } from "./sort-button.tsx";
import { type SortValue, sortedRows } from "./sorted-rows.ts";

export type RecordColumn<T> = {
  label: string;
  num?: true;
  /** Classes of the cell, beyond its place: "text-muted". */
  look?: string;
  /** What the column sorts by; without it the heading is plain. */
  by?: (row: T) => SortValue;
  /** The first click shows the largest first. */
  down?: true;
  /** Nothing: a card then has no line of it. */
  cell: (row: T) => ReactNode;
};

type Props<T> = {
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  /** The first is the row's name; on small screens the head of its card. */
  columns: readonly RecordColumn<T>[];
  /** What it is sorted by at first: a column's label, with "-" before it from the largest; without it as the rows come. */
  sort?: string;
  /** What is over, and shown paler. */
  dim?: (row: T) => boolean;
  /** The buttons at the end of a row. */
  actions?: (row: T) => ReactNode;
};

/** A table of records that are all known, sorted here; on small screens each row is a card. */
export function RecordTable<T>({ label, rows, keyOf, columns, sort: first = "", dim, actions }: Props<T>) {
  const [sort, setSort] = useState(first);
  const sorted = useMemo(() => {
    const by = columns.find((column) => sortOf(sort, column.label) !== undefined)?.by;
    return by === undefined ? rows : sortedRows(rows, by, sort.startsWith("-"));
  }, [rows, columns, sort]);
  return (
    <table className="data" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ label: name, num, by, down }) => (
            <th key={name} className={num ? "num" : ""} aria-sort={sortOf(sort, by && name)}>
              {by === undefined ? (
                name
              ) : (
                <SortButton label={name} sort={name} down={down} now={sort} onSort={setSort} />
              )}
            </th>
          ))}
          {actions && (
            <th>
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={keyOf(row)} className={dim?.(row) ? "opacity-60" : ""}>
            {columns.map((column, at) => (
              <Cell key={column.label} column={column} row={row} first={at === 0} />
            ))}
            {actions && <td className="md:text-right">{actions(row)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<T>({ column, row, first }: { column: RecordColumn<T>; row: T; first: boolean }) {
  const content = column.cell(row);
  const isEmpty = content === null || content === undefined || content === false || content === "";
  return (
    <td
      {...(!first && !isEmpty && { "data-label": column.label })}
      className={`${column.num ? "num" : ""} ${column.look ?? ""}`}
    >
      {/* A card sets the label and what belongs to it side by side: that is one thing. */}
      {!isEmpty && (first ? content : <div>{content}</div>)}
    </td>
  );
}

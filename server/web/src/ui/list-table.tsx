// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document can't be in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells hold the links and buttons
import { type MouseEvent, type ReactNode, useSyncExternalStore } from "react";
import { SortButton, sortOf } from "./sort-button.tsx";
import { useNarrow, VirtualRows } from "./virtual-rows.tsx";

export type ListColumn<T> = {
  label: string;
  /** The API's name of its sort. */
  sort?: string;
  /** The first click shows the largest first. */
  down?: true;
  num?: true;
  /** A track of a CSS grid: "minmax(8rem,1fr)", "6rem". */
  width: string;
  /** Left out of the table where the window is narrower, px. */
  from?: number;
  /** Left out of cards: of little weight there. */
  tableOnly?: true;
  /** null: nothing is known; a card then has no line of it. */
  cell: (row: T) => ReactNode;
};

type Props<T> = {
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  /** The first is the row's name and its link. */
  columns: readonly ListColumn<T>[];
  sort: string;
  onSort: (sort: string) => void;
  onOpen: (row: T) => void;
  onEnd?: (() => void) | undefined;
  dim?: (row: T) => boolean;
};

/** A long list as a table of the columns that there is room for; on small screens each row is a card with all of them. */
export function ListTable<T>(props: Props<T>) {
  const { columns, sort, onSort, onOpen, dim } = props;
  const cards = useNarrow();
  const width = useStep(columns);
  const shown = columns.filter(({ from = 0 }) => from <= width);
  const grid = { gridTemplateColumns: shown.map((column) => column.width).join(" ") };
  // By keyboard the link in the first cell is the way.
  const open = (row: T) => (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a,button") || getSelection()?.toString()) return;
    onOpen(row);
  };
  return (
    <VirtualRows
      label={props.label}
      rows={props.rows}
      keyOf={props.keyOf}
      height={cards ? 170 : 52}
      grows={cards}
      onEnd={props.onEnd}
      heading={
        !cards && (
          <div role="row" aria-rowindex={1} className="grid h-9 items-center gap-x-4 px-3" style={grid}>
            {shown.map(({ label, sort: key, down, num }) => (
              <div
                key={label}
                role="columnheader"
                aria-sort={sortOf(sort, key)}
                className={`truncate text-xs text-muted ${num ? "text-right" : ""}`}
              >
                {key === undefined ? (
                  label
                ) : (
                  <SortButton label={label} sort={key} down={down} now={sort} onSort={onSort} />
                )}
              </div>
            ))}
          </div>
        )
      }
    >
      {(row) =>
        cards ? (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the card serves the keyboard
          // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the same link
          <div className={`cursor-pointer p-3 ${dim?.(row) ? "opacity-60" : ""}`} onClick={open(row)}>
            <Card row={row} columns={columns} />
          </div>
        ) : (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row serves the keyboard
          // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the same link
          <div
            className={`grid h-full cursor-pointer items-center gap-x-4 px-3 ${dim?.(row) ? "opacity-60" : ""}`}
            style={grid}
            onClick={open(row)}
          >
            {shown.map(({ label, num, cell }) => (
              <div key={label} role="cell" className={`min-w-0 leading-4 ${num ? "text-right whitespace-nowrap" : ""}`}>
                {cell(row) ?? <span className="text-muted">–</span>}
              </div>
            ))}
          </div>
        )
      }
    </VirtualRows>
  );
}

function Card<T>({ row, columns }: { row: T; columns: readonly ListColumn<T>[] }) {
  const [name, ...others] = columns.filter(({ tableOnly }) => tableOnly !== true);
  return (
    <>
      <div role="cell" className="mb-1.5">
        {name?.cell(row)}
      </div>
      {others.map(({ label, cell }) => {
        const content = cell(row);
        if (content === null) return null;
        return (
          <div key={label} role="cell" className="flex min-h-6 items-center justify-between gap-3">
            <span className="shrink-0 text-muted">{label}</span>
            <span className="min-w-0 text-right">{content}</span>
          </div>
        );
      })}
    </>
  );
}

/** The largest of the columns' least widths that the window has. */
function useStep<T>(columns: readonly ListColumn<T>[]): number {
  const steps = [...new Set(columns.map(({ from = 0 }) => from))];
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("resize", listener);
      return () => window.removeEventListener("resize", listener);
    },
    () => Math.max(0, ...steps.filter((from) => from <= window.innerWidth)),
  );
}

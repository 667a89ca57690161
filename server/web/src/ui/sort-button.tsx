type Props = { label: string; sort: string; down?: true | undefined; now: string; onSort: (sort: string) => void };

/** The heading of a column that a list can be sorted by; `down`: the first click shows the largest first. */
export function SortButton({ label, sort, down, now, onSort }: Props) {
  const active = sortOf(now, sort);
  const first = down ? `-${sort}` : sort;
  const second = down ? sort : `-${sort}`;
  return (
    <button
      type="button"
      onClick={() => onSort(now === first ? second : first)}
      className={`-mx-1 rounded px-1 py-0.5 hover:text-text ${active ? "text-text" : ""}`}
    >
      {label}
      {active && (
        <span aria-hidden="true" className="ml-1">
          {active === "descending" ? "↓" : "↑"}
        </span>
      )}
    </button>
  );
}

/** How a list sorted as `now` says is sorted by a column; undefined where by another. */
export function sortOf(now: string, sort: string | undefined): "ascending" | "descending" | undefined {
  if (sort === undefined || now.replace(/^-/, "") !== sort) return undefined;
  return now.startsWith("-") ? "descending" : "ascending";
}

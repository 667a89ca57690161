// biome-ignore-all lint/a11y/useSemanticElements: rows that are not in the document can't be in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells hold the links and buttons
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 767px)");

/** Whether the window is so narrow that tables become cards. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}

type Props<T> = {
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string | number;
  /** Height of each row, px; with `grows` no more than a guess, for rows that differ. */
  height: number;
  grows?: boolean;
  /** The cells of the heading; none above cards. */
  heading: ReactNode;
  children: (row: T) => ReactNode;
  /** Called when the last rows come into view. */
  onEnd?: (() => void) | undefined;
};

/** Rows of a list of any length under a heading that stays; only those in view are in the document. */
export function VirtualRows<T>({ label, rows, keyOf, height, grows = false, heading, children, onEnd }: Props<T>) {
  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setOffset((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    // What stands above may come later, or grow.
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    window.addEventListener("resize", measure);
    return () => {
      watcher.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: offset,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change their height with the form
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - 1) onEnd?.();
  }, [last, rows.length, onEnd]);
  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      {heading && (
        <div role="rowgroup" className="sticky top-0 z-10 rounded-t-lg border-b border-line bg-surface">
          {heading}
        </div>
      )}
      <div ref={list} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              data-index={item.index}
              {...(grows && { ref: virtual.measureElement })}
              className="absolute inset-x-0 top-0 border-b border-line last:border-b-0 hover:bg-hover"
              style={{
                ...(!grows && { height: item.size }),
                transform: `translateY(${item.start - virtual.options.scrollMargin}px)`,
              }}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

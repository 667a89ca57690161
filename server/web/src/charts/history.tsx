import { type ReactNode, useMemo } from "react";
import type { Range } from "../api/metrics.ts";
import { MetricChart } from "./metric-chart.tsx";
import type { ChartPanel } from "./panels.ts";
import { RangePicker, type RangeSearch, rangeOf } from "./range.tsx";

export type HistoryProps = {
  panels: readonly ChartPanel[];
  search: RangeSearch;
  onSearch: (search: RangeSearch) => void;
  /** For what changes over weeks: a week where the address names no range, and ranges up to a year. */
  long?: boolean;
  /** What stands before the charts, made with their range. */
  first?: (range: Range, onZoom: (from: number, to: number) => void) => ReactNode;
};

/** The history of one thing's values: a picker of the range and its charts. */
export default function History({ panels, search, onSearch, long = false, first }: HistoryProps) {
  const { range: name = long ? "7d" : undefined, from, to } = search;
  const range = useMemo<Range>(() => rangeOf({ range: name, from, to }), [name, from, to]);
  const zoom = (start: number, end: number) => onSearch({ from: String(start), to: String(end) });
  return (
    <section aria-label="History">
      <div className="mb-3 flex justify-end">
        <RangePicker long={long} search={{ range: name, from, to }} onChange={onSearch} />
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        {first?.(range, zoom)}
        {panels.map((panel) => (
          <MetricChart key={panel.key} panel={panel} range={range} onZoom={zoom} />
        ))}
      </div>
    </section>
  );
}

import { useMemo } from "react";
import type { DatabaseDetail } from "../../api/database-types.ts";
import type { Range } from "../../api/metrics.ts";
import { MetricChart } from "../../charts/metric-chart.tsx";
import { RangePicker, type RangeSearch, rangeOf } from "../../charts/range.tsx";
import { databasePanels } from "./panels.ts";

type Props = { database: DatabaseDetail; search: RangeSearch; onSearch: (search: RangeSearch) => void };

/** The history of a database's values. */
export default function Charts({ database, search, onSearch }: Props) {
  const { range: name, from, to } = search;
  const range = useMemo<Range>(() => rangeOf({ range: name, from, to }), [name, from, to]);
  // The charts' shape hangs on which values there are, not on the values.
  const known = Object.entries(database.latest?.values ?? {})
    .filter(([, value]) => value !== null)
    .map(([metric]) => metric)
    .join(" ");
  const panels = useMemo(
    () => databasePanels(database.id, database.engine, new Set(known.split(" "))),
    [database.id, database.engine, known],
  );
  return (
    <section aria-label="History">
      <div className="mb-3 flex justify-end">
        <RangePicker search={search} onChange={onSearch} />
      </div>
      <div className="grid gap-3 lg:grid-cols-2">
        {panels.map((panel) => (
          <MetricChart
            key={panel.key}
            panel={panel}
            range={range}
            onZoom={(start, end) => onSearch({ from: String(start), to: String(end) })}
          />
        ))}
      </div>
    </section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Range } from "../../api/metrics.ts";
import { resourcesQuery } from "../../api/queries.ts";
import type { Resource } from "../../api/types.ts";
import { MetricChart } from "../../charts/metric-chart.tsx";
import { serverPanels } from "../../charts/panels.ts";
import { RangePicker, type RangeSearch, rangeOf } from "../../charts/range.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Cores } from "./cores.tsx";
import { Filesystems } from "./filesystems.tsx";

type Props = { serverId: string; search: RangeSearch; onSearch: (search: RangeSearch) => void };

/** The overview: charts, cores and filesystems. */
export default function Charts({ serverId, search, onSearch }: Props) {
  const query = useQuery(resourcesQuery(serverId));
  return (
    <Loaded
      query={query}
      isEmpty={(resources) => resources.length === 0}
      empty={
        <div className="panel">
          <EmptyState title="Nothing has been reported yet">
            The first report comes seconds after the agent connects.
          </EmptyState>
        </div>
      }
    >
      {(resources) => <Overview resources={resources} search={search} onSearch={onSearch} />}
    </Loaded>
  );
}

function Overview(props: { resources: Resource[]; search: RangeSearch; onSearch: (search: RangeSearch) => void }) {
  const { resources, search, onSearch } = props;
  const { range: name, from, to } = search;
  const range = useMemo<Range>(() => rangeOf({ range: name, from, to }), [name, from, to]);
  const panels = useStable(serverPanels(resources));
  return (
    <>
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
        <Cores resources={resources} />
      </div>
      <Filesystems resources={resources} />
    </>
  );
}

/** The same object while its content is the same: resources change with every report, the charts' shape does not. */
function useStable<T>(value: T): T {
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value
  return useMemo(() => value, [text]);
}

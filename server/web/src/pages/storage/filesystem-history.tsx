import { useMemo } from "react";
import type { FilesystemDetail } from "../../api/storage-types.ts";
import History from "../../charts/history.tsx";
import { type Drawn, MetricChart } from "../../charts/metric-chart.tsx";
import type { ChartPanel } from "../../charts/panels.ts";
import type { RangeSearch } from "../../charts/range.tsx";
import { withForecast } from "./with-forecast.ts";

type Props = {
  filesystem: FilesystemDetail;
  search: RangeSearch;
  onSearch: (search: RangeSearch) => void;
};

/** The history of a filesystem's use, with what is to come. */
export default function FilesystemHistory({ filesystem, search, onSearch }: Props) {
  const { id, forecast, inodesUsedRatio, state } = filesystem;
  const hasInodes = inodesUsedRatio !== null;
  const space = useMemo<ChartPanel>(
    () => ({
      key: "filesystem-space",
      title: "Space",
      unit: "bytes",
      lines: [
        { label: "Used", colour: "--c2" },
        { label: "Full at", colour: "--c8", dash: true },
      ],
      wanted: [
        { id, kind: "filesystem", metric: "used_bytes" },
        { id, kind: "filesystem", metric: "available_bytes" },
      ],
    }),
    [id],
  );
  const { fullAt = null, bytesPerDay = null } = forecast ?? {};
  const extend = useMemo(
    () => (drawn: Drawn) => withForecast(drawn, { fullAt: fullAt === null ? null : Date.parse(fullAt), bytesPerDay }),
    [fullAt, bytesPerDay],
  );
  const inodes = useMemo<ChartPanel[]>(
    () =>
      hasInodes
        ? [
            {
              key: "filesystem-inodes",
              title: "Inodes",
              unit: "ratio",
              max: 1,
              lines: [{ label: "Used", colour: "--c5" }],
              wanted: [{ id, kind: "filesystem", metric: "inodes_used_ratio" }],
            },
          ]
        : [],
    [id, hasInodes],
  );
  // What does not answer has no forecast worth drawing.
  const isKnown = state !== "stuck";
  return (
    <History
      long
      panels={inodes}
      search={search}
      onSearch={onSearch}
      first={(range, zoom) => (
        <div className={hasInodes ? "" : "lg:col-span-2"}>
          <MetricChart
            panel={space}
            range={range}
            onZoom={zoom}
            extend={"last" in range && isKnown ? extend : fullLine}
          />
        </div>
      )}
    />
  );
}

const fullLine = (drawn: Drawn) => withForecast(drawn, { fullAt: null, bytesPerDay: null });

import { useEffect, useMemo, useRef, useState } from "react";
import { type Range, resolutionText, useMetrics } from "../api/metrics.ts";
import { ErrorState } from "../ui/states.tsx";
import { type Aligned, align } from "./align.ts";
import { Chart, type Line } from "./chart.tsx";
import type { ChartPanel } from "./panels.ts";

/** What is about to be drawn. */
export type Drawn = Aligned & { lines: readonly Line[]; span: [number, number]; present?: number };

type Props = {
  panel: ChartPanel;
  range: Range;
  onZoom?: (from: number, to: number) => void;
  height?: number;
  /** Draws more than what was measured: what is expected. Must be the same function while it does the same. */
  extend?: ((drawn: Drawn) => Drawn) | undefined;
};

/** A chart with its data; asks once it is near the screen. */
export function MetricChart({ panel, range, onZoom, height = 148, extend }: Props) {
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  const query = useMetrics(panel.wanted, range, near);
  const aligned = useMemo(() => {
    if (!query.data) return null;
    // The answer may leave out a series without samples: each line finds its own.
    const found = panel.wanted.map((one) =>
      query.data?.series.find((s) => s.resourceId === one.id && s.metric === one.metric),
    );
    const empty = { resourceId: 0, serverId: "", kind: "", key: "", metric: "", unit: "", at: [], avg: [] };
    // Live: values of each second follow stored ones that are an interval apart.
    return align(
      found.map((series) => series ?? empty),
      "live" in range ? 35_000 : 0,
    );
  }, [query.data, panel.wanted, range]);
  const span = useMemo<[number, number]>(() => (query.data ? [query.data.from, query.data.to] : [0, 1]), [query.data]);
  const drawn = useMemo(() => {
    if (!aligned) return null;
    const measured: Drawn = { ...aligned, lines: panel.lines, span };
    return extend ? extend(measured) : measured;
  }, [aligned, panel.lines, span, extend]);
  const blank = aligned?.columns.every((column) => column.avg.every((value) => value === null));
  return (
    <section ref={box} className="panel min-w-0 p-3">
      <div className="mb-1 flex items-baseline gap-2">
        <h3 className="min-w-0 flex-1 font-medium">{panel.title}</h3>
        {query.data && query.data.resolution !== "raw" && (
          <span className="text-2xs text-muted">{resolutionText(query.data.resolution)}</span>
        )}
      </div>
      {query.error && !query.data ? (
        <div style={{ minHeight: height + 20 }}>
          <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : !drawn ? (
        <div
          {...(near && { role: "status", "aria-label": "Loading" })}
          className="skeleton"
          style={{ height: height + 20 }}
        />
      ) : blank ? (
        <div className="flex items-center justify-center text-muted" style={{ height: height + 20 }}>
          No samples in this span
        </div>
      ) : (
        <div className={query.isPlaceholderData ? "opacity-60" : ""}>
          <Chart
            label={panel.title}
            unit={panel.unit}
            lines={drawn.lines}
            at={drawn.at}
            columns={drawn.columns}
            span={drawn.span}
            present={drawn.present}
            stacked={panel.stacked ?? false}
            max={panel.max}
            height={height}
            onZoom={onZoom}
          />
        </div>
      )}
    </section>
  );
}

function useNear(box: React.RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setNear(true);
        watcher.disconnect();
      },
      { rootMargin: "300px" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [box]);
  return near;
}

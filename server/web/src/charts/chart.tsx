import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../app/theme.ts";
import { axisSteps, formatUnit, missing } from "../format/units.ts";
import { type Column, stack } from "./align.ts";
import { boundsOf, uplotOptions } from "./options.ts";

/** `dash`: a limit or what is expected, not what was measured. */
export type Line = { label: string; colour: string; dash?: true | undefined };

type Props = {
  label: string;
  unit: string;
  lines: readonly Line[];
  /** Unix ms. */
  at: readonly number[];
  columns: readonly Column[];
  span: [number, number];
  stacked?: boolean;
  /** Upper end of the axis where it is fixed, such as 1 for a share. */
  max?: number | undefined;
  height?: number;
  /** Index of the newest measured point, where others follow that are expected. */
  present?: number | undefined;
  onZoom?: ((from: number, to: number) => void) | undefined;
};

/** One uPlot chart with its legend. The cursor is shared by all charts of the page; dragging picks a span. */
export function Chart(props: Props) {
  const { unit, lines, at, columns, span, stacked = false, max, height = 148 } = props;
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const zoom = useRef(props.onZoom);
  zoom.current = props.onZoom;
  const [hovered, setHovered] = useState<number | null>(null);

  const banded = !stacked && lines.length <= 4 && columns.some((column) => column.min && column.max);
  const data = useMemo(() => toData(at, columns, stacked, banded), [at, columns, stacked, banded]);
  const shape = JSON.stringify([unit, lines, stacked, banded, max, height, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: shape stands for everything that needs a new plot
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const options = uplotOptions({
      unit,
      colours: lines.map((line) => line.colour),
      dashed: lines.map((line) => line.dash === true),
      stacked,
      banded,
      max,
      width: element.clientWidth || 300,
      height,
      steps: axisSteps(unit),
      onHover: setHovered,
      onZoom: (from, to) => zoom.current?.(from, to),
    });
    const made = new uPlot(options, data, element);
    made.setScale("x", { min: span[0] / 1000, max: span[1] / 1000 });
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth || 300, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(data, false);
    plot.current?.setScale("x", { min: span[0] / 1000, max: span[1] / 1000 });
  }, [data, span]);

  const shown = hovered ?? props.present ?? lastIndex(columns);
  return (
    <figure className="min-w-0">
      <div ref={box} role="img" aria-label={describe(props)} style={{ height }} className="w-full min-w-0" />
      <figcaption className="flex flex-wrap gap-x-3 gap-y-0.5 px-1 pt-1 text-2xs text-muted">
        {lines.map((line, i) => (
          <span key={line.label} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <span aria-hidden="true" className="h-2 w-2 rounded-sm" style={{ background: `var(${line.colour})` }} />
            {line.label}
            <span className="text-text">{formatUnit(unit, columns[i]?.avg[shown])}</span>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function toData(
  at: readonly number[],
  columns: readonly Column[],
  stacked: boolean,
  banded: boolean,
): uPlot.AlignedData {
  const averages = columns.map((column) => column.avg);
  const shown = stacked ? stack(averages) : averages;
  const bands = banded ? columns.flatMap((column) => [column.max ?? column.avg, column.min ?? column.avg]) : [];
  return [at.map((time) => time / 1000), ...shown, ...bands] as uPlot.AlignedData;
}

function lastIndex(columns: readonly Column[]): number {
  let last = -1;
  for (const column of columns)
    last = Math.max(
      last,
      column.avg.findLastIndex((value) => value !== null),
    );
  return last;
}

/** What a chart shows, in words: each line's present value and range. */
function describe({ label, unit, lines, columns, present }: Props): string {
  const last = present ?? lastIndex(columns);
  const parts = lines.map((line, i) => {
    const [low, high] = boundsOf(columns[i]?.avg ?? []);
    const range = low === null ? missing : `${formatUnit(unit, low)} to ${formatUnit(unit, high)}`;
    return `${line.label} now ${formatUnit(unit, columns[i]?.avg[last])}, ${range}`;
  });
  return `${label}: ${parts.slice(0, 8).join("; ")}`;
}

import type uPlot from "uplot";
import { formatUnit } from "../format/units.ts";

type Wish = {
  unit: string;
  /** Names of CSS variables. */
  colours: readonly string[];
  dashed: readonly boolean[];
  stacked: boolean;
  banded: boolean;
  max: number | undefined;
  width: number;
  height: number;
  steps: number[];
  onHover: (index: number | null) => void;
  onZoom: (from: number, to: number) => void;
};

/** Lowest and highest value that is there. */
export function boundsOf(values: readonly (number | null)[]): [number | null, number | null] {
  let low: number | null = null;
  let high: number | null = null;
  for (const value of values) {
    if (value === null) continue;
    if (low === null || value < low) low = value;
    if (high === null || value > high) high = value;
  }
  return [low, high];
}

/** Options of one chart; series come first, then (max, min) of each where a band is drawn. */
export function uplotOptions(wish: Wish): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const alpha = (colour: string, share: number) =>
    `${colour}${Math.round(share * 255)
      .toString(16)
      .padStart(2, "0")}`;
  const colours = wish.colours.map(read);
  const font = `11px ${style.getPropertyValue("--font-sans") || "system-ui, sans-serif"}`;
  const axis: uPlot.Axis = {
    stroke: read("--muted"),
    font,
    grid: { stroke: read("--grid"), width: 1 },
    ticks: { show: false },
  };
  // A limit beside the only line does not make it one of several.
  const single = colours.filter((_, i) => !wish.dashed[i]).length === 1;
  const series: uPlot.Series[] = colours.map((colour, i) => ({
    stroke: colour,
    width: wish.stacked ? 1 : 1.5,
    // A value between two gaps has no line to show it: a drive's first, or one of a probe that failed before and after.
    points: { show: false, size: 4, fill: colour, filter: lonePoints },
    spanGaps: false,
    ...(wish.dashed[i] && { dash: [5, 4] }),
    ...(wish.stacked && { fill: alpha(colour, 0.55) }),
    ...(single && !wish.dashed[i] && !wish.stacked && !wish.banded && { fill: alpha(colour, 0.12) }),
  }));
  const bands: uPlot.Band[] = [];
  if (wish.stacked) {
    for (let i = colours.length; i > 1; i--) bands.push({ series: [i, i - 1] });
  }
  if (wish.banded) {
    for (const [i, colour] of colours.entries()) {
      const high = colours.length + 1 + i * 2;
      series.push({ stroke: "transparent", width: 0, points: { show: false } });
      series.push({ stroke: "transparent", width: 0, points: { show: false } });
      bands.push({ series: [high, high + 1], fill: alpha(colour, 0.2) });
    }
  }
  return {
    width: wish.width,
    height: wish.height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "fairlead" },
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      y: false,
    },
    scales: {
      x: { time: true, auto: false },
      y: { range: (_plot, _low, high) => yRange(high, wish) },
    },
    axes: [
      { ...axis, size: 24, gap: 4, space: 64, values: timeLabels },
      {
        ...axis,
        size: 62,
        gap: 4,
        space: 30,
        incrs: wish.steps,
        values: (_plot, ticks) => ticks.map((tick) => formatUnit(wish.unit, tick)),
      },
    ],
    series: [{}, ...series],
    bands,
    hooks: {
      setCursor: [(plot) => wish.onHover(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 6) return;
          const from = plot.posToVal(plot.select.left, "x") * 1000;
          const to = plot.posToVal(plot.select.left + plot.select.width, "x") * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (to - from >= 10_000) wish.onZoom(Math.round(from), Math.round(to));
        },
      ],
    },
  };
}

function lonePoints(plot: uPlot, series: number): number[] | null {
  const lone = lonePlaces(plot.data[series] ?? []);
  return lone.length === 0 ? null : lone;
}

/** Places of values without a neighbour on either side. */
export function lonePlaces(values: ArrayLike<number | null | undefined>): number[] {
  const isThere = (place: number) => values[place] !== null && values[place] !== undefined;
  return Array.from(values, (_, place) => place).filter(
    (place) => isThere(place) && !isThere(place - 1) && !isThere(place + 1),
  );
}

/** Axes start at zero and never shrink to noise: an idle network stays flat at the bottom. */
function yRange(high: number | null, wish: Wish): [number, number] {
  const least =
    { ratio: 0.02, bytes: 1024, bytes_per_second: 1024, seconds: 0.001, celsius: 50 }[wish.unit as string] ?? 1;
  if (wish.max !== undefined) return [0, Math.max(wish.max, 0)];
  return [0, Math.max((high ?? 0) * 1.08, least)];
}

const two = (value: number) => String(value).padStart(2, "0");

/** 24-hour labels: seconds for short spans, the date where a day begins or a month is shown. */
function timeLabels(_plot: uPlot, ticks: number[], _axis: number, _space: number, step: number): string[] {
  return ticks.map((tick) => {
    const time = new Date(tick * 1000);
    const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
    if (step < 60) return `${clock}:${two(time.getSeconds())}`;
    const day = `${time.getDate()} ${time.toLocaleString(undefined, { month: "short" })}`;
    return step >= 86_400 || clock === "00:00" ? day : clock;
  });
}

import type { Drawn } from "../../charts/metric-chart.tsx";

const dayMs = 86_400_000;
const steps = 24;

/**
 * Makes used and available bytes into used ones and the line at which it is full, and goes on with what is expected: up to
 * the day it is full, at most as far ahead as the chart looks back. Without growth only the line is drawn.
 */
export function withForecast(drawn: Drawn, forecast: { fullAt: number | null; bytesPerDay: number | null }): Drawn {
  const [used, available] = drawn.columns;
  if (used === undefined || available === undefined) return drawn;
  const full = used.avg.map((value, i) => sum(value, available.avg[i] ?? null));
  const columns = [plain(used.avg), plain(full)];
  const present = used.avg.findLastIndex((value) => value !== null);
  const measured: Drawn = { ...drawn, columns };
  const { fullAt, bytesPerDay } = forecast;
  const [begin, now] = [used.avg[present] ?? null, drawn.at[present]];
  if (fullAt === null || begin === null || now === undefined || fullAt <= now) return measured;
  const limit = full[present] ?? null;
  // The forecast's own end: to it the line goes, whatever the rate was rounded to.
  const perMs = limit === null ? (bytesPerDay ?? 0) / dayMs : (limit - begin) / (fullAt - now);
  const until = Math.min(fullAt, now + (drawn.span[1] - drawn.span[0]));
  const ahead = Array.from({ length: steps }, (_, i) => now + ((until - now) * (i + 1)) / steps);
  const blank = <T>(value: T) => ahead.map(() => value);
  const expected = [
    ...used.avg.map((_, i) => (i === present ? begin : null)),
    ...ahead.map((time) => begin + (time - now) * perMs),
  ];
  // Points after the newest measured one (none, as a rule) would stand between: they are left out.
  const cut = <T>(values: readonly T[]) => values.slice(0, present + 1);
  return {
    at: [...cut(drawn.at), ...ahead],
    columns: [
      plain([...cut(used.avg), ...blank(null)]),
      plain([...cut(full), ...blank(limit)]),
      plain([...cut(expected), ...expected.slice(used.avg.length)]),
    ],
    lines: [...drawn.lines, { label: "Expected", colour: "--c3", dash: true }],
    span: [drawn.span[0], Math.max(drawn.span[1], until)],
    present,
  };
}

function plain(avg: (number | null)[]) {
  return { avg, min: null, max: null };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

import { levelsOf, type SpaceSeries, stepsOf, withoutSteps } from "./space.ts";
import { type Line, robustLine } from "./trend.ts";

/** When something is full or worn out. Times in Unix ms; `rate` in its own unit a second. */
export type Forecast = {
  /** null: not in sight, `reason` says why. */
  fullAt: number | null;
  /** 0 to 1: how well the times looked at agree, and how long they are beside the time that is left. */
  confidence: number;
  rate: number | null;
  /** The time that it was read from: "7 d". */
  basis: string;
  reason: string;
};

/** What days and weeks tell; small, to be kept while only the last day is read again. */
export type LongTrend = {
  /** Length of the history, seconds. */
  seconds: number;
  /** Of the last 7 and 30 days; null where there is too little. */
  week: Trend | null;
  month: Trend | null;
  /** Growth comes in steps (a backup each night): shorter times than these can't see it. */
  staircase: boolean;
  /** It fills and is emptied again and again. `peak`: the highest level (see space.ts); `slope` of the peaks. */
  cycle: { peak: number; span: number; slope: number; fit: number; periodSeconds: number } | null;
};

/** Bytes a second (0 where it does not differ from noise), 0 to 1 how straight, and over how many seconds. */
export type Trend = { slope: number; fit: number; seconds: number };

const hour = 3600;
const day = 24 * hour;
const leastSeconds = 3 * hour;
/** Beyond it a forecast is no news. */
const horizonSeconds = 2 * 365 * day;

/** What the long history (one point every 2 hours, at most 30 days) tells. */
export function readLong(series: SpaceSeries): LongTrend {
  const { at } = series;
  const levels = levelsOf(series);
  const size = sizeOf(series);
  const seconds = spanOf(at);
  const steps = stepsOf(levels, size);
  const drops = steps.filter((step) => step.bytes < 0);
  const rises = steps.filter((step) => step.bytes > 0);
  const cycle =
    drops.length >= 2
      ? cycleOf(
          at,
          levels,
          drops.map((drop) => drop.from),
        )
      : null;
  const staircase = rises.length >= 3;
  // What happened once says nothing about the future; what comes again and again is how it grows or shrinks.
  const single = [...(drops.length === 1 ? drops : []), ...(rises.length === 1 ? rises : [])];
  const smooth = withoutSteps(levels, single);
  return {
    seconds,
    week: trendOf(at, smooth, 7 * day, size),
    month: trendOf(at, smooth, 30 * day, size),
    staircase,
    cycle,
  };
}

/**
 * When the space is used up. `recent`: one point every 15 minutes over at most a day, the newest sample last; `long`:
 * what `readLong` made of the history, null without any.
 */
export function forecastSpace(recent: SpaceSeries, long: LongTrend | null): Forecast {
  const available = recent.available.at(-1);
  const end = recent.at.at(-1);
  if (available === undefined || end === undefined) return none("no data");
  const size = sizeOf(recent);
  if (!(size > 0)) return none("it has no size");
  if (available <= size * 0.0005) return { fullAt: end, confidence: 1, rate: null, basis: "now", reason: "it is full" };
  const history = Math.max(spanOf(recent.at), long?.seconds ?? 0);
  if (history < leastSeconds)
    return none(`too little history: ${duration(history)}, needs ${duration(leastSeconds)}`, history);
  const levels = levelsOf(recent);
  const steps = stepsOf(levels, size);
  const rises = steps.filter((step) => step.bytes > 0);
  const smooth = withoutSteps(levels, rises.length === 1 ? rises : []);
  const short = {
    hours: trendOf(recent.at, smooth, 6 * hour, size),
    day: trendOf(recent.at, smooth, day, size),
  };
  if (long?.cycle !== undefined && long.cycle !== null && long.seconds >= 2 * long.cycle.periodSeconds)
    return forecastCycle(long, long.cycle, { ...short, level: -available, end });
  const emptied = steps.some((step) => step.bytes < 0);
  return combine(candidates(short, long), { available, end, history, uncertain: emptied && history < 3 * day });
}

/** When a ratio that rises over weeks (wear) reaches 1. `lifeSeconds`: how long it took to get where it is. */
export function forecastWear(at: readonly number[], ratio: readonly number[], lifeSeconds: number | null): Forecast {
  const now = ratio.at(-1);
  const end = at.at(-1);
  if (now === undefined || end === undefined) return none("no data");
  if (now >= 1) return { fullAt: end, confidence: 1, rate: null, basis: "now", reason: "it is worn out" };
  if (now <= 0) return none("no wear yet");
  const line = robustLine(at, ratio);
  // Drives count whole per cents: a slope needs some of them.
  const risen = now - Math.min(...ratio);
  const observed = line !== undefined && line.slope > 0 && risen >= 0.03 && line.seconds >= 14 * day ? line : undefined;
  const overLife = lifeSeconds !== null && lifeSeconds >= 30 * day ? now / lifeSeconds : null;
  if (observed === undefined && overLife === null)
    return none(`too little history: ${duration(spanOf(at))} and ${round(risen * 100)} % of wear seen in it`);
  const rate = observed?.slope ?? overLife ?? 0;
  const left = (1 - now) / rate;
  if (left > 20 * 365 * day) return none("more than 20 years", spanOf(at), rate);
  const agree = observed !== undefined && overLife !== null ? closeness(observed.slope, overLife) : 0.7;
  const confidence =
    observed !== undefined
      ? clamp(observed.fit * (0.6 + 0.4 * agree) * reach(observed.seconds, left))
      : // Of a drive that is hardly used a per cent is a coarse measure.
        clamp(0.6 * Math.min(1, now / 0.05));
  return {
    fullAt: end + left * 1000,
    confidence,
    rate,
    basis: observed !== undefined ? duration(observed.seconds) : `its life of ${duration(lifeSeconds ?? 0)}`,
    reason: "",
  };
}

/** Which way a value goes over weeks, by second; null where there are less than 3 days of it. */
export function slowTrend(
  at: readonly number[],
  value: readonly number[],
): { rate: number; confidence: number; basis: string } | null {
  const line = robustLine(at, value);
  if (line === undefined || line.seconds < 3 * day) return null;
  const real = Math.abs(line.slope) * line.seconds > line.residual;
  return {
    rate: real ? line.slope : 0,
    confidence: clamp((real ? Math.max(line.fit, 0.3) : 0.5) * Math.min(1, line.seconds / (14 * day))),
    basis: duration(line.seconds),
  };
}

type Short = { hours: Trend | null; day: Trend | null };
type Candidate = Trend & { weight: number };

function candidates(short: Short, long: LongTrend | null): Candidate[] {
  const hidden = long?.staircase === true;
  const all: [Trend | null | undefined, number][] = [
    [hidden ? null : short.hours, 1],
    [hidden ? null : short.day, 2],
    [long?.week, 3],
    [long?.month, 2],
  ];
  return all.flatMap(([trend, weight]) => (trend === null || trend === undefined ? [] : [{ ...trend, weight }]));
}

function combine(
  all: readonly Candidate[],
  about: { available: number; end: number; history: number; uncertain: boolean },
): Forecast {
  const { available, end, history, uncertain } = about;
  if (all.length === 0) return none(`too little history: ${duration(history)}`, history);
  const turned = turnOf(all);
  const rate = turned ?? weightedMedian(all);
  if (rate <= 0) return none(rate < 0 ? "it shrinks" : "it does not grow", history, rate);
  const left = available / rate;
  if (left > horizonSeconds) return none("more than 2 years", history, rate);
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const agreeing = all.filter(({ slope }) => slope > 0 && slope / rate > 0.6 && slope / rate < 1.7);
  const weight = agreeing.reduce((sum, each) => sum + each.weight, 0);
  const fit = agreeing.reduce((sum, each) => sum + each.fit * each.weight, 0) / Math.max(weight, 1e-9);
  const longest = Math.max(0, ...agreeing.map(({ seconds }) => seconds));
  const agreement = turned === null ? weight / total : Math.max(weight / total, 0.75);
  let confidence = agreement * fit * reach(longest, left);
  // Before a whole day has passed nobody knows what each night does.
  if (history < 0.9 * day) confidence = Math.min(confidence, 0.5);
  if (uncertain) confidence = Math.min(confidence, 0.4);
  return {
    fullAt: end + left * 1000,
    confidence: clamp(confidence),
    rate,
    basis: duration(longest === 0 ? history : longest),
    reason: "",
  };
}

/** Growth that began or sped up within the week: a whole day and the last hours agree on it. Null otherwise. */
function turnOf(all: readonly Candidate[]): number | null {
  const [hours, whole, week] = [1, 2, 3].map((weight) => all.find((each) => each.weight === weight));
  if (hours === undefined || whole === undefined || week === undefined) return null;
  const steady = whole.fit >= 0.75 && hours.slope > 0 && closeness(hours.slope, whole.slope) >= 0.5;
  return steady && whole.slope > 0 && whole.slope > 2 * week.slope ? whole.slope : null;
}

/** Of something that is emptied again and again the peaks count, unless it left the cycle at the top. */
function forecastCycle(
  long: LongTrend,
  cycle: NonNullable<LongTrend["cycle"]>,
  now: Short & { level: number; end: number },
): Forecast {
  const above = now.level - cycle.peak;
  if (above > 0.1 * cycle.span && now.hours !== null && now.day !== null) {
    const out = Math.min(now.hours.slope, now.day.slope);
    if (out > 0 && closeness(now.hours.slope, now.day.slope) >= 0.4) {
      const left = -now.level / out;
      const confidence = clamp(0.8 * Math.min(now.day.fit, 1) * reach(now.day.seconds, left));
      return { fullAt: now.end + left * 1000, confidence, rate: out, basis: "1 d", reason: "" };
    }
  }
  const calm = `it is emptied every ${duration(cycle.periodSeconds)}`;
  if (cycle.slope <= 0) return none(calm, long.seconds, cycle.slope);
  const left = -Math.max(cycle.peak, now.level) / cycle.slope;
  if (left > horizonSeconds) return none(calm, long.seconds, cycle.slope);
  const confidence = clamp(cycle.fit * 0.8 * reach(long.seconds, left));
  return { fullAt: now.end + left * 1000, confidence, rate: cycle.slope, basis: duration(long.seconds), reason: "" };
}

function cycleOf(at: readonly number[], levels: readonly number[], drops: readonly number[]): LongTrend["cycle"] {
  const times = drops.map((i) => at[i] as number);
  const peaks = drops.map((i) => levels[i] as number);
  const gaps = times.slice(1).map((time, i) => (time - (times[i] as number)) / 1000);
  const peak = Math.max(...peaks);
  const span = Math.max(...levels) - Math.min(...levels);
  const line = peaks.length >= 3 ? robustLine(times, peaks) : undefined;
  const rises =
    line !== undefined && line.slope > 0 && line.slope * line.seconds > Math.max(3 * line.residual, 0.1 * span);
  const periodSeconds = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return { peak, span, slope: rises ? line.slope : 0, fit: rises ? line.fit : 1, periodSeconds };
}

/** The trend of the last `seconds`; null where less than 60 % of them, or less than 8 points, are there. */
function trendOf(at: readonly number[], levels: readonly number[], seconds: number, size: number): Trend | null {
  const end = at.at(-1);
  if (end === undefined) return null;
  const first = at.findIndex((time) => time >= end - seconds * 1000 - 60_000);
  const times = at.slice(first);
  const line = times.length < 8 ? undefined : robustLine(times, levels.slice(first));
  if (line === undefined || line.seconds < 0.6 * seconds) return null;
  return { slope: isReal(line, size) ? line.slope : 0, fit: line.fit, seconds: line.seconds };
}

/** More than noise, and more than the precision with which sizes are stored. */
function isReal({ slope, residual, seconds }: Line, size: number): boolean {
  return Math.abs(slope) * seconds > Math.max(4 * residual, size * 2e-5);
}

function weightedMedian(all: readonly Candidate[]): number {
  const sorted = all.toSorted((a, b) => a.slope - b.slope);
  const half = all.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { slope, weight } of sorted) {
    sum += weight;
    if (sum > half) return slope;
  }
  return sorted.at(-1)?.slope ?? 0;
}

/** A time looked at tells of about three times as much to come. */
function reach(seconds: number, left: number): number {
  return left <= 0 ? 1 : Math.min(1, Math.sqrt((3 * seconds) / left));
}

/** 1 for equal rates, 0.5 where one is twice the other. */
function closeness(a: number, b: number): number {
  return a <= 0 || b <= 0 ? 0 : Math.min(a, b) / Math.max(a, b);
}

function sizeOf({ used, available }: SpaceSeries): number {
  return (used.at(-1) ?? 0) + (available.at(-1) ?? 0);
}

function spanOf(at: readonly number[]): number {
  const [first, last] = [at[0], at.at(-1)];
  return first === undefined || last === undefined ? 0 : (last - first) / 1000;
}

function none(reason: string, seconds = 0, rate: number | null = null): Forecast {
  return { fullAt: null, confidence: 0, rate, basis: seconds > 0 ? duration(seconds) : "", reason };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, Number.isNaN(value) ? 0 : value));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

/** "45 min", "6 h", "7 d" */
function duration(seconds: number): string {
  if (seconds < 2 * hour) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * day) return `${Math.round(seconds / hour)} h`;
  return `${Math.round(seconds / day)} d`;
}

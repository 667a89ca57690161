import { metricIndex } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import {
  type ForecastRow,
  type ForecastTarget,
  forecastTargets,
  saveForecasts,
} from "../../db/queries/storage-forecasts.ts";
import { type MeansOf, readMeans } from "../../db/queries/storage-history.ts";
import {
  type Forecast,
  forecastSpace,
  forecastWear,
  type LongTrend,
  readLong,
  slowTrend,
} from "../../domain/storage/forecast.ts";
import { finite, isObject } from "../../domain/storage/json.ts";
import type { SpaceSeries } from "../../domain/storage/space.ts";

type Needs = Pick<Context, "pool" | "db" | "samples" | "now">;

/** What is kept beside a forecast of space. Times in Unix ms. */
type SpaceState = { longAt: number; available: number; long: LongTrend | null };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The others wait while one batch is worked out. */
const batch = 100;
/** Long histories read in one run at most: after a start they come in turn. */
const mostLong = 5000;

const places = {
  filesystem: [metricIndex("filesystem", "used_bytes"), metricIndex("filesystem", "available_bytes")],
  pool: [metricIndex("pool", "used_bytes"), metricIndex("pool", "free_bytes")],
  drive: [
    metricIndex("drive", "wear_ratio"),
    metricIndex("drive", "temperature_celsius"),
    metricIndex("drive", "power_on_seconds"),
  ],
} as const;

/**
 * Forecasts whatever is due: what changed or is about to be full each time, the rest once an hour; weeks of history once
 * in six hours, drives once a day. Returns how many were made.
 */
export async function makeForecasts(
  context: Needs,
  signal: AbortSignal,
): Promise<{ space: number; long: number; drives: number }> {
  const now = context.now().getTime();
  const targets = await forecastTargets(context.db);
  const done = { space: 0, long: 0, drives: 0 };
  for (const kind of ["filesystem", "pool"] as const) {
    const due = targets.flatMap((target) => {
      if (target.kind !== kind) return [];
      const state = spaceState(target.state);
      const long = isLongDue(state, target.id, now);
      return long || isShortDue(context, target, state, now) ? [{ target, state, long }] : [];
    });
    for (let i = 0; i < due.length; i += batch) {
      signal.throwIfAborted();
      const part = due.slice(i, i + batch).map((each) => ({ ...each, long: each.long && done.long++ < mostLong }));
      done.space += await spaceBatch(context, kind, part, now);
    }
  }
  const drives = targets
    .filter((target) => target.kind === "drive" && isOlder(target, day - hour, now))
    .slice(0, mostLong);
  for (let i = 0; i < drives.length; i += batch) {
    signal.throwIfAborted();
    done.drives += await driveBatch(context, drives.slice(i, i + batch), now);
  }
  return { ...done, long: Math.min(done.long, mostLong) };
}

type Due = { target: ForecastTarget; state: SpaceState | null; long: boolean };

async function spaceBatch(
  context: Needs,
  kind: "filesystem" | "pool",
  due: readonly Due[],
  now: number,
): Promise<number> {
  const { pool, db, samples } = context;
  const metrics = places[kind];
  const ids = due.map(({ target }) => target.id);
  const long = due.flatMap((each) => (each.long ? [each.target.id] : []));
  const recent = await readMeans(pool, { ids, metrics, from: now - day, resolution: "15m" });
  const weeks = await readMeans(pool, { ids: long, metrics, from: now - 30 * day, resolution: "2h" });
  const rows = due.flatMap(({ target, state, long: readAgain }) => {
    const series = spaceSeries(recent.get(target.id), samples.newest(target.id), metrics, now);
    const available = series.available.at(-1);
    if (target.readOnly) return [toRow(target.id, "used_ratio", now, nothing("it is read-only"), null)];
    // What was said before is no longer true, or nothing was said yet.
    if (available === undefined)
      return target.computedAt === null ? [] : [toRow(target.id, "used_ratio", now, nothing("no data"), null)];
    const month = readAgain
      ? readLong(spaceSeries(weeks.get(target.id), undefined, metrics, now))
      : (state?.long ?? null);
    const next: SpaceState = { longAt: readAgain ? now : (state?.longAt ?? 0), available, long: month };
    return [toRow(target.id, "used_ratio", now, forecastSpace(series, month), next)];
  });
  await saveForecasts(db, rows);
  return rows.length;
}

async function driveBatch({ pool, db, samples }: Needs, due: readonly ForecastTarget[], now: number): Promise<number> {
  const ids = due.map(({ id }) => id);
  const history = await readMeans(pool, { ids, metrics: places.drive, from: now - 60 * day, resolution: "2h" });
  const [, , powerOn] = places.drive;
  const rows = due.flatMap(({ id }) => {
    const [wear, heat] = [pointsOf(history.get(id), 0), pointsOf(history.get(id), 1)];
    const life = samples.newest(id)?.values[powerOn] ?? pointsOf(history.get(id), 2).value.at(-1) ?? Number.NaN;
    const worn = forecastWear(wear.at, wear.value, Number.isNaN(life) ? null : life);
    const trend = slowTrend(heat.at, heat.value);
    const temperature: Forecast | null =
      trend === null
        ? null
        : { fullAt: null, confidence: trend.confidence, rate: trend.rate, basis: trend.basis, reason: "" };
    return [
      // A row in any case: it says when the drive was looked at.
      toRow(id, "wear_ratio", now, wear.at.length === 0 ? { ...worn, reason: "the drive tells no wear" } : worn, null),
      ...(temperature === null ? [] : [toRow(id, "temperature_celsius", now, temperature, null)]),
    ];
  });
  await saveForecasts(db, rows);
  return due.length;
}

function toRow(
  resourceId: number,
  metric: string,
  now: number,
  made: Forecast,
  state: unknown,
): ForecastRow & { state: unknown } {
  const { fullAt, confidence, rate, basis, reason } = made;
  return {
    resourceId,
    metric,
    computedAt: new Date(now),
    fullAt: fullAt === null ? null : new Date(fullAt),
    confidence,
    rate,
    basis,
    reason,
    state,
  };
}

function nothing(reason: string): Forecast {
  return { fullAt: null, confidence: 0, rate: null, basis: "", reason };
}

/** Used and available by time without gaps, the newest sample last. */
function spaceSeries(
  history: MeansOf | undefined,
  newest: Readonly<{ at: number; values: Float32Array }> | undefined,
  metrics: readonly number[],
  now: number,
): SpaceSeries {
  const series = { at: [] as number[], used: [] as number[], available: [] as number[] };
  const add = (at: number, used: number | undefined, available: number | undefined) => {
    if (used === undefined || available === undefined || Number.isNaN(used) || Number.isNaN(available)) return;
    series.at.push(at);
    series.used.push(used);
    series.available.push(available);
  };
  const [used, available] = history?.means ?? [];
  history?.at.forEach((at, i) => {
    add(at, used?.[i], available?.[i]);
  });
  const last = series.at.at(-1) ?? 0;
  if (newest !== undefined && newest.at > last && newest.at > now - hour)
    add(newest.at, newest.values[metrics[0] ?? -1], newest.values[metrics[1] ?? -1]);
  return series;
}

function pointsOf(history: MeansOf | undefined, metric: number): { at: number[]; value: number[] } {
  const found = { at: [] as number[], value: [] as number[] };
  const means = history?.means[metric];
  history?.at.forEach((at, i) => {
    const value = means?.[i];
    if (value === undefined || Number.isNaN(value)) return;
    found.at.push(at);
    found.value.push(value);
  });
  return found;
}

/** Spread by id, so that not all come at once. */
function isLongDue(state: SpaceState | null, id: number, now: number): boolean {
  return state === null || now - state.longAt >= 6 * hour - (id % 36) * minute;
}

function isShortDue({ samples }: Needs, target: ForecastTarget, state: SpaceState | null, now: number): boolean {
  if (state === null || isOlder(target, hour - (target.id % 6) * minute, now)) return true;
  if (target.fullAt !== null && target.fullAt.getTime() < now + 7 * day) return true;
  const values = samples.newest(target.id)?.values;
  const [used, available] =
    target.kind === "drive" ? [] : places[target.kind].map((place) => values?.[place] ?? Number.NaN);
  if (used === undefined || available === undefined) return false;
  return Math.abs(available - state.available) > 0.001 * (used + available);
}

function isOlder({ computedAt }: ForecastTarget, ms: number, now: number): boolean {
  return computedAt === null || now - computedAt.getTime() >= ms;
}

/** Our own rows, yet perhaps of an older version. */
function spaceState(value: unknown): SpaceState | null {
  if (!isObject(value)) return null;
  const { longAt, available, long } = value;
  if (finite(longAt) === null || finite(available) === null) return null;
  const known = isObject(long) && finite(long.seconds) !== null && "cycle" in long && "week" in long && "month" in long;
  return { longAt: known ? Number(longAt) : 0, available: Number(available), long: known ? (long as LongTrend) : null };
}

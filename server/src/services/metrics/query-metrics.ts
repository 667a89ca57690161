import { findKind, metricIndex, type Unit } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import { resourcesOf } from "../../db/queries/resources.ts";
import { chooseResolution, resolutionMs } from "../../domain/rollup/resolution.ts";
import { Failure, type FieldError } from "../../failure.ts";
import type { Resolution, Series } from "../../ingest/sample-store.ts";
import { readSeries } from "./read-series.ts";
import { reduceSeries } from "./reduce-series.ts";
import { parseTime } from "./time-range.ts";

export type MetricsQuery = {
  /** "RESOURCEID:METRIC" each. */
  series: readonly string[];
  from: string;
  to: string;
  resolution: Resolution | "auto";
  maxPoints?: number | undefined;
};

export type NamedSeries = {
  resourceId: number;
  serverId: string;
  kind: string;
  key: string;
  metric: string;
  unit: Unit;
  points: Series;
};

export type MetricsResult = { resolution: Resolution; from: number; to: number; series: NamedSeries[] };

const mostPoints = 1_000_000;

/** Reads several series at once. Throws a Failure that names each series or time that is wrong. */
export async function queryMetrics(context: Context, query: MetricsQuery): Promise<MetricsResult> {
  const now = context.now().getTime();
  const { from, to } = range(query, now);
  const wanted = await resolve(context, query.series);
  const { config } = context;
  const rawMs = Math.min(...wanted.map((one) => one.intervalMs));
  const resolution =
    query.resolution === "auto"
      ? chooseResolution(
          from,
          to,
          query.maxPoints ?? 1000,
          {
            raw: config.retentionRawDays,
            "1m": config.retention1mDays,
            "15m": config.retention15mDays,
            "2h": config.retention2hDays,
          },
          now,
          rawMs,
        )
      : query.resolution;
  const expected = (Math.max(0, Math.min(to, now) - from) / resolutionMs(resolution, rawMs)) * wanted.length;
  if (expected > mostPoints && query.resolution !== "auto") {
    const message = `would give about ${Math.round(expected)} points: take a coarser one or a shorter time`;
    throw new Failure("invalid", `resolution ${message}`, {
      fields: [{ field: "resolution", value: query.resolution, message }],
    });
  }
  const most = query.maxPoints ?? (query.resolution === "auto" ? 1000 : mostPoints);
  const series = await Promise.all(
    wanted.map(async ({ intervalMs: _, index, ...one }): Promise<NamedSeries> => {
      const wantedSeries = { resourceId: one.resourceId, metric: index, from, to, resolution };
      const points = await readSeries(context.samples, wantedSeries, now);
      return { ...one, points: reduceSeries(points, from, to, most) };
    }),
  );
  return { resolution, from, to, series };
}

function range(query: MetricsQuery, now: number): { from: number; to: number } {
  const fields: FieldError[] = [];
  const times = (["from", "to"] as const).map((field) => {
    const at = parseTime(query[field], now);
    const message = "must be ISO 8601, Unix milliseconds, now, or relative like -1h";
    if (at === undefined) fields.push({ field, value: query[field], message });
    return at ?? 0;
  });
  const [from = 0, to = 0] = times;
  if (fields.length === 0 && from >= to)
    fields.push({ field: "from", value: query.from, message: "must be before to" });
  const first = fields[0];
  if (first !== undefined) throw new Failure("invalid", `${first.field} ${first.message}`, { fields });
  return { from, to };
}

async function resolve(context: Context, names: readonly string[]) {
  const fields: FieldError[] = [];
  const wrong = (value: string, message: string) => void fields.push({ field: "series", value, message });
  const asked = [...new Set(names)].map((name) => {
    const match = /^(\d{1,9}):(\w+)$/.exec(name);
    if (match === null) wrong(name, "must read RESOURCEID:METRIC, like 12:cpu_usage_ratio");
    return { name, id: Number(match?.[1]), metric: match?.[2] ?? "" };
  });
  const ids = asked.map((one) => one.id).filter((id) => !Number.isNaN(id));
  const rows = new Map((await resourcesOf(context.db, ids)).map((row) => [row.id, row]));
  const found = asked.flatMap(({ name, id, metric }) => {
    if (metric === "") return [];
    const row = rows.get(id);
    if (row === undefined) {
      wrong(name, `there is no resource ${id}`);
      return [];
    }
    const index = metricIndex(row.kind, metric);
    const known = findKind(row.kind)?.metrics ?? [];
    const unit = known[index]?.unit;
    if (unit === undefined) {
      wrong(name, `a ${row.kind} has no metric ${metric}: it has ${known.map((m) => m.name).join(", ")}`);
      return [];
    }
    const { server_id: serverId, kind, key } = row;
    return [{ resourceId: id, serverId, kind, key, metric, unit, index, intervalMs: row.interval_seconds * 1000 }];
  });
  const first = fields[0];
  if (first !== undefined) throw new Failure("invalid", `series ${first.value}: ${first.message}`, { fields });
  return found;
}

import { tidy } from "../resource/latest-values.ts";
import type { MetricsResult, NamedSeries } from "./query-metrics.ts";

/** The result as JSON text, written by hand: typed arrays would have to become plain ones first. */
export function metricsJson(result: MetricsResult): string {
  const { resolution, from, to } = result;
  const head = JSON.stringify({ resolution, from: new Date(from), to: new Date(to) }).slice(0, -1);
  return `${head},"series":[${result.series.map((one) => seriesJson(one, resolution === "raw")).join(",")}]}`;
}

/** Raw samples that were not reduced have no extremes of their own. */
function seriesJson({ points, ...named }: NamedSeries, raw: boolean): string {
  const head = JSON.stringify(named).slice(0, -1);
  const same = raw && points.count.every((count) => count <= 1);
  const min = same ? "[]" : valuesJson(points.min);
  const max = same ? "[]" : valuesJson(points.max);
  return `${head},"at":[${points.at.join(",")}],"min":${min},"avg":${valuesJson(points.avg)},"max":${max}}`;
}

/** Floats as JSON numbers, null where missing. */
export function valuesJson(values: Float32Array): string {
  let text = "[";
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (i > 0) text += ",";
    text += Number.isFinite(value) ? tidy(value) : "null";
  }
  return `${text}]`;
}

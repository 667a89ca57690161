import { findKind, metricIndex } from "@fairlead/shared/catalogue";

export type Newest = { at: number; values: Float32Array };

/** One metric of a resource's newest values; null where missing. */
export function metricOf(kind: string, metric: string, newest: Newest | undefined): number | null {
  const value = newest?.values[metricIndex(kind, metric)];
  return value === undefined || Number.isNaN(value) ? null : tidy(value);
}

/** A resource's newest values by metric name; null where missing. */
export function namedValues(
  kind: string,
  newest: Newest | undefined,
): { at: Date; values: Record<string, number | null> } | null {
  if (newest === undefined) return null;
  const metrics = findKind(kind)?.metrics ?? [];
  const values = Object.fromEntries(
    metrics.map(({ name }, i) => {
      const value = newest.values[i];
      return [name, value === undefined || Number.isNaN(value) ? null : tidy(value)];
    }),
  );
  return { at: new Date(newest.at), values };
}

/** A float32 without the digits that only its conversion to a double brought. */
export function tidy(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(7));
}

import { findKind, metricIndex } from "@fairlead/shared/catalogue";

export type Newest = { at: number; values: Float32Array };

/** One metric of a resource's newest values; null where missing. */
export function metricOf(kind: string, metric: string, newest: Newest | undefined): number | null {
  return valueAt(newest, metricIndex(kind, metric));
}

/** The value at that place of the catalogue's order; null where missing. */
export function valueAt(newest: Newest | undefined, index: number): number | null {
  const value = newest?.values[index];
  return value === undefined || Number.isNaN(value) ? null : tidy(value);
}

/** A resource's newest values by metric name; null where missing. */
export function namedValues(
  kind: string,
  newest: Newest | undefined,
): { at: Date; values: Record<string, number | null> } | null {
  if (newest === undefined) return null;
  const values: Record<string, number | null> = {};
  (findKind(kind)?.metrics ?? []).forEach(({ name }, i) => {
    values[name] = valueAt(newest, i);
  });
  return { at: new Date(newest.at), values };
}

/** When a resource was last seen: its newest sample, or what the database says of one that sends none. */
export function lastSeen(stored: Date, newest: Newest | undefined): Date {
  return newest === undefined || newest.at <= stored.getTime() ? stored : new Date(newest.at);
}

const powers = Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));

/**
 * A float32 without the digits that only its conversion to a double brought: seven significant ones. Where powers of ten
 * are exact this is arithmetic, several times faster than text.
 */
export function tidy(value: number): number {
  if (Number.isInteger(value)) return value;
  const size = Math.abs(value);
  if (!(size >= 1e-8 && size < 1e7)) return Number(value.toPrecision(7));
  let exponent = 0;
  if (size >= 1) while (power(exponent + 1) <= size) exponent++;
  else
    do exponent--;
    while (size * power(-exponent) < 1);
  const scale = power(6 - exponent);
  const rounded = Math.round(size * scale) / scale;
  return value < 0 ? -rounded : rounded;
}

function power(exponent: number): number {
  return powers[exponent] ?? Number.NaN;
}

import { findKind, type KindName, kindNames } from "@fairlead/shared/catalogue";
import { roundTo16Bits } from "@fairlead/shared/report-codec";

const exactByKind = new Map<KindName, readonly boolean[]>(
  kindNames.map((kind) => [kind, (findKind(kind)?.metrics ?? []).map((metric) => metric.exact === true)]),
);

/** Room for the values of one resource of that kind, all missing. */
export function blankReport(kind: KindName): Float32Array {
  return new Float32Array(exactByKind.get(kind)?.length ?? 0).fill(Number.NaN);
}

/**
 * Puts what is present in `from` into `into`, as reports carry it: float32, rounded to 16 bits unless the catalogue calls
 * the metric exact. Missing and infinite values leave `into` as it is.
 */
export function quantiseInto(kind: KindName, from: ArrayLike<number>, into: Float32Array): void {
  const exact = exactByKind.get(kind) ?? [];
  const count = Math.min(from.length, into.length);
  for (let i = 0; i < count; i++) {
    const value = from[i] as number;
    if (!Number.isFinite(value)) continue;
    const kept = exact[i] ? Math.fround(value) : roundTo16Bits(value);
    if (Number.isFinite(kept)) into[i] = kept;
  }
}

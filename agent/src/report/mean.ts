import type { Reading } from "../collectors/collector.ts";
import { exactOf } from "./entry.ts";
import { resourceId } from "./resource-table.ts";

type Sums = { sum: Float64Array; count: Uint32Array };

/**
 * Collects the readings of live passes, so that the stored report that follows tells of the whole time since the one
 * before it: measured values become their mean, exact ones (counts, sizes, flags) stay the newest.
 */
export class LiveMean {
  readonly #sums = new Map<string, Sums>();

  add(readings: readonly Reading[]): void {
    for (const { kind, key, values } of readings) {
      const id = resourceId(kind, key);
      let sums = this.#sums.get(id);
      if (sums === undefined) {
        sums = { sum: new Float64Array(values.length), count: new Uint32Array(values.length) };
        this.#sums.set(id, sums);
      }
      for (let i = 0; i < sums.sum.length; i++) {
        const value = values[i];
        if (value === undefined || !Number.isFinite(value)) continue;
        sums.sum[i] = (sums.sum[i] as number) + value;
        sums.count[i] = (sums.count[i] as number) + 1;
      }
    }
  }

  /** The readings with means over themselves and all added before; begins anew. */
  take(readings: readonly Reading[]): Reading[] {
    if (this.#sums.size === 0) return [...readings];
    this.add(readings);
    const out = readings.map((reading) => {
      const sums = this.#sums.get(resourceId(reading.kind, reading.key));
      if (sums === undefined) return reading;
      const exact = exactOf(reading.kind);
      const values = Float64Array.from(reading.values, (value, i) =>
        exact[i] === 1 || Number.isNaN(value) || (sums.count[i] ?? 0) === 0
          ? value
          : (sums.sum[i] as number) / (sums.count[i] as number),
      );
      return { ...reading, values };
    });
    this.#sums.clear();
    return out;
  }
}

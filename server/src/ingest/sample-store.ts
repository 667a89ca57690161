/** One resource's values at one time, in catalogue order, NaN = missing. */
export type SampleRow = { resourceId: number; at: number; values: Float32Array };

export type Resolution = "raw" | "1m" | "15m" | "2h";

/** A series of one metric: parallel arrays, times in Unix ms ascending, NaN = missing. For raw, min = avg = max. */
export type Series = { at: Float64Array; min: Float32Array; avg: Float32Array; max: Float32Array; count: Int32Array };

/** Where samples live. PostgreSQL today; a time series database can stand behind the same calls. */
export type SampleStore = {
  /** Reads metric number `metric` of the resource for from <= at < to (Unix ms). */
  read(query: {
    resourceId: number;
    metric: number;
    from: number;
    to: number;
    resolution: Resolution;
  }): Promise<Series>;
  /** The newest values of each of these resources, from memory where known; absent where none were seen. */
  latest(resourceIds: readonly number[]): Map<number, { at: number; values: Float32Array }>;
};

import type pg from "pg";
import type { Bus } from "../bus.ts";
import { loadLatest, readSeries } from "../db/queries/samples-read.ts";
import type { Resolution } from "../domain/rollup/resolution.ts";

export type { Resolution } from "../domain/rollup/resolution.ts";

/** One resource's values at one time, in catalogue order, NaN = missing. */
export type SampleRow = { resourceId: number; at: number; values: Float32Array };

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
  /** The same of one resource without a copy: read it at once, the next report changes it. */
  newest(resourceId: number): Readonly<{ at: number; values: Float32Array }> | undefined;
};

/** A store that can fill its memory of newest values from the database, and let go of the bus. */
export type PostgresSampleStore = SampleStore & {
  /** Loads the newest values of all present resources that reported within the last `withinMs`; run it once at the start. */
  warm(withinMs?: number): Promise<void>;
  close(): void;
};

const hour = 3_600_000;

/** Samples in PostgreSQL; the newest of each resource in memory, fed by what ingest commits. */
export function createSampleStore({ pool, bus }: { pool: pg.Pool; bus: Bus }): PostgresSampleStore {
  const newest = new Map<number, { at: number; values: Float32Array }>();

  function note(resourceId: number, at: number, values: Float32Array): void {
    const known = newest.get(resourceId);
    if (known === undefined) newest.set(resourceId, { at, values });
    else if (known.at <= at) {
      known.at = at;
      known.values = values;
    }
  }

  const subscriptions = [
    bus.on("committed", ({ at, points }) => {
      for (const { resourceId, values } of points) note(resourceId, at, values);
    }),
    bus.on("resource", ({ resourceId, state }) => {
      if (state === "gone") newest.delete(resourceId);
    }),
  ];
  return {
    read: (query) => readSeries(pool, query),
    latest(resourceIds) {
      const found = new Map<number, { at: number; values: Float32Array }>();
      for (const id of resourceIds) {
        const known = newest.get(id);
        if (known !== undefined) found.set(id, { at: known.at, values: known.values });
      }
      return found;
    },
    newest: (resourceId) => newest.get(resourceId),
    warm: (withinMs = 24 * hour) => loadLatest(pool, withinMs, note),
    close: () => {
      for (const end of subscriptions) end();
    },
  };
}

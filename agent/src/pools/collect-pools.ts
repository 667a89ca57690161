import { type Collector, Partly } from "../collectors/collector.ts";
import type { Pool } from "./pool.ts";
import { poolReadings } from "./pool-readings.ts";

/** Reads all pools of one type. Throws NotHere where there is none. `failures`: what could not be read, a line each. */
export type PoolReader = { read(now: number, signal: AbortSignal): Promise<{ pools: Pool[]; failures: string[] }> };

/** The collector that tells of a reader's pools and, where some could not be read, as failed in part. */
export function collectPools(reader: PoolReader): Collector {
  return {
    async collect(now, signal) {
      const { pools, failures } = await reader.read(now, signal);
      const readings = pools.flatMap((pool) => poolReadings(pool, now));
      if (failures.length > 0) throw new Partly(failures.join("; "), readings);
      return readings;
    },
  };
}

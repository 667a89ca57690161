import { randomUUID } from "node:crypto";
import type { Point } from "../bus.ts";
import { Accumulator } from "../domain/rollup/aggregate.ts";

type Window = { registered: boolean; tainted: boolean; busy: number; resources: Map<number, Accumulator> };

/**
 * What this process has seen of the minutes that are still open, so that their roll-ups need not read the samples back.
 * A window counts as wholly seen only when every one of its batches came through here, was new and ended: `rollup_pending`
 * carries `source` for the first, the other two are told to this object. Whoever doubts reads the samples.
 */
export type OpenWindows = {
  /** Id of this process in `rollup_pending.source`. */
  source: string;
  /** A batch for that window is on its way; true when the window's pending row is known to be in the database. */
  begin(serverId: string, window: number): boolean;
  /** The batch is committed, all its samples were new. */
  committed(serverId: string, window: number, reports: readonly (readonly Point[])[]): void;
  /** The batch failed, or some of its samples may have been there before. `registered`: its pending row is in. */
  doubtful(serverId: string, window: number, registered: boolean): void;
  /** Everything of that window, or undefined where that can't be vouched for. */
  whole(serverId: string, window: number): ReadonlyMap<number, Accumulator> | undefined;
  /** The window is rolled up. */
  forget(serverId: string, window: number): void;
  /** Forgets what started before that time. */
  prune(before: number): void;
  size(): number;
};

export function createOpenWindows(source: string = randomUUID()): OpenWindows {
  const windows = new Map<number, Map<string, Window>>();

  function find(serverId: string, window: number): Window | undefined {
    return windows.get(window)?.get(serverId);
  }

  function end(serverId: string, window: number, registered: boolean): Window | undefined {
    const found = find(serverId, window);
    if (found === undefined) return undefined;
    found.busy--;
    if (registered) found.registered = true;
    return found;
  }

  return {
    source,
    begin(serverId, window) {
      let servers = windows.get(window);
      if (servers === undefined) {
        servers = new Map();
        windows.set(window, servers);
      }
      let found = servers.get(serverId);
      if (found === undefined) {
        found = { registered: false, tainted: false, busy: 0, resources: new Map() };
        servers.set(serverId, found);
      }
      found.busy++;
      return found.registered;
    },
    committed(serverId, window, reports) {
      const found = end(serverId, window, true);
      if (found === undefined || found.tainted) return;
      for (const points of reports) {
        for (const { resourceId, values } of points) {
          if (values.length === 0) continue;
          let accumulator = found.resources.get(resourceId);
          if (accumulator === undefined) {
            accumulator = new Accumulator(values.length);
            found.resources.set(resourceId, accumulator);
          }
          accumulator.add(values);
        }
      }
    },
    doubtful(serverId, window, registered) {
      const found = end(serverId, window, registered);
      if (found === undefined) return;
      found.tainted = true;
      found.resources.clear();
    },
    whole(serverId, window) {
      const found = find(serverId, window);
      return found === undefined || !found.registered || found.tainted || found.busy > 0 ? undefined : found.resources;
    },
    forget(serverId, window) {
      const servers = windows.get(window);
      servers?.delete(serverId);
      if (servers?.size === 0) windows.delete(window);
    },
    prune(before) {
      for (const window of windows.keys()) if (window < before) windows.delete(window);
    },
    size() {
      let total = 0;
      for (const servers of windows.values()) total += servers.size;
      return total;
    },
  };
}

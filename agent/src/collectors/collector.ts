import type { KindName } from "@fairlead/shared/catalogue";
import type { Host } from "../host/host.ts";

/** What a collector found out about one resource. */
export type Reading = {
  kind: KindName;
  /** Stable identity within the kind: mount point, device, container name. */
  key: string;
  labels?: Record<string, string>;
  /** Slow facts; sent when they changed. */
  attributes?: Record<string, unknown>;
  /** Present state in the kind's words; the runner makes state changes out of differences. */
  state?: string;
  /** Why it is in that state, where known. */
  reason?: string;
  /** In the catalogue's order and number, NaN = missing. Rates and gauges, never raw counters. */
  values: ArrayLike<number>;
};

/** Something that happened between two passes (an engine event); sent at once. `at` in Unix ms. */
export type StateEvent = { kind: KindName; key: string; at: number; from?: string; to: string; reason?: string };

/** Thrown by a collector when what it reads is not on this host: no error, state "absent". */
export class NotHere extends Error {
  // Its class has another name once it is built.
  override readonly name = "NotHere";
}

/**
 * Thrown by a collector of which a part failed: its readings count as those of a successful run, the collector is told
 * as failed with this message.
 */
export class Partly extends Error {
  readonly readings: Reading[];
  /** True for a resource that the failed part may still have: it is not gone, though no reading tells of it. */
  readonly keeps: ((kind: KindName, key: string) => boolean) | undefined;
  constructor(message: string, readings: Reading[], keeps?: (kind: KindName, key: string) => boolean) {
    super(message);
    this.readings = readings;
    this.keeps = keeps;
  }
}

/**
 * Reads one area of the host. Made once an agent run by its factory, so it may keep the counters of its last pass: the
 * first pass has no rates (NaN). At most one `collect` of a collector runs at a time.
 */
export type Collector = {
  /** Throws NotHere, or an Error whose message names what failed. Must heed the signal where it waits. */
  collect(now: number, signal: AbortSignal): Promise<Reading[]> | Reading[];
  /**
   * Watches for changes between passes until the signal aborts; must survive its source going away and coming back. `due`
   * has the collector run with the next pass.
   */
  watch?(emit: (event: StateEvent) => void, signal: AbortSignal, due?: () => void): void;
};

/** One file in collectors/, one line in collectors/index.ts. */
export type CollectorFactory = {
  /** kebab-case, the file's name. */
  name: string;
  help: string;
  /** Kinds that it owns: a resource of these kinds that a successful pass no longer returns is gone. */
  kinds: readonly KindName[];
  /** After so long the pass goes on without it and its last readings. */
  deadlineMs: number;
  /** Runs only this often; its last readings are not repeated in between. Absent: each pass. */
  everySeconds?: number;
  create(host: Host): Collector;
};

import type { Reading, StateEvent } from "./collector.ts";
import type { Remembered } from "./known-resources.ts";

export type CollectorStateName = "ok" | "absent" | "failed" | "timed_out" | "disabled";

/** How a collector fares; `error` is one line, empty when ok. Times in Unix ms, 0 = never. */
export type CollectorHealth = {
  name: string;
  state: CollectorStateName;
  error: string;
  errorCount: number;
  durationSeconds: number;
  lastSuccessAt: number;
};

/** One pass over all collectors. `changes` are states that differ from the pass before, resources gone among them. */
export type Pass = { at: number; readings: Reading[]; changes: StateEvent[]; health: CollectorHealth[] };

/** Runs the collectors. A pass never waits longer than the longest deadline; a slow collector disturbs no other. */
export type Runner = {
  /**
   * One pass; `all` runs those with `everySeconds` too. `live`: it will not be stored, so what those found is left to the
   * next pass that will. Passes do not overlap: a call during one waits for it.
   */
  pass(options?: { all?: boolean; live?: boolean }): Promise<Pass>;
  health(): CollectorHealth[];
  /** What the next run of the agent should be told; `version` rises whenever it differs. */
  known: { version(): number; remember(): Remembered[] };
  setDisabled(names: readonly string[]): void;
  /** The next pass runs that collector though it is not due: something has changed what it would find. */
  due(name: string): void;
  /** Starts the watches of all collectors; `emit` gets what happens between passes. */
  watch(emit: (event: StateEvent) => void): void;
  stop(): void;
};

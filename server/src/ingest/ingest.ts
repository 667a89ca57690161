import type { Point } from "../bus.ts";
import type { Labels } from "../db/schema.ts";

/** A report as a session decoded it; times in Unix ms. `at` was checked against the clock bounds already. */
export type IncomingReport = {
  serverId: string;
  seq: number;
  at: number;
  receivedAt: number;
  points: readonly Point[];
};

export type IncomingChange = {
  serverId: string;
  seq: number;
  at: number;
  resourceId: number;
  kind: string;
  key: string;
  from: string | null;
  to: string;
  reason: string;
};

/** A resource that an agent declared. `attributes` undefined: keep what is stored. */
export type Declaration = {
  kind: string;
  key: string;
  labels: Labels;
  attributes: Record<string, unknown> | undefined;
  state: string | undefined;
};

/** Takes what sessions decoded and commits it in batches over all agents. Nothing is acknowledged before its commit. */
export type Ingest = {
  /** Resource ids in the order of the declarations; new ones are inserted, known ones updated. Batched over sessions. */
  declare(serverId: string, declarations: readonly Declaration[]): Promise<number[]>;
  /**
   * Queues; `done` is called after the commit. False: the queue is over its bound, read no more from this agent until
   * `drained` resolves.
   */
  report(report: IncomingReport, done: () => void): boolean;
  change(change: IncomingChange, done: () => void): boolean;
  drained(): Promise<void>;
  /** Commits what is queued, then ends. */
  stop(): Promise<void>;
};

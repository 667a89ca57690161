import type { Reading } from "../collectors/collector.ts";
import type { SelfTestArguments } from "../executor/command.ts";
import type { DriveSettings } from "./settings.ts";

/** Where drives are read: `program` is smartctl's path, `root` the host's. `readMs`: the most that a drive may take. */
export type SmartPlace = {
  program: string;
  root: string;
  stateDir: string | null;
  settings?: DriveSettings;
  readMs?: number;
};

/**
 * `rescan`: looks for drives first. `keep` false: nothing is kept. `only`: reads this drive alone where it can be told from
 * the others: a device, slot, serial number or key. `patienceMs`: drives that take longer are told of as they were last.
 */
export type PassArguments = { rescan: boolean; keep: boolean; only: string | null; patienceMs?: number | undefined };

/** What the task `smart` is asked for, one action each; its answer stands beside it. */
export type SmartRequest = SmartPlace &
  (
    | ({ action: "pass" } & PassArguments)
    | { action: "told" }
    | { action: "rest" }
    | { action: "acknowledge"; drive: string; counters: string[]; reset: boolean }
    | { action: "test.start"; drive: string; test: SelfTestArguments["test"] }
    | { action: "test.look"; drive: string }
    | { action: "test.abort"; drive: string }
  );

/** Every drive of the host; `hasRest`: some are still being read, "rest" ends when they are; `problem`: what did not go as it should, in one line. Values are null where missing. */
export type DriveList = { readings: Reading[]; problem: string | null; hasRest?: boolean };

/** A drive after its counts were accepted or forgotten. */
export type Acknowledged = {
  verdict: string;
  baseline: Record<string, number>;
  reasons: { severity: string; text: string }[];
  measuredAt: string | null;
};

/** A drive's self-tests as they are now; asleep and failed: nothing could be seen. */
export type TestLook =
  | { kind: "asleep" }
  | { kind: "failed"; reason: string }
  | {
      kind: "seen";
      running: { progressRatio: number | null } | null;
      entries: TestEntry[];
      /** The drive's age now; null where it does not say. */
      powerOnHours: number | null;
      /** How long the drive says that a test takes. */
      minutes: { short: number | null; extended: number | null; conveyance: number | null };
    };

export type TestEntry = {
  type: string | null;
  result: "passed" | "failed" | "aborted" | "running" | "unknown";
  text: string;
  atHours: number | null;
  remainingRatio: number | null;
  lba: number | null;
};

/** A test that was begun: what its drive showed before. */
export type TestStarted = { before: Extract<TestLook, { kind: "seen" }>; device: string };

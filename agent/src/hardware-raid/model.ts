import type { MemberState, PoolScan, PoolState } from "../pools/pool.ts";

export type ControllerState = "ok" | "degraded" | "failed" | "unknown";

/** A RAID controller with all it tells of. What it does not tell is absent. */
export type RaidController = {
  /** Number or slot, as the tool has it. */
  id: string;
  model: string;
  serial?: string;
  firmware?: string;
  driver?: string;
  state: ControllerState;
  /** The tool's own word for the state. */
  stateText: string;
  temperatureCelsius?: number;
  /** Absent: it has none. */
  battery?: RaidBattery;
  correctableErrors?: number;
  uncorrectableErrors?: number;
  volumes: RaidVolume[];
  drives: RaidDrive[];
  /** What else is wrong with it: a disabled cache, a controller in safe mode. */
  faults: string[];
};

/** The battery or capacitor that keeps the write cache over a loss of power. */
export type RaidBattery = {
  kind: string;
  /** The tool's own word. */
  state: string;
  ok: boolean;
  temperatureCelsius?: number;
  chargeRatio?: number;
};

/** A volume; `drives` are ids of its members. */
export type RaidVolume = {
  id: string;
  /** As someone called it; empty where nobody did. */
  name: string;
  /** "raid5". */
  level: string;
  state: PoolState;
  stateText: string;
  sizeBytes?: number;
  /** "/dev/sda". */
  osDevice?: string;
  drives: string[];
  /** Members that the tool tells of by number or place alone. */
  missing: number;
  scan?: PoolScan;
  extra?: Record<string, unknown>;
};

/**
 * A drive behind the controller. `id` is its place ("252:3", "1I:1:4"). `use`: "free" is in no volume, "passed" is given
 * to the host as it is.
 */
export type RaidDrive = {
  id: string;
  state: MemberState;
  stateText: string;
  use: "data" | "spare" | "free" | "passed";
  /** Of a spare that serves some volumes only: their ids. */
  serves?: string[];
  model?: string;
  serial?: string;
  firmware?: string;
  media?: string;
  sizeBytes?: number;
  temperatureCelsius?: number;
  mediaErrors?: number;
  otherErrors?: number;
  predictedFailures?: number;
  /** The drive's own self-monitoring warns. */
  smartAlert?: boolean;
  rebuildRatio?: number;
};

/** What a tool told; `problem`: why it is not all. */
export type RaidReport = { controllers: RaidController[]; problem?: string };

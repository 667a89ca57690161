import type { RunContext } from "../executor/run-context.ts";
import type { CreatePlan, RuntimeVolume, Snapshot } from "../runtimes/runtime.ts";
import type { BackupFile } from "./manifest.ts";

/** The step that was begun last; journaled before it is taken. */
export type RestoreStep =
  | "fill"
  | "stop"
  | "safety"
  | "empty"
  | "create"
  | "swap"
  | "start"
  | "load"
  | "commit"
  | "rollback";

/** An archive and the volume or path that it fills. */
export type Placed = { file: BackupFile; volume?: string; path?: string };

/** All that finishing or undoing a restore needs, kept in the journal from before its first change. */
export type RestorePlan = {
  version: 1;
  step: RestoreStep;
  runtime: string;
  backup: string;
  /** Final name, and the names while it is on the way. */
  name: string;
  temporary: string;
  aside: string;
  carrier: string;
  imageId: string;
  start: boolean;
  /** The container of that name that is replaced. */
  present?: Snapshot;
  create: CreatePlan;
  placed: Placed[];
  /** Volumes that are made for it; gone again when it fails. */
  made: RuntimeVolume[];
  /** Host folders that are made for it. */
  paths: string[];
  /** Volumes that are emptied: they come back from the backup that is made before. */
  emptied: RuntimeVolume[];
  safety?: string;
  newId?: string;
  notes: string[];
  /** Set when it was loaded, or why it was not. */
  dump?: { engine: string; file: string; load: boolean; loaded?: boolean; command: string };
  downAt?: number;
  upAt?: number;
  failure?: { status: "ROLLED_BACK" | "CANCELLED"; reason: string };
};

/** Aborts what may be given up as long as everything can be put back. */
export function stopSignal({ cancelled, leaving, halted }: RunContext): AbortSignal {
  return AbortSignal.any([cancelled, leaving, halted]);
}

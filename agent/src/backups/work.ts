import type { BackupRequest } from "../executor/container-command.ts";
import type { RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import type { Snapshot } from "../runtimes/runtime.ts";
import type { BackupFile } from "./manifest.ts";
import type { Estimate } from "./space.ts";

/** The container that was held, and how, while its data are read; journaled before it is. */
export type Held = { id: string; by: "pause" | "stop" };

export type SaveOptions = {
  engine: Engine;
  snapshot: Snapshot;
  request: BackupRequest;
  /** Type of the command that it is for. */
  reason: string;
  /** The container has been stopped already, and is to stay so; `readFrom`: one with the same mounts that is there. */
  stopped?: { readFrom: string };
  /** The dump of it, made while it still ran. */
  begun?: Begun;
  /** Called before the container is held, and with undefined when it goes on. Durable when it returns. */
  hold(held: Held | undefined): void;
  signal: AbortSignal;
};

/** A backup that was begun with the dump alone, of a container that is to be stopped by who asked for it. */
export type Begun = { id: string; files: BackupFile[]; warnings: string[] };

/** A backup on its way: where it is written, and what it holds so far. */
export type Work = Omit<SaveOptions, "begun"> & {
  context: RunContext;
  /** Its own folder, of another name until it is whole. */
  folder: string;
  warnings: string[];
  files: BackupFile[];
  sizes: Estimate;
  /** Bytes of the parts that are done. */
  passed: number;
};

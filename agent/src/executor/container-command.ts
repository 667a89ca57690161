import type { PruneScope } from "../runtimes/runtime.ts";
import { parseBackup } from "./parse/backup.ts";
import type { GivenCommand, Parsed } from "./parse/checked.ts";
import { parseImage } from "./parse/image.ts";
import { parsePower } from "./parse/power.ts";
import { parseUpdate } from "./parse/update.ts";

/** Seconds; 0 = default. Paths and ports are the container's own. */
export type GateSpec = { timeoutSeconds: number } & (
  | { kind: "tcp"; port: number }
  | { kind: "http"; port: number; path: string; status: string; contains: string; tls: boolean }
  | { kind: "exec"; command: string[] }
);

/** What is saved besides the configuration. `binds`: paths in the container; `keepDays` 0 = default. */
export type BackupRequest = {
  volumes: boolean;
  binds: string[];
  dump: boolean;
  consistency: "default" | "pause" | "stop" | "live";
  keepDays: number;
};

/** What updates of one and of several containers have in common. Seconds, 0 = default; `forceReason` "" = guards hold. */
export type UpdateOptions = {
  stableSeconds: number;
  healthTimeoutSeconds: number;
  dryRun: boolean;
  /** Absent: as the container's labels say. */
  backup?: BackupRequest;
  forceReason: string;
  keepImageSeconds: number;
};

export type UpdateArguments = { container: string; image: string; gates: GateSpec[] } & UpdateOptions;
export type ProjectUpdateArguments = { project: string; images: Record<string, string> } & UpdateOptions;
/** `update`: id of the update's command, "" = the last one. Seconds, 0 = default. */
export type RollbackArguments = {
  container: string;
  update: string;
  stableSeconds: number;
  healthTimeoutSeconds: number;
  forceReason: string;
};
export type BackupArguments = { container: string; options: BackupRequest };
/** `name` "" = the same, in place of the present one. */
export type RestoreArguments = {
  backup: string;
  name: string;
  overwriteVolumes: boolean;
  start: "as it was" | "yes" | "no";
};

/** A command on containers, images or backups, checked. */
export type ContainerCommand =
  | { type: "container.start" | "container.pause" | "container.unpause"; args: { container: string } }
  | { type: "container.stop" | "container.restart"; args: { container: string; timeoutSeconds: number } }
  | { type: "container.kill"; args: { container: string; signal: string } }
  | { type: "container.remove"; args: { container: string; force: boolean; volumes: boolean } }
  | { type: "container.update"; args: UpdateArguments }
  | { type: "project.update"; args: ProjectUpdateArguments }
  | { type: "container.rollback"; args: RollbackArguments }
  | { type: "container.backup"; args: BackupArguments }
  | { type: "container.restore"; args: RestoreArguments }
  | { type: "backup.verify" | "backup.delete"; args: { backup: string } }
  | { type: "image.pull"; args: { runtime: string; image: string } }
  | { type: "image.remove"; args: { runtime: string; image: string; force: boolean } }
  | { type: "runtime.prune"; args: { runtime: string; scope: PruneScope } };

/** Such a command, or why it can't be accepted; undefined for one of another kind. */
export function parseContainerCommand(given: GivenCommand): Parsed | undefined {
  return parsePower(given) ?? parseUpdate(given) ?? parseBackup(given) ?? parseImage(given);
}

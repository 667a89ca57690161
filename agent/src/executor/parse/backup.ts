import { pb } from "@fairlead/proto";
import { backupError, containerError, short } from "../argument-checks.ts";
import type { BackupRequest, RestoreArguments } from "../container-command.ts";
import { checked, type GivenCommand, type Parsed } from "./checked.ts";

/** Backups, their care and restoring; undefined for another command. */
export function parseBackup(given: GivenCommand): Parsed | undefined {
  if (given.containerBackup) {
    const { container, options } = given.containerBackup;
    const args = { container: container ?? "", options: backupOf(options ?? {}) };
    return checked([containerError(args.container), ...backupErrors(args.options)], { type: "container.backup", args });
  }
  if (given.containerRestore) {
    const { backup, name, overwriteVolumes, start } = given.containerRestore;
    const args = {
      backup: backup ?? "",
      name: name ?? "",
      overwriteVolumes: overwriteVolumes ?? false,
      start: starts[start ?? 0] ?? ("as it was" as const),
    };
    const nameError = args.name === "" ? undefined : containerError(args.name, "name");
    const slash = args.name.includes("/") ? `name: ${short(args.name)} names a runtime: give a name alone` : undefined;
    return checked([backupError(args.backup), nameError, slash], { type: "container.restore", args });
  }
  const one = given.backupVerify ?? given.backupDelete;
  if (one === undefined || one === null) return undefined;
  const args = { backup: one.backup ?? "" };
  return checked([backupError(args.backup)], { type: given.backupVerify ? "backup.verify" : "backup.delete", args });
}

/** What is to be saved, as it was asked for. */
export function backupOf(given: pb.BackupOptions.$Properties): BackupRequest {
  return {
    volumes: given.volumes ?? false,
    binds: [...(given.binds ?? [])],
    dump: given.dump ?? false,
    consistency: consistencies[given.consistency ?? 0] ?? "default",
    keepDays: given.keepDays ?? 0,
  };
}

/** What is wrong with it. */
export function backupErrors({ binds, keepDays }: BackupRequest): (string | undefined)[] {
  const bad = binds.find((path) => !path.startsWith("/") || path.length > 4096 || path.includes("\0"));
  return [
    bad === undefined ? undefined : `binds: ${short(bad)} is no path: give the folder's path in the container`,
    keepDays <= 3650 ? undefined : `keepDays: ${keepDays} is out of range: give 0 (default) to 3650`,
  ];
}

const consistencies: Partial<Record<number, BackupRequest["consistency"]>> = {
  [pb.BackupConsistency.BACKUP_CONSISTENCY_PAUSE]: "pause",
  [pb.BackupConsistency.BACKUP_CONSISTENCY_STOP]: "stop",
  [pb.BackupConsistency.BACKUP_CONSISTENCY_LIVE]: "live",
};

const starts: Partial<Record<number, RestoreArguments["start"]>> = {
  [pb.RestoreStart.RESTORE_START_YES]: "yes",
  [pb.RestoreStart.RESTORE_START_NO]: "no",
};

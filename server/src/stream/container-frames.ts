import { pb } from "@fairlead/proto";
import type { z } from "zod";
import type { backupOptionsSchema, containerArgs, gateSchema } from "../domain/commands/container-args.ts";
import type { Action } from "./command-frame.ts";

type Frames = { [T in keyof typeof containerArgs]: (args: z.infer<(typeof containerArgs)[T]>) => Action };

/** The commands on containers as the frames that agents get, by type. */
export const containerFrames: Frames = {
  "container.start": (args) => ({ containerStart: args }),
  "container.stop": ({ container, timeoutSeconds = 0 }) => ({ containerStop: { container, timeoutSeconds } }),
  "container.restart": ({ container, timeoutSeconds = 0 }) => ({ containerRestart: { container, timeoutSeconds } }),
  "container.pause": (args) => ({ containerPause: args }),
  "container.unpause": (args) => ({ containerUnpause: args }),
  "container.kill": ({ container, signal = "" }) => ({ containerKill: { container, signal } }),
  "container.remove": ({ container, force = false, volumes = false }) => ({
    containerRemove: { container, force, volumes },
  }),
  "container.update": ({ container, image, gates = [], ...options }) => ({
    containerUpdate: { container, image, gates: gates.map(gateFrame), ...updateOptions(options) },
  }),
  "project.update": ({ project, images, ...options }) => ({
    projectUpdate: { project, images, ...updateOptions(options) },
  }),
  "container.rollback": ({ container, update = "", ...options }) => {
    const { stableSeconds = 0, healthTimeoutSeconds = 0, forceReason = "" } = options;
    return { containerRollback: { container, update, stableSeconds, healthTimeoutSeconds, forceReason } };
  },
  "container.backup": ({ container, options = {} }) => ({
    containerBackup: { container, options: backupFrame(options) },
  }),
  "container.restore": ({ backup, name = "", overwriteVolumes = false, start }) => ({
    containerRestore: { backup, name, overwriteVolumes, start: starts[`${start ?? "as it was"}`] },
  }),
  "backup.verify": (args) => ({ backupVerify: args }),
  "backup.delete": (args) => ({ backupDelete: args }),
  "image.pull": ({ runtime = "", image }) => ({ imagePull: { runtime, image } }),
  "image.remove": ({ runtime = "", image, force = false }) => ({ imageRemove: { runtime, image, force } }),
  "runtime.prune": ({ runtime = "", scope }) => ({ runtimePrune: { runtime, scope: scopes[scope] } }),
};

type UpdateOptions = Omit<z.infer<(typeof containerArgs)["container.update"]>, "container" | "image" | "gates">;

function updateOptions(options: UpdateOptions) {
  const {
    stableSeconds = 0,
    healthTimeoutSeconds = 0,
    dryRun = false,
    forceReason = "",
    keepImageSeconds = 0,
  } = options;
  const backup = options.backup === undefined ? {} : { backup: backupFrame(options.backup) };
  return { stableSeconds, healthTimeoutSeconds, dryRun, forceReason, keepImageSeconds, ...backup };
}

function gateFrame({ tcp, http, exec, timeoutSeconds = 0 }: z.infer<typeof gateSchema>): pb.Gate.$Properties {
  if (tcp !== undefined) return { tcp, timeoutSeconds };
  if (exec !== undefined) return { exec, timeoutSeconds };
  const { port = 0, path = "", status = "", contains = "", tls = false } = http ?? {};
  return { http: { port, path, status, contains, tls }, timeoutSeconds };
}

function backupFrame(options: z.infer<typeof backupOptionsSchema>): pb.BackupOptions.$Properties {
  const { volumes = false, binds = [], dump = false, consistency, keepDays = 0 } = options;
  return { volumes, binds, dump, consistency: consistencies[consistency ?? "default"], keepDays };
}

const consistencies = {
  default: pb.BackupConsistency.BACKUP_CONSISTENCY_UNSPECIFIED,
  pause: pb.BackupConsistency.BACKUP_CONSISTENCY_PAUSE,
  stop: pb.BackupConsistency.BACKUP_CONSISTENCY_STOP,
  live: pb.BackupConsistency.BACKUP_CONSISTENCY_LIVE,
} as const;

const starts = {
  "as it was": pb.RestoreStart.RESTORE_START_UNSPECIFIED,
  true: pb.RestoreStart.RESTORE_START_YES,
  false: pb.RestoreStart.RESTORE_START_NO,
} as const;

const scopes = {
  containers: pb.PruneScope.PRUNE_SCOPE_CONTAINERS,
  "dangling-images": pb.PruneScope.PRUNE_SCOPE_DANGLING_IMAGES,
  "unused-images": pb.PruneScope.PRUNE_SCOPE_UNUSED_IMAGES,
  volumes: pb.PruneScope.PRUNE_SCOPE_VOLUMES,
  networks: pb.PruneScope.PRUNE_SCOPE_NETWORKS,
  "build-cache": pb.PruneScope.PRUNE_SCOPE_BUILD_CACHE,
} as const;

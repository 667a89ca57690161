import { pb } from "@fairlead/proto";
import type { PruneScope } from "../runtimes/runtime.ts";
import {
  backupError,
  containerError,
  imageError,
  keyError,
  runtimeError,
  secondsError,
  short,
} from "./argument-checks.ts";

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
/** `update`: id of the update's command, "" = the last one. */
export type RollbackArguments = { container: string; update: string; forceReason: string };
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

type Given = pb.Command.$Properties | pb.Command.$Shape;
type Parsed = ContainerCommand | { type: string; error: string };

/** Such a command, or why it can't be accepted; undefined for one of another kind. */
export function parseContainerCommand(given: Given): Parsed | undefined {
  return parsePower(given) ?? parseUpdate(given) ?? parseBackup(given) ?? parseImage(given);
}

function parsePower(given: Given): Parsed | undefined {
  const plain = given.containerStart ?? given.containerPause ?? given.containerUnpause;
  if (plain) {
    const type = given.containerStart
      ? "container.start"
      : given.containerPause
        ? "container.pause"
        : "container.unpause";
    const container = plain.container ?? "";
    return checked([containerError(container)], { type, args: { container } });
  }
  const ending = given.containerStop ?? given.containerRestart;
  if (ending) {
    const type = given.containerStop ? "container.stop" : "container.restart";
    const args = { container: ending.container ?? "", timeoutSeconds: ending.timeoutSeconds ?? 0 };
    return checked([containerError(args.container), secondsError("timeoutSeconds", args.timeoutSeconds)], {
      type,
      args,
    });
  }
  if (given.containerKill) {
    const args = { container: given.containerKill.container ?? "", signal: given.containerKill.signal ?? "" };
    return checked([containerError(args.container), signalError(args.signal)], { type: "container.kill", args });
  }
  if (given.containerRemove) {
    const { container, force, volumes } = given.containerRemove;
    const args = { container: container ?? "", force: force ?? false, volumes: volumes ?? false };
    return checked([containerError(args.container)], { type: "container.remove", args });
  }
  return undefined;
}

function parseUpdate(given: Given): Parsed | undefined {
  if (given.containerUpdate) {
    const { container, image, gates } = given.containerUpdate;
    const specs = ((gates ?? []) as pb.Gate.$Properties[]).map(gateOf);
    const broken = specs.find((spec) => typeof spec === "string");
    const args = {
      container: container ?? "",
      image: image ?? "",
      gates: specs.filter((spec) => typeof spec !== "string"),
      ...optionsOf(given.containerUpdate),
    };
    const errors = [containerError(args.container), imageError(args.image), broken, ...optionErrors(args)];
    return checked(errors, { type: "container.update", args });
  }
  if (given.projectUpdate) {
    const images = { ...given.projectUpdate.images };
    const args = { project: given.projectUpdate.project ?? "", images, ...optionsOf(given.projectUpdate) };
    const errors = [keyError("project", args.project), ...optionErrors(args)];
    if (Object.keys(images).length === 0) errors.push("images: is empty: give the new image of at least one service");
    for (const [service, image] of Object.entries(images)) errors.push(imageError(image, `images.${service}`));
    return checked(errors, { type: "project.update", args });
  }
  if (given.containerRollback) {
    const { container, update, forceReason } = given.containerRollback;
    const args = { container: container ?? "", update: update ?? "", forceReason: forceReason ?? "" };
    const wrong = args.update === "" || /^[0-9a-fA-F-]{36}$/.test(args.update);
    const error = wrong
      ? undefined
      : `update: ${short(args.update)} is no id of an update: give one, or none for the last`;
    return checked([containerError(args.container), error], { type: "container.rollback", args });
  }
  return undefined;
}

function parseBackup(given: Given): Parsed | undefined {
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

function parseImage(given: Given): Parsed | undefined {
  if (given.imagePull) {
    const args = { runtime: given.imagePull.runtime ?? "", image: given.imagePull.image ?? "" };
    return checked([runtimeError(args.runtime), imageError(args.image)], { type: "image.pull", args });
  }
  if (given.imageRemove) {
    const { runtime, image, force } = given.imageRemove;
    const args = { runtime: runtime ?? "", image: image ?? "", force: force ?? false };
    const isId = /^(sha256:)?[0-9a-f]{12,64}$/.test(args.image);
    const errors = [runtimeError(args.runtime), isId ? undefined : imageError(args.image)];
    return checked(errors, { type: "image.remove", args });
  }
  if (given.runtimePrune) {
    const { runtime, scope: asked } = given.runtimePrune;
    const scope = scopes[asked ?? 0];
    if (scope === undefined) return { type: "runtime.prune", error: `scope: ${asked} is unknown: update the agent` };
    return checked([runtimeError(runtime ?? "")], { type: "runtime.prune", args: { runtime: runtime ?? "", scope } });
  }
  return undefined;
}

function checked(errors: readonly (string | undefined)[], command: ContainerCommand): Parsed {
  const error = errors.find((text) => text !== undefined);
  return error === undefined ? command : { type: command.type, error };
}

type GivenOptions = Pick<
  pb.ContainerUpdate.$Properties,
  "stableSeconds" | "healthTimeoutSeconds" | "dryRun" | "backup" | "forceReason" | "keepImageSeconds"
>;

function optionsOf(given: GivenOptions): UpdateOptions {
  return {
    stableSeconds: given.stableSeconds ?? 0,
    healthTimeoutSeconds: given.healthTimeoutSeconds ?? 0,
    dryRun: given.dryRun ?? false,
    ...(given.backup ? { backup: backupOf(given.backup) } : {}),
    forceReason: (given.forceReason ?? "").trim().slice(0, 500),
    keepImageSeconds: given.keepImageSeconds ?? 0,
  };
}

function optionErrors(options: UpdateOptions): (string | undefined)[] {
  return [
    secondsError("stableSeconds", options.stableSeconds),
    secondsError("healthTimeoutSeconds", options.healthTimeoutSeconds),
    secondsError("keepImageSeconds", options.keepImageSeconds, 366 * 86_400),
    ...(options.backup ? backupErrors(options.backup) : []),
  ];
}

function backupOf(given: pb.BackupOptions.$Properties): BackupRequest {
  return {
    volumes: given.volumes ?? false,
    binds: [...(given.binds ?? [])],
    dump: given.dump ?? false,
    consistency: consistencies[given.consistency ?? 0] ?? "default",
    keepDays: given.keepDays ?? 0,
  };
}

function backupErrors({ binds, keepDays }: BackupRequest): (string | undefined)[] {
  const bad = binds.find((path) => !path.startsWith("/") || path.length > 4096 || path.includes("\0"));
  return [
    bad === undefined ? undefined : `binds: ${short(bad)} is no path: give the folder's path in the container`,
    keepDays <= 3650 ? undefined : `keepDays: ${keepDays} is out of range: give 0 (default) to 3650`,
  ];
}

/** A gate as it was asked for, or what is wrong with it. */
function gateOf(given: pb.Gate.$Properties): GateSpec | string {
  const timeoutSeconds = given.timeoutSeconds ?? 0;
  const late = secondsError("gates.timeoutSeconds", timeoutSeconds);
  if (late !== undefined) return late;
  if (given.exec) {
    const command = [...(given.exec.command ?? [])];
    return command[0] ? { kind: "exec", command, timeoutSeconds } : "gates.exec.command: is empty: give a program";
  }
  const port = given.tcp?.port ?? given.http?.port ?? 0;
  if (!given.tcp && !given.http) return "gates: one of an unknown kind: update the agent";
  if (port < 1 || port > 65_535)
    return `gates.port: ${port} is out of range: give the container's own port, 1 to 65535`;
  if (given.tcp) return { kind: "tcp", port, timeoutSeconds };
  const { path, status, contains, tls } = given.http ?? {};
  const wanted = path || "/";
  if (!/^\/[\x21-\x7e]*$/.test(wanted))
    return `gates.http.path: ${short(wanted)}: give one that begins with / and has no blanks`;
  return {
    kind: "http",
    port,
    path: wanted,
    status: status ?? "",
    contains: contains ?? "",
    tls: tls ?? false,
    timeoutSeconds,
  };
}

function signalError(signal: string): string | undefined {
  if (signal === "" || /^(SIG)?[A-Z0-9+-]{1,12}$/.test(signal)) return undefined;
  return `signal: ${short(signal)} is no signal: give one like SIGTERM`;
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

const scopes: Partial<Record<number, PruneScope>> = {
  [pb.PruneScope.PRUNE_SCOPE_CONTAINERS]: "containers",
  [pb.PruneScope.PRUNE_SCOPE_DANGLING_IMAGES]: "dangling-images",
  [pb.PruneScope.PRUNE_SCOPE_UNUSED_IMAGES]: "unused-images",
  [pb.PruneScope.PRUNE_SCOPE_VOLUMES]: "volumes",
  [pb.PruneScope.PRUNE_SCOPE_NETWORKS]: "networks",
  [pb.PruneScope.PRUNE_SCOPE_BUILD_CACHE]: "build-cache",
};

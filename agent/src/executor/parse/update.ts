import type { pb } from "@fairlead/proto";
import { containerError, imageError, keyError, secondsError, short } from "../argument-checks.ts";
import type { RollbackArguments, UpdateOptions } from "../container-command.ts";
import { backupErrors, backupOf } from "./backup.ts";
import { checked, type GivenCommand, type Parsed } from "./checked.ts";
import { gateOf } from "./gate.ts";

/** Updates and roll-backs; undefined for another command. */
export function parseUpdate(given: GivenCommand): Parsed | undefined {
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
    const { container, update, ...options } = given.containerRollback;
    const { stableSeconds, healthTimeoutSeconds, forceReason } = optionsOf(options);
    const args = {
      container: container ?? "",
      update: update ?? "",
      stableSeconds,
      healthTimeoutSeconds,
      forceReason,
    };
    const sound = args.update === "" || /^[0-9a-fA-F-]{36}$/.test(args.update);
    const error = sound
      ? undefined
      : `update: ${short(args.update)} is no id of an update: give one, or none for the last`;
    const errors = [containerError(args.container), error, ...timeErrors(args)];
    return checked(errors, { type: "container.rollback", args });
  }
  return undefined;
}

type GivenOptions = Partial<
  Pick<
    pb.ContainerUpdate.$Properties,
    "stableSeconds" | "healthTimeoutSeconds" | "dryRun" | "backup" | "forceReason" | "keepImageSeconds"
  >
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
    ...timeErrors(options),
    secondsError("keepImageSeconds", options.keepImageSeconds, 366 * 86_400),
    ...(options.backup ? backupErrors(options.backup) : []),
  ];
}

function timeErrors({
  stableSeconds,
  healthTimeoutSeconds,
}: RollbackArguments | UpdateOptions): (string | undefined)[] {
  return [secondsError("stableSeconds", stableSeconds), secondsError("healthTimeoutSeconds", healthTimeoutSeconds)];
}

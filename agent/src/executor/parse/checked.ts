import type { pb } from "@fairlead/proto";
import type { ContainerCommand } from "../container-command.ts";

export type GivenCommand = pb.Command.$Properties | pb.Command.$Shape;
/** A command, or what is wrong with one of that type. */
export type Parsed = ContainerCommand | { type: string; error: string };

/** The command, or the first of the errors. */
export function checked(errors: readonly (string | undefined)[], command: ContainerCommand): Parsed {
  const error = errors.find((text) => text !== undefined);
  return error === undefined ? command : { type: command.type, error };
}

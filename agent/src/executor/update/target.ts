import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { RuntimeFailure } from "../../runtimes/runtime.ts";
import type { GateSpec } from "../container-command.ts";
import { nameOf } from "./component.ts";
import type { Guard } from "./plan.ts";

/**
 * One container and the image that it is to get. `imageId`: an image that is here already is taken instead of a pull.
 * `guards`: what speaks against it beside what every update is asked.
 */
export type Target = { container: string; image: string; gates: GateSpec[]; imageId?: string; guards?: Guard[] };

/** A target that was found. */
export type Wanted = Target & { raw: EngineContainer };

/** The target's container among all of its engine, by id or name. Throws RuntimeFailure not_found. */
export function findTarget(target: Target, all: readonly EngineContainer[]): Wanted {
  const raw = all.find((one) => one.Id === target.container || nameOf(one) === target.container);
  if (raw === undefined) throw new RuntimeFailure("not_found", `No such container: ${target.container}`);
  return { ...target, raw };
}

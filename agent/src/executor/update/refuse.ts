import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { Snapshot } from "../../runtimes/runtime.ts";
import type { UpdateOptions } from "../container-command.ts";
import { Refusal } from "../run-context.ts";
import type { Guard } from "./plan.ts";

/** The guards of this host that stand against an update. */
export class Guarded extends Refusal {
  readonly guards: readonly Guard[];
  constructor(guards: readonly Guard[]) {
    const reasons = guards.map(({ code, message }) => `${message} (${code})`).join("; ");
    const remedy = guards.every(({ forcible }) => forcible) ? ": force it with a reason, if you must" : "";
    super(`refused: ${reasons}${remedy}; nothing was changed`);
    this.guards = guards;
  }
}

/** Throws Guarded for what no reason overrules. A dry run passes: its plan shows what stands against it. */
export function refuseGuarded(guards: readonly Guard[], { forceReason, dryRun }: UpdateOptions): void {
  if (dryRun) return;
  const standing = guards.filter(({ forcible }) => !forcible || forceReason === "");
  if (standing.length > 0) throw new Guarded(standing);
}

/** Throws Refusal for a container whose state could not be had again. */
export function refuseUnfit({ name, inspect }: Snapshot): void {
  const status = (inspect as EngineContainer).State.Status ?? "";
  if (status === "paused" || status === "removing" || status === "dead") throw new Refusal(`${name} is ${status}`);
}

import type { ContainerRuntime, Recreation } from "../../runtimes/runtime.ts";
import { Refusal, type RunContext } from "../run-context.ts";

/** A runtime that can replace containers. */
export type Engine = { runtime: ContainerRuntime; recreation: Recreation };

/** That runtime. Throws Refusal where it does not recreate containers. */
export function engineOf(runtime: ContainerRuntime): Engine {
  if (!runtime.recreation) throw new Refusal(`${runtime.name} workloads can't be replaced container by container`);
  return { runtime, recreation: runtime.recreation };
}

/** The engine of a plan. Throws RuntimeFailure while it can't be reached. */
export async function engineNamed(name: string, context: RunContext): Promise<Engine> {
  return engineOf(await context.runtimes.get(name));
}

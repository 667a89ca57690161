import { errorText } from "../log.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import type { Outcome } from "./journal.ts";
import type { RunContext } from "./run-context.ts";

export type PowerAction = "start" | "stop" | "restart" | "pause" | "unpause";
type PowerArguments = { container: string; timeoutSeconds?: number };

/** Starts, stops, restarts, pauses or resumes a container and answers its state afterwards. */
export async function changePower(action: PowerAction, args: PowerArguments, context: RunContext): Promise<Outcome> {
  context.phase(action);
  const { runtime, id } = await context.runtimes.resolve(args.container, context.halted);
  // 0 asks for the container's own setting.
  const timeout = args.timeoutSeconds || undefined;
  if (action === "stop" || action === "restart") await runtime[action](id, timeout, context.halted);
  else await runtime[action](id, context.halted);
  return { status: "SUCCEEDED", output: stateOf(await runtime.describe(id, context.halted)) };
}

/** What became of an action that the agent did not see the end of. */
export async function settlePower(action: PowerAction, args: PowerArguments, context: RunContext): Promise<Outcome> {
  const interrupted = "the agent was stopped meanwhile";
  try {
    const { runtime, id } = await context.runtimes.resolve(args.container, context.halted);
    const info = await runtime.describe(id, context.halted);
    if (isDone(action, info, context.entry.startedAt)) return { status: "SUCCEEDED", output: stateOf(info) };
    return { status: "FAILED", reason: `${interrupted}: the container is ${info.state}`, output: stateOf(info) };
  } catch (error) {
    return { status: "FAILED", reason: `${interrupted}: ${errorText(error)}` };
  }
}

function isDone(action: PowerAction, info: ContainerInfo, since: number): boolean {
  switch (action) {
    case "start":
    case "unpause":
      return info.state === "running";
    case "stop":
      return info.pid === 0;
    case "pause":
      return info.state === "paused";
    case "restart":
      return info.state === "running" && info.startedAt >= since;
    default:
      return action satisfies never;
  }
}

function stateOf(info: ContainerInfo): Record<string, unknown> {
  return { id: info.id, name: info.name, state: info.state, health: info.health ?? null };
}

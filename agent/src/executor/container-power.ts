import { errorText } from "../log.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import type { Outcome } from "./journal.ts";
import type { RunContext } from "./run-context.ts";

export type PowerAction = "start" | "stop" | "restart";
type PowerArguments = { container: string; timeoutSeconds?: number };

/** Starts, stops or restarts a container and answers its state afterwards. */
export async function changePower(action: PowerAction, args: PowerArguments, context: RunContext): Promise<Outcome> {
  const runtime = await context.runtime();
  context.phase(action);
  const { id } = await runtime.describe(args.container, context.halted);
  // 0 asks for the container's own setting.
  const timeout = args.timeoutSeconds || undefined;
  if (action === "start") await runtime.start(id, context.halted);
  else await runtime[action](id, timeout, context.halted);
  return { status: "SUCCEEDED", output: stateOf(await runtime.describe(id, context.halted)) };
}

/** What became of an action that the agent did not see the end of. */
export async function settlePower(action: PowerAction, args: PowerArguments, context: RunContext): Promise<Outcome> {
  const interrupted = "the agent was stopped meanwhile";
  try {
    const runtime = await context.runtime();
    const info = await runtime.describe(args.container, context.halted);
    const runs = info.state === "running";
    const restarted = runs && info.startedAt >= context.entry.startedAt;
    const done = action === "stop" ? info.pid === 0 : action === "start" ? runs : restarted;
    if (done) return { status: "SUCCEEDED", output: stateOf(info) };
    return { status: "FAILED", reason: `${interrupted}: the container is ${info.state}`, output: stateOf(info) };
  } catch (error) {
    return { status: "FAILED", reason: `${interrupted}: ${errorText(error)}` };
  }
}

function stateOf(info: ContainerInfo): Record<string, unknown> {
  return { id: info.id, name: info.name, state: info.state, health: info.health ?? null };
}

import { createChild } from "../child/child.ts";
import type { RunContext } from "../executor/run-context.ts";
import { errorText } from "../log.ts";
import type { ContainerRuntime } from "../runtimes/runtime.ts";
import type { GuardRequest } from "./guard-duty.ts";
import type { Held } from "./work.ts";

/** A process that lets a held container go on when ours is killed. */
export type Guard = {
  /** The container goes on: it is needed no more. */
  close(): void;
};

/** setTimeout takes no more; it ends when it is told to. */
const foreverMs = 2_000_000_000;
const readyMs = 20_000;
const keepMs = 60_000;

/**
 * Has a process look after the container that is to be held; it is there when this returns. Where there can be none (the
 * engine's socket is another user's, no process can be started) the journal alone is left, and the log tells.
 */
export async function openGuard(
  held: Held,
  runtime: Pick<ContainerRuntime, "socket" | "describe">,
  { log, halted }: Pick<RunContext, "log" | "halted">,
): Promise<Guard> {
  const { socket } = runtime;
  // A descriptor that we hold leads nowhere in another process.
  if (socket === undefined || socket.startsWith("/proc/self/")) return { close: () => undefined };
  const child = createChild("guard", { keepMs });
  try {
    const { startedAt } = await runtime.describe(held.id, halted);
    const request: GuardRequest = { do: "guard", socket, ...held, startedAt };
    await child.call(request, { deadlineMs: readyMs, signal: halted });
    // While a call waits the child is kept.
    child.call({ do: "stay" } satisfies GuardRequest, { deadlineMs: foreverMs }).catch(() => undefined);
  } catch (error) {
    halted.throwIfAborted();
    child.stop();
    log.warn("nobody would let the container go on if the agent was killed", { error: errorText(error) });
    return { close: () => undefined };
  }
  return { close: () => child.stop() };
}

import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited } from "./deadline.ts";
import { statusOf, unlessGone } from "./failure.ts";

type Lifecycle = Pick<ContainerRuntime, "start" | "stop" | "restart" | "pause" | "unpause" | "kill" | "remove">;

const shortMs = 30_000;
const longMs = 120_000;

/** Starting and ending of containers. */
export function lifecycleOperations({ container, write }: Connection): Lifecycle {
  return {
    async start(id, signal) {
      const start = () => container(id).start({ abortSignal: limited(longMs, signal) });
      await write("start the container", start).catch(unlessUnchanged);
    },
    async stop(id, timeoutSeconds, signal) {
      const t = timeoutSeconds === undefined ? {} : { t: timeoutSeconds };
      const patience = limited(stopLimitMs(timeoutSeconds), signal);
      const stop = () => container(id).stop({ ...t, abortSignal: patience });
      await write("stop the container", stop).catch(unlessUnchanged);
    },
    async restart(id, timeoutSeconds, signal) {
      const t = timeoutSeconds === undefined ? {} : { t: timeoutSeconds };
      const patience = limited(stopLimitMs(timeoutSeconds) + longMs, signal);
      await write("restart the container", () => container(id).restart({ ...t, abortSignal: patience }));
    },
    async pause(id, signal) {
      await write("pause the container", () => container(id).pause({ abortSignal: limited(shortMs, signal) }));
    },
    async unpause(id, signal) {
      await write("resume the container", () => container(id).unpause({ abortSignal: limited(shortMs, signal) }));
    },
    async kill(id, name, signal) {
      const options = { ...(name ? { signal: name } : {}), abortSignal: limited(shortMs, signal) };
      await write("send the container a signal", () => container(id).kill(options));
    },
    async remove(id, { force, volumes }, signal) {
      const remove = () => container(id).remove({ force, v: volumes, abortSignal: limited(longMs, signal) });
      await write("remove the container", remove).catch(unlessGone);
    },
  };
}

// 304: it is already as asked.
function unlessUnchanged(error: unknown): void {
  if (statusOf(error) !== 304) throw error;
}

// A container may ask for a long time to stop; an engine that hangs must end some time.
function stopLimitMs(timeoutSeconds: number | undefined): number {
  return (timeoutSeconds ?? 3_600) * 1000 + 60_000;
}

import { setTimeout as delay } from "node:timers/promises";
import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited, withSignal } from "./deadline.ts";
import { demultiplex } from "./frames.ts";
import { attach } from "./library.ts";

const lookMs = 50;

/** Programs inside containers. */
export function execOperations({ container, read, write }: Connection): Pick<ContainerRuntime, "exec"> {
  return {
    async exec(id, { command, user, env, stdin }, onOutput, signal) {
      const what = `run ${command[0]} in the container`;
      const made = await write(what, () =>
        container(id).exec({
          Cmd: [...command],
          AttachStdout: true,
          AttachStderr: true,
          AttachStdin: stdin !== undefined,
          ...(user === undefined ? {} : { User: user }),
          ...(env === undefined ? {} : { Env: [...env] }),
          abortSignal: limited(30_000, signal),
        }),
      );
      const stream = await write(what, () => attach(made, stdin !== undefined, signal));
      const abort = () => stream.destroy(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      try {
        const fed = stdin === undefined ? Promise.resolve() : feed(stream, stdin);
        for await (const piece of demultiplex(stream)) await onOutput(piece.stream, piece.data);
        await fed;
        signal.throwIfAborted();
        for (;;) {
          const { Running, ExitCode } = await read("ask how the program ended", () =>
            withSignal(made.inspect(), limited(30_000, signal)),
          );
          if (!Running && typeof ExitCode === "number") return { exitCode: ExitCode };
          await delay(lookMs, undefined, { signal });
        }
      } finally {
        signal.removeEventListener("abort", abort);
        stream.destroy();
      }
    },
  };
}

async function feed(into: NodeJS.WritableStream, from: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of from) {
    // A program that reads no further is told of by its exit code.
    if (!into.writable) return;
    if (!into.write(chunk)) await drained(into);
  }
  into.end();
}

function drained(into: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      into.off("drain", go);
      into.off("close", go);
      resolve();
    };
    into.on("drain", go);
    into.on("close", go);
  });
}

import { once } from "node:events";
import { createInterface } from "node:readline";
import { CommanderError } from "commander";
import { childArgument } from "./child/child.ts";
import { serveTask } from "./child/serve.ts";
import { CliError, exitCode, type Io } from "./cli/command.ts";
import { createProgram } from "./cli/index.ts";
import { inventoryArgument, runInventoryChild } from "./collectors/inventory.ts";
import { ConfigError } from "./config.ts";
import { IdentityError } from "./identity.ts";
import { errorText, printable } from "./log.ts";
import { StateFolderError } from "./state-folder.ts";

void main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  if (args[0] === inventoryArgument) return runInventoryChild();
  if (args[0] === "internal-swap") {
    const { runSwap } = await import("./executor/update/swap-program.ts");
    return await runSwap(args.slice(1));
  }
  if (args[0] === childArgument) return serveTask(args[1] ?? "");
  const { stop, hold } = handleSignals();
  const { stdout } = process;
  const program = createProgram({
    out: (text) => void stdout.write(text),
    drained: async () => void (stdout.writableNeedDrain && (await once(stdout, "drain"))),
    hold,
    terminal: stdout.isTTY === true,
    ...(process.stdin.isTTY === true && stdout.isTTY === true ? { ask: askPerson } : {}),
    env: process.env,
    // A terminal that does not say its width says 0.
    columns: process.stdout.columns || 160,
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    signal: stop,
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
  // A hung mount holds a thread, which would keep the process alive.
  if (process.stdout.writableLength === 0) process.exit();
  process.stdout.once("drain", () => process.exit());
}

/** The first signal asks to stop and the second ends the process at once, but for what holds it. */
function handleSignals(): { stop: AbortSignal; hold: NonNullable<Io["hold"]> } {
  const stop = new AbortController();
  let held: (() => void) | undefined;
  const onSignal = () => {
    if (held) return held();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
    stop.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  // Output into a closed pipe (| head) is no fault.
  process.stdout.on("error", () => held ?? process.exit(exitCode.ok));
  process.stderr.on("error", () => undefined);
  const ignore = () => undefined;
  return {
    stop: stop.signal,
    hold(onInterrupt) {
      held = onInterrupt;
      process.on("SIGHUP", ignore);
      return () => {
        held = undefined;
        process.off("SIGHUP", ignore);
      };
    },
  };
}

async function askPerson(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await new Promise((resolve) => {
      // Ctrl-C at a question is no answer.
      lines.once("SIGINT", () => resolve(""));
      lines.once("close", () => resolve(""));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  // Several wrong settings are several lines.
  const texts = error instanceof ConfigError ? error.message.split("\n") : [errorText(error)];
  for (const text of texts) process.stderr.write(`fairlead-agent: ${printable(text)}\n`);
  if (error instanceof CliError) return error.code;
  if (error instanceof ConfigError || error instanceof StateFolderError) return exitCode.usage;
  if (error instanceof IdentityError) return exitCode.notEnrolled;
  return exitCode.failed;
}

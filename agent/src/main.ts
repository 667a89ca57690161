import { CommanderError } from "commander";
import { childArgument } from "./child/child.ts";
import { serveTask } from "./child/serve.ts";
import { CliError, exitCode } from "./cli/command.ts";
import { createProgram } from "./cli/index.ts";
import { inventoryArgument, runInventoryChild } from "./collectors/inventory.ts";
import { ConfigError } from "./config.ts";
import { IdentityError } from "./identity.ts";
import { errorText, printable } from "./log.ts";
import { StateFolderError } from "./state-folder.ts";

void main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  if (args[0] === inventoryArgument) return runInventoryChild();
  if (args[0] === childArgument) return serveTask(args[1] ?? "");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  // Output into a closed pipe (| head) is no fault.
  process.stdout.on("error", () => process.exit(exitCode.ok));
  const program = createProgram({
    out: (text) => void process.stdout.write(text),
    env: process.env,
    columns: process.stdout.columns ?? 160,
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    signal: stop.signal,
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

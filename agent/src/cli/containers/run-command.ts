import type { pb } from "@fairlead/proto";
import type { Command } from "commander";
import type { LocalResult } from "../../control-command.ts";
import { configOf, exitCode, globals, type Io } from "../command.ts";
import { createLive, type Live, silent } from "./live.ts";

/** Runs a command with its progress on the terminal; with --json quietly. A failure sets the exit code. */
export async function runCommand(io: Io, command: Command, given: pb.Command.$Properties): Promise<LocalResult> {
  const live = globals(command).json === true ? silent : createLive(io);
  try {
    // The executor is much, and most commands do without it.
    const { execute } = await import("./execute.ts");
    const result = await execute(configOf(command, io), io, given, live);
    if (result.status !== "SUCCEEDED") process.exitCode = exitCode.failed;
    return result;
  } finally {
    live.close();
  }
}

/** The same for what takes no time: only its end is told. */
export async function runQuietly(io: Io, command: Command, given: pb.Command.$Properties): Promise<LocalResult> {
  const { execute } = await import("./execute.ts");
  const result = await execute(configOf(command, io), io, given, quiet(io));
  if (result.status !== "SUCCEEDED") process.exitCode = exitCode.failed;
  return result;
}

function quiet(io: Io): Live {
  return { ...silent, undoes: false, note: (text) => io.out(`${text}\n`) };
}

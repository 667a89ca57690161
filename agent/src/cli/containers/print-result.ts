import type { Command } from "commander";
import type { LocalResult } from "../../control-command.ts";
import { CliError, globals, type Io } from "../command.ts";

/**
 * Prints how a command ended: with --json all of it, else `text` of one that succeeded. Throws CliError with the reason
 * where it failed, so that standard output holds results alone.
 */
export function printResult(command: Command, io: Io, result: LocalResult, text: string): void {
  if (globals(command).json === true) {
    io.out(`${JSON.stringify({ ok: result.status === "SUCCEEDED", ...result })}\n`);
    return;
  }
  if (result.status !== "SUCCEEDED") throw new CliError(result.reason === "" ? result.status : result.reason);
  const { state, health } = result.output;
  const now = typeof state === "string" ? `: ${state}${typeof health === "string" ? `, ${health}` : ""}` : "";
  io.out(`${text}${now}\n`);
}

import type { Command as Commander } from "commander";
import { type AgentConfig, loadConfig } from "../config.ts";

/** What the process ends with. Documented in docs/agent-cli.md; scripts rely on it. */
export const exitCode = { ok: 0, failed: 1, usage: 2, notRunning: 3, notEnrolled: 4 } as const;

/** Ends a command with one line and an exit code: no stack. */
export class CliError extends Error {
  readonly code: number;
  constructor(message: string, code: number = exitCode.failed) {
    super(message);
    this.code = code;
  }
}

/** What commands use of the process; tests give their own. */
export type Io = {
  out(text: string): void;
  env: Record<string, string | undefined>;
  columns: number;
  colour: boolean;
  signal: AbortSignal;
  /** Resolves as soon as standard output takes more. */
  drained?: () => Promise<void>;
  /** Standard output is a terminal, whose lines can be drawn again. */
  terminal?: boolean;
  /** Both ends are a terminal: asks the person there; answers the line, "" at its end. */
  ask?: (question: string) => Promise<string>;
  /**
   * Until the answer is called, Ctrl-C and the like are told to `onInterrupt` instead of aborting `signal`, and neither a
   * terminal nor a reader of the output that goes away ends the process.
   */
  hold?: (onInterrupt: () => void) => () => void;
};

/** Options that every command has. */
export type GlobalOptions = { config?: string; json?: boolean };

/** One file a command, one line in cli/index.ts. */
export type CliCommand = { name: string; register(program: Commander, io: Io): void };

/** Options of the command with the global ones; `--json` and `--config` may stand before or after its name. */
export function globals(command: Commander): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

/** The agent's configuration as the options name it. Throws ConfigError. */
export function configOf(command: Commander, io: Io): AgentConfig {
  return loadConfig(globals(command).config, io.env);
}

/** Writes a value as JSON, or as the text that `text` makes of it. */
export function print<T>(command: Commander, io: Io, value: T, text: (value: T) => string): void {
  io.out(globals(command).json === true ? `${JSON.stringify(value)}\n` : `${text(value)}\n`);
}

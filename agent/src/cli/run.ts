import { createLog } from "../log.ts";
import { type CliCommand, configOf, exitCode } from "./command.ts";

/** `run`: the agent itself, until a signal ends it. */
export const run: CliCommand = {
  name: "run",
  register(program, io) {
    program
      .command("run")
      .description("collect, spool and stream until it is stopped (what the service runs)")
      .action(async (_options, command) => {
        const config = configOf(command, io);
        const { runAgent } = await import("../run.ts");
        await runAgent(config, { signal: io.signal, log: createLog(config.logLevel) });
        process.exitCode = exitCode.ok;
      });
  },
};

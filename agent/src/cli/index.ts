import { Command } from "commander";
import { version as ownVersion } from "../version.ts";
import { collect } from "./collect.ts";
import type { CliCommand, Io } from "./command.ts";
import { containers } from "./containers.ts";
import { db } from "./db.ts";
import { doctor } from "./doctor.ts";
import { enroll } from "./enroll.ts";
import { pools } from "./pools.ts";
import { run } from "./run.ts";
import { smart } from "./smart.ts";
import { spool } from "./spool.ts";
import { status } from "./status.ts";
import { top } from "./top.ts";
import { uninstall } from "./uninstall.ts";
import { version } from "./version.ts";

/** Every command, in the order of the help. */
export const commands: readonly CliCommand[] = [
  run,
  enroll,
  status,
  doctor,
  collect,
  smart,
  pools,
  db,
  containers,
  top,
  spool,
  version,
  uninstall,
];

/** The program with all its commands. Parsing throws CommanderError instead of ending the process. */
export function createProgram(io: Io): Command {
  const program = new Command("fairlead-agent")
    .description("Watches this host and carries out what its server asks of it")
    .version(ownVersion, "-V, --version")
    .option("-c, --config <file>", "settings (default: /etc/fairlead-agent.yaml)")
    .option("--json", "print JSON")
    .showHelpAfterError("(see --help)")
    .exitOverride()
    .configureOutput({ writeOut: io.out })
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed or something is wrong, 2 wrong use or settings, 3 no agent runs here, 4 not enrolled",
    );
  for (const command of commands) command.register(program, io);
  return program;
}

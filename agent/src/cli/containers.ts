import type { CliCommand } from "./command.ts";
import { registerBackups } from "./containers/backups.ts";
import { registerInspect } from "./containers/inspect.ts";
import { registerList } from "./containers/list.ts";
import { registerLogs } from "./containers/logs.ts";
import { registerPower } from "./containers/power.ts";
import { registerUpdate } from "./containers/update.ts";

/**
 * `containers`: those of this host, and what a person does with them at the terminal. What changes something is run by
 * the agent that runs here, else here under its locks and its journal.
 */
export const containers: CliCommand = {
  name: "containers",
  register(program, io) {
    const group = program
      .command("containers")
      .description("list the containers of this host, look into them, update them");
    registerList(group, io);
    registerInspect(group, io);
    registerLogs(group, io);
    registerPower(group, io);
    registerUpdate(group, io);
    registerBackups(group, io);
  },
};

import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { defaultConfigPath } from "../config.ts";
import { readStatus } from "../control.ts";
import { removeState } from "../state-folder.ts";
import { type CliCommand, CliError, configOf, exitCode, globals, print } from "./command.ts";

const unit = "/etc/systemd/system/fairlead-agent.service";
const rc = "/etc/init.d/fairlead-agent";
const binary = "/usr/local/bin/fairlead-agent";

/** `uninstall`: what `install.sh --uninstall` does, without the script. */
export const uninstall: CliCommand = {
  name: "uninstall",
  register(program, io) {
    program
      .command("uninstall")
      .description("stop the service and remove the agent from this host")
      .option("--yes", "do it; without it only says what would go")
      .option("--purge", "remove identity, spool and settings too")
      .action(async (options: { yes?: boolean; purge?: boolean }, command) => {
        const { stateDir } = configOf(command, io);
        const kept = [stateDir, globals(command).config ?? io.env.FAIRLEAD_AGENT_CONFIG ?? defaultConfigPath];
        const paths = [unit, rc, binary, ...(options.purge === true ? kept : [])].filter((path) => existsSync(path));
        if (options.yes !== true) {
          print(command, io, { removed: [], wouldRemove: paths }, (v) =>
            v.wouldRemove.length === 0
              ? "nothing is installed here"
              : `would remove:\n${v.wouldRemove.join("\n")}\nadd --yes to do it`,
          );
          return;
        }
        if (process.getuid?.() !== 0) throw new CliError("must run as root: put sudo before it", exitCode.failed);
        if (existsSync(unit)) attempt("systemctl", ["disable", "--now", "fairlead-agent.service"]);
        if (existsSync(rc)) {
          attempt("rc-service", ["fairlead-agent", "stop"]);
          attempt("rc-update", ["del", "fairlead-agent", "default"]);
        }
        const running = await readStatus(stateDir).catch(() => undefined);
        if (running !== undefined) {
          throw new CliError(`an agent still runs here (pid ${running.pid}): stop it, then try again`, exitCode.failed);
        }
        // The folder may have been set to one that others use: only what is the agent's own goes.
        const removed = paths.filter((path) => (path === stateDir ? removeState(path) : remove(path)));
        if (existsSync("/run/systemd/system")) attempt("systemctl", ["daemon-reload"]);
        print(command, io, { removed, wouldRemove: [] }, (v) =>
          v.removed.length === 0 ? "nothing was installed here" : `removed:\n${v.removed.join("\n")}`,
        );
      });
  },
};

function remove(path: string): boolean {
  rmSync(path, { force: true });
  return true;
}

function attempt(file: string, args: string[]): void {
  try {
    execFileSync(file, args, { stdio: "ignore", timeout: 60_000 });
  } catch {
    // A service that is not there or already stopped is what we want; a running agent is noticed below.
  }
}

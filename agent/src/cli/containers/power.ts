import type { pb } from "@fairlead/proto";
import type { Command } from "commander";
import { globals, type Io } from "../command.ts";
import { confirm, needPerson } from "./ask.ts";
import { checkedName, secondsOf } from "./options.ts";
import { printResult } from "./print-result.ts";
import { runQuietly } from "./run-command.ts";

type Options = { timeout?: string; signal?: string; force?: boolean; volumes?: boolean; yes?: boolean };
type Action = {
  name: string;
  help: string;
  done: string;
  options?: (command: Command) => Command;
  build(container: string, options: Options): pb.Command.$Properties;
};

const withTimeout = (command: Command) =>
  command.option("-t, --timeout <time>", 'how long it may take to stop, like "30s" (default: its own setting)');

const actions: readonly Action[] = [
  { name: "start", help: "start it", done: "started", build: (container) => ({ containerStart: { container } }) },
  {
    name: "stop",
    help: "stop it with its own signal",
    done: "stopped",
    options: withTimeout,
    build: (container, { timeout }) => ({
      containerStop: { container, timeoutSeconds: secondsOf("--timeout", timeout) },
    }),
  },
  {
    name: "restart",
    help: "stop and start it",
    done: "restarted",
    options: withTimeout,
    build: (container, { timeout }) => ({
      containerRestart: { container, timeoutSeconds: secondsOf("--timeout", timeout) },
    }),
  },
  {
    name: "pause",
    help: "freeze its processes",
    done: "paused",
    build: (container) => ({ containerPause: { container } }),
  },
  {
    name: "unpause",
    help: "let its processes go on",
    done: "goes on",
    build: (container) => ({ containerUnpause: { container } }),
  },
  {
    name: "kill",
    help: "send its first process a signal",
    done: "signalled",
    options: (command) => command.option("-s, --signal <name>", "SIGTERM, SIGHUP ... (default: SIGKILL)"),
    build: (container, { signal }) => ({ containerKill: { container, signal: signalOf(signal) } }),
  },
  {
    name: "rm",
    help: "remove it; its named volumes stay",
    done: "removed",
    options: (command) =>
      command
        .option("--force", "also when it runs")
        .option("-v, --volumes", "its anonymous volumes too")
        .option("-y, --yes", "do not ask"),
    build: (container, { force, volumes }) => ({
      containerRemove: { container, force: force === true, volumes: volumes === true },
    }),
  },
];

/** `containers start|stop|restart|pause|unpause|kill|rm NAME`. */
export function registerPower(group: Command, io: Io): void {
  for (const action of actions) {
    const command = group.command(action.name).argument("<name>", "the container").description(action.help);
    (action.options ?? ((one) => one))(command).action(async (name: string, options: Options, command: Command) => {
      const given = action.build(checkedName(name), options);
      if (action.name === "rm") {
        needPerson(io, options, globals(command).json);
        const volumes = options.volumes === true ? " and its anonymous volumes" : "";
        await confirm(io, options.yes, `remove ${name}${volumes}? This can't be undone`);
      }
      const result = await runQuietly(io, command, given);
      printResult(command, io, result, `${name} ${action.done}`);
    });
  }
}

function signalOf(given: string | undefined): string {
  const name = (given ?? "").toUpperCase();
  return name === "" || name.startsWith("SIG") || /^\d/.test(name) ? name : `SIG${name}`;
}

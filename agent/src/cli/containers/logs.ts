import type { Command } from "commander";
import { printable } from "../../log.ts";
import { type OutputStream, RuntimeFailure } from "../../runtimes/runtime.ts";
import { followLog } from "../../stream/follow-log.ts";
import { CliError, configOf, exitCode, globals, type Io } from "../command.ts";
import { checkedName, sinceOf } from "./options.ts";
import { nameTheOnesThere, openRuntimes } from "./runtimes.ts";

type Options = { follow?: boolean; tail: string; since?: string; stream?: string; times: boolean; raw?: boolean };

const defaultTail = 200;
const mostTail = 1_000_000;

/** `containers logs NAME`: its log as the engine keeps it, followed over restarts and updates with -f. */
export function registerLogs(group: Command, io: Io): void {
  group
    .command("logs")
    .argument("<name>", "the container; RUNTIME/NAME on others than the first runtime")
    .description("print the log of a container, line by line")
    .option("-f, --follow", "go on with what comes, over restarts and updates, until it is stopped")
    .option("-n, --tail <count>", `its last lines, or "all" (default: ${defaultTail}; all with --since)`)
    .option("--since <time>", 'only what is newer: "10m", "2h", or a time like 2026-11-23T08:00:00Z')
    .option("--stream <name>", "stdout or stderr alone")
    .option("--no-times", "leave out the time of each line")
    .option("--raw", "pass colours and all else that steers a terminal; only for containers that you trust")
    .action(async (name: string, options: Options, command) => {
      const runtimes = openRuntimes(configOf(command, io));
      const since = sinceOf(options.since, Date.now());
      const tail = tailOf(options.tail, since > 0);
      const only = streamOf(options.stream);
      const format = globals(command).json === true ? asJson : asText(options, io.colour);
      const request = { container: checkedName(name), tail, sinceMs: since, follow: options.follow === true };
      const onLine = (stream: OutputStream, line: Buffer) => {
        if (only === undefined || only === stream) io.out(format(stream, line.toString("utf8").replace(/\r?\n$/, "")));
      };
      try {
        await followLog(runtimes, request, onLine, () => io.drained?.(), io.signal);
      } catch (error) {
        if (io.signal.aborted) return;
        const missing = error instanceof RuntimeFailure && error.code === "not_found";
        throw missing && !/was removed/.test(error.message) ? await nameTheOnesThere(name, runtimes, io.signal) : error;
      }
    });
}

/** A line as people read it; only its container's own lines can begin with a time. */
function asText({ times, raw }: Options, colour: boolean): (stream: OutputStream, line: string) => string {
  return (stream, line) => {
    const { time, text } = parted(line);
    const shown = raw === true ? text : text.split("\t").map(printable).join("\t");
    const marked = stream === "stderr" && colour && raw !== true ? `\u001b[31m${shown}\u001b[0m` : shown;
    return times && time !== "" ? `${shownTime(time)} ${marked}\n` : `${marked}\n`;
  };
}

/** Engines differ in digits and in the zone; what is no time is left as it is. */
function shownTime(time: string): string {
  const at = Date.parse(time);
  return Number.isFinite(at) ? new Date(at).toISOString() : time;
}

function asJson(stream: OutputStream, line: string): string {
  const { time, text } = parted(line);
  return `${JSON.stringify({ time, stream, text })}\n`;
}

function parted(line: string): { time: string; text: string } {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/.exec(line);
  return match ? { time: match[1] ?? "", text: line.slice(match[0].length) } : { time: "", text: line };
}

function tailOf(text: string | undefined, hasSince: boolean): number {
  if (text === undefined) return hasSince ? mostTail : defaultTail;
  if (text === "all") return mostTail;
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= mostTail) return count;
  throw new CliError(`--tail: ${JSON.stringify(text.slice(0, 60))}: give a number of lines, or all`, exitCode.usage);
}

function streamOf(text: string | undefined): OutputStream | undefined {
  if (text === undefined || text === "stdout" || text === "stderr") return text;
  throw new CliError(`--stream: ${JSON.stringify(text.slice(0, 60))}: give stdout or stderr`, exitCode.usage);
}

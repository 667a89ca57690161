import { createHost } from "../host/host.ts";
import { type TopProcess, topProcesses } from "../host/top-processes.ts";
import { type CliCommand, CliError, exitCode, print } from "./command.ts";
import { bytes, table } from "./text.ts";

/** `top`: the processes that use most, now. */
export const top: CliCommand = {
  name: "top",
  register(program, io) {
    program
      .command("top")
      .description("list the processes that use most CPU and most memory now")
      .option("-n, --number <count>", "how many of each, 1 to 1000", parseCount, 10)
      .action(async ({ number }: { number: number }, command) => {
        const found = await topProcesses(createHost(), number, io.signal);
        print(command, io, found, (v) => `${list("BY CPU", v.byCpu)}\n\n${list("BY MEMORY", v.byMemory)}`);
      });
  },
};

function list(title: string, processes: readonly TopProcess[]): string {
  const rows = processes.map((p) => [
    p.name,
    String(p.pid),
    p.state,
    `${(p.cpuCores * 100).toFixed(1)} %`,
    bytes(p.memoryBytes),
    String(p.threads),
  ]);
  return table([[title, "PID", "STATE", "CPU", "MEMORY", "THREADS"], ...rows]);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new CliError(`-n ${text}: give a whole number, 1 to 1000`, exitCode.usage);
}

import type { Finished, Host, RunOptions } from "./host.ts";

const last = new Map<string, Promise<void>>();
const nothing = () => undefined;

/**
 * Runs a program as `host.run`, after those of its flight that were asked for before: a collector and a command that ask
 * for the same wait for each other. One that was given up and lives on still refuses the next.
 */
export async function runInTurn(
  host: Host,
  file: string,
  args: readonly string[],
  options: RunOptions & { flight: string },
): Promise<Finished> {
  const { flight } = options;
  const before = last.get(flight) ?? Promise.resolve();
  const mine = before.then(() => host.run(file, args, options));
  const settled = mine.then(nothing, nothing);
  last.set(flight, settled);
  try {
    return await mine;
  } finally {
    if (last.get(flight) === settled) last.delete(flight);
  }
}

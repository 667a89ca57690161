import { CliError, exitCode, type Io } from "../command.ts";

/** Throws CliError where somebody would have to be asked and nobody is there: before anything is done for it. */
export function needPerson(io: Io, { yes }: { yes?: boolean }, json: boolean | undefined): void {
  if (yes === true) return;
  if (json === true) throw new CliError("with --json nobody is asked: add --yes to do it", exitCode.usage);
  if (!io.ask) throw new CliError("there is no terminal to ask at: add --yes to do it", exitCode.usage);
}

/** Asks the person at the terminal; throws CliError where they say no, or nobody is there and `yes` was not given. */
export async function confirm(io: Io, yes: boolean | undefined, question: string): Promise<void> {
  if (yes === true) return;
  const answer = await io.ask?.(`${question} [y/N] `);
  if (!/^\s*y(es)?\s*$/i.test(answer ?? "")) throw new CliError("nothing was changed");
}

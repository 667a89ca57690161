import type { ParsedCommand } from "./command.ts";
import { changePower, type PowerAction, settlePower } from "./container-power.ts";
import { resumeUpdate, updateContainer } from "./container-update.ts";
import { configureDatabase } from "./database-configure.ts";
import { acknowledgeDrive } from "./drive-acknowledge.ts";
import { resumeSelfTest, runSelfTest } from "./drive-selftest.ts";
import type { Outcome } from "./journal.ts";
import { scrubPool } from "./pool-scrub.ts";
import type { RunContext } from "./run-context.ts";

type ArgumentsOf<T extends ParsedCommand["type"]> = Extract<ParsedCommand, { type: T }>["args"];

/** How a command type runs, and how it goes on when the agent was stopped in its middle. */
type Runner<A> = {
  run(args: A, context: RunContext): Promise<Outcome>;
  resume(args: A, context: RunContext): Promise<Outcome>;
};

/** All command types: one line each. */
export const commandRunners: { [T in ParsedCommand["type"]]: Runner<ArgumentsOf<T>> } = {
  "agent.ping": { run: ping, resume: ping },
  "host.refresh": { run: refresh, resume: refresh },
  "container.start": power("start"),
  "container.stop": power("stop"),
  "container.restart": power("restart"),
  "container.update": { run: updateContainer, resume: (_, context) => resumeUpdate(context) },
  "drive.selftest": { run: runSelfTest, resume: resumeSelfTest },
  "drive.acknowledge": { run: acknowledgeDrive, resume: acknowledgeDrive },
  "pool.scrub": { run: scrubPool, resume: scrubPool },
  "database.configure": { run: configureDatabase, resume: configureDatabase },
};

async function ping(_: unknown, { now }: RunContext): Promise<Outcome> {
  return { status: "SUCCEEDED", output: { timeUnixMs: now() } };
}

async function refresh(_: unknown, context: RunContext): Promise<Outcome> {
  context.phase("collect");
  return { status: "SUCCEEDED", output: await context.refresh() };
}

function power(action: PowerAction): Runner<{ container: string; timeoutSeconds?: number }> {
  return {
    run: (args, context) => changePower(action, args, context),
    resume: (args, context) => settlePower(action, args, context),
  };
}

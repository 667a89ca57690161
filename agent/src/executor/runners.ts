import { deleteBackup, verifyBackup } from "./backup-care.ts";
import type { ParsedCommand } from "./command.ts";
import { backUpContainer, resumeBackup } from "./container-backup.ts";
import { killContainer, removeContainer, settleKill, settleRemove } from "./container-end.ts";
import { changePower, type PowerAction, settlePower } from "./container-power.ts";
import { restoreContainer, resumeRestore } from "./container-restore.ts";
import { resumeRollback, rollBackContainer } from "./container-rollback.ts";
import { resumeUpdate, updateContainer } from "./container-update.ts";
import { configureDatabase } from "./database-configure.ts";
import { acknowledgeDrive } from "./drive-acknowledge.ts";
import { resumeSelfTest, runSelfTest } from "./drive-selftest.ts";
import { pruneRuntime, pullImage, removeImage } from "./images.ts";
import type { Outcome } from "./journal.ts";
import { scrubPool } from "./pool-scrub.ts";
import { resumeProject, updateProject } from "./project-update.ts";
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
  "container.pause": power("pause"),
  "container.unpause": power("unpause"),
  "container.kill": { run: killContainer, resume: settleKill },
  "container.remove": { run: removeContainer, resume: settleRemove },
  "container.update": { run: updateContainer, resume: (_, context) => resumeUpdate(context) },
  "project.update": { run: updateProject, resume: resumeProject },
  "container.rollback": { run: rollBackContainer, resume: resumeRollback },
  "container.backup": { run: backUpContainer, resume: resumeBackup },
  "container.restore": { run: restoreContainer, resume: resumeRestore },
  "backup.verify": { run: verifyBackup, resume: verifyBackup },
  "backup.delete": { run: deleteBackup, resume: deleteBackup },
  "image.pull": { run: pullImage, resume: pullImage },
  "image.remove": { run: removeImage, resume: removeImage },
  "runtime.prune": { run: pruneRuntime, resume: pruneRuntime },
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

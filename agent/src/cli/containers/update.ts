import type { pb } from "@fairlead/proto";
import type { Command } from "commander";
import type { LocalResult } from "../../control-command.ts";
import { CliError, globals, type Io } from "../command.ts";
import { folded } from "../folded.ts";
import { confirm, needPerson } from "./ask.ts";
import {
  backupOf,
  checkedImage,
  checkedName,
  forceOf,
  gatesOf,
  imagesOf,
  secondsOf,
  type UpdateOptions,
} from "./options.ts";
import { planChanges, planObstacle, planText } from "./plan-text.ts";
import { updateResult } from "./result-text.ts";
import { runCommand } from "./run-command.ts";

/** `containers update|update-project|rollback`: shows the plan, asks, does it with its progress. */
export function registerUpdate(group: Command, io: Io): void {
  const update = group
    .command("update")
    .argument("<name>", "the container")
    .argument("<image>", "what it is to run, like nginx:1.27 or nginx@sha256:...")
    .description("replace a container by one of another image; on any failure the old one comes back");
  withGates(withUpdateOptions(update)).action(async (name: string, image: string, options: UpdateOptions, command) => {
    const common = { container: checkedName(name), image: checkedImage(image), gates: gatesOf(options) };
    const wanted = { ...common, ...updateOptionsOf(options) };
    const ask = (dryRun: boolean) => ({ containerUpdate: { ...wanted, dryRun } });
    await planAndRun(io, command, options, ask, `update ${name}?`);
  });

  const project = group
    .command("update-project")
    .argument("<project>", "the compose project")
    .argument("<service=image...>", "new images by service; the others stay")
    .description("update services of a compose project in the order of their dependencies, all or none");
  withUpdateOptions(project).action(async (name: string, pairs: string[], options: UpdateOptions, command) => {
    const wanted = { project: name, images: imagesOf(pairs), ...updateOptionsOf(options) };
    const ask = (dryRun: boolean) => ({ projectUpdate: { ...wanted, dryRun } });
    await planAndRun(io, command, options, ask, `update ${Object.keys(wanted.images).join(", ")} of ${name}?`);
  });

  const rollback = group
    .command("rollback")
    .argument("<name>", "the container")
    .description("put a container back to the image of before its last update; its settings of now stay")
    .option("--update <id>", "the update to undo, as containers inspect shows it (default: the last)");
  const proved = withProof(rollback);
  withForce(proved).action(async (name: string, options: UpdateOptions & { update?: string }, command: Command) => {
    const common = { container: checkedName(name), update: options.update ?? "" };
    const given = { ...common, ...proofOf(options), forceReason: forceOf(options) };
    needPerson(io, options, globals(command).json);
    await confirm(io, options.yes, `roll ${name} back to the image of before?`);
    const result = await runCommand(io, command, { containerRollback: given });
    printUpdate(command, io, result, "rolled back to the image of before");
  });
}

async function planAndRun(
  io: Io,
  command: Command,
  options: UpdateOptions,
  given: (dryRun: boolean) => pb.Command.$Properties,
  question: string,
): Promise<void> {
  const json = globals(command).json === true;
  if (options.dryRun !== true) needPerson(io, options, globals(command).json);
  // Who asked for JSON and said yes wants the end alone.
  if (!json || options.dryRun === true) {
    const plan = await runCommand(io, command, given(true));
    if (json) return printUpdate(command, io, plan);
    if (plan.status !== "SUCCEEDED") throw new CliError(plan.reason);
    io.out(`\n${fitting(io, planText(plan.output))}\n\n`);
    const obstacle = planObstacle(plan.output);
    if (obstacle !== undefined) throw new CliError(obstacle);
    if (!planChanges(plan.output)) return void io.out("nothing to do: it has that image already\n");
    if (options.dryRun === true) return;
    await confirm(io, options.yes, question);
  }
  printUpdate(command, io, await runCommand(io, command, given(false)));
}

/** The end of an update; a failure is also one line on standard error. */
function printUpdate(command: Command, io: Io, result: LocalResult, done = "updated"): void {
  const ok = result.status === "SUCCEEDED";
  if (globals(command).json === true) return void io.out(`${JSON.stringify({ ok, ...result })}\n`);
  const text = updateResult(result, done);
  if (text !== "") io.out(`\n${fitting(io, text)}\n`);
  if (!ok) throw new CliError(result.reason === "" ? result.status : result.reason);
}

/** Elsewhere than on a terminal each line stays whole. */
function fitting({ terminal, columns }: Io, text: string): string {
  return terminal === true ? folded(text, columns) : text;
}

function updateOptionsOf(options: UpdateOptions) {
  const backup = backupOf(options);
  return {
    ...proofOf(options),
    keepImageSeconds: secondsOf("--keep-image", options.keepImage),
    forceReason: forceOf(options),
    ...(backup === undefined ? {} : { backup }),
  };
}

function proofOf(options: UpdateOptions) {
  return {
    stableSeconds: secondsOf("--stable", options.stable),
    healthTimeoutSeconds: secondsOf("--health-timeout", options.healthTimeout),
  };
}

function withProof(command: Command): Command {
  return command
    .option("--stable <time>", "how long the new one has to run without a restart (default: 10s)")
    .option("--health-timeout <time>", "how long it has to become healthy (default: from its health check)");
}

function withUpdateOptions(command: Command): Command {
  return withForce(
    withProof(command.option("--dry-run", "pull the image and show the plan, change nothing"))
      .option("--keep-image <time>", "how long the old image is kept for a roll-back (default: 7d)")
      .option("--backup <parts>", "save before: volumes, dump, config, full, none; several with commas")
      .option("--binds <paths>", "mounted folders to save too, by their paths in the container")
      .option("--consistency <how>", "pause, stop or live while it is saved")
      .option("--keep <time>", "how long the backup is kept (default: 7d)"),
  );
}

function withGates(command: Command): Command {
  const several = (value: string, before: string[] = []) => [...before, value];
  return command
    .option("--gate-http <port/path>", 'has to answer, like ":8080/healthz" or "https://:8443/"', several)
    .option("--gate-http-status <codes>", "with these (default: 200-399)")
    .option("--gate-http-contains <text>", "and this in its body")
    .option("--gate-tcp <port>", 'has to accept connections, like ":5432"', several)
    .option("--gate-exec <command>", `has to succeed in the container, like '["pg_isready"]'`, several)
    .option("--gate-timeout <time>", "how long each has for it (default: 60s)");
}

function withForce(command: Command): Command {
  return command
    .option("--force", "pass over the guards that can be passed over; needs --reason")
    .option("--reason <text>", "why, for the journal and the result")
    .option("-y, --yes", "do not ask");
}

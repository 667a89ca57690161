import { pb } from "@fairlead/proto";
import type { Command } from "commander";
import { type ListedBackup, listBackups } from "../../backups/manifest.ts";
import { backupFolder } from "../../backups/settings.ts";
import type { LocalResult } from "../../control-command.ts";
import { backupError } from "../../executor/argument-checks.ts";
import { CliError, configOf, exitCode, globals, type Io, print } from "../command.ts";
import { ago, bytes, duration, table } from "../text.ts";
import { confirm, needPerson } from "./ask.ts";
import { type BackupOptions, backupOf, checkedName } from "./options.ts";
import { backupResult } from "./result-text.ts";
import { runCommand } from "./run-command.ts";
import { openRuntimes } from "./runtimes.ts";

type RestoreOptions = { name?: string; overwriteVolumes?: boolean; start?: boolean; yes?: boolean };

/** `containers backup|backups|restore|verify|backup-rm`. */
export function registerBackups(group: Command, io: Io): void {
  group
    .command("backup")
    .argument("<name>", "the container")
    .argument(
      "[parts]",
      "besides its configuration: volumes, dump, full, config (default: as its labels say, else volumes)",
    )
    .description("save a container, to be restored here or made anew")
    .option("--binds <paths>", "mounted folders to save too, by their paths in the container")
    .option("--consistency <how>", "pause, stop or live while it is saved")
    .option("--keep <time>", "how long it is kept (default: 7d)")
    .action(async (name: string, given: string | undefined, options: BackupOptions, command) => {
      const container = checkedName(name);
      const parts = given ?? ((await isLabelled(container, command, io)) ? undefined : "volumes");
      const wanted = backupOf(parts === undefined ? options : { ...options, backup: parts }, "PARTS") ?? {};
      finish(io, command, await runCommand(io, command, { containerBackup: { container, options: wanted } }), "saved");
    });

  group
    .command("backups")
    .argument("[name]", "those of one container")
    .description("list the backups on this host; exit 1 when one is damaged")
    .action((name: string | undefined, _options, command) => {
      const config = configOf(command, io);
      const folder = backupFolder(config);
      const all = folder === undefined ? [] : listBackups(folder, Date.now());
      const mine = all.filter(({ manifest }) => name === undefined || isOf(manifest, name));
      print(command, io, { backups: mine }, () => backupTable(mine, Date.now()));
      if (mine.some(({ state }) => state === "damaged")) process.exitCode = exitCode.failed;
    });

  group
    .command("restore")
    .argument("<id>", "of the backup, as containers backups shows it")
    .description("make a container again from a backup, in place of the present one or under another name")
    .option("--name <name>", "make it under this name, beside the present one")
    .option(
      "--overwrite-volumes",
      "fill the volumes that are there with what the backup holds; what is in them is lost",
    )
    .option("--start", "start it afterwards (default: as it was)")
    .option("--no-start", "leave it stopped")
    .option("-y, --yes", "do not ask")
    .action(async (id: string, options: RestoreOptions, command) => {
      const { RESTORE_START_UNSPECIFIED, RESTORE_START_YES, RESTORE_START_NO } = pb.RestoreStart;
      const start = { true: RESTORE_START_YES, false: RESTORE_START_NO }[String(options.start)];
      const given = {
        backup: checkedId(id),
        name: options.name === undefined ? "" : checkedName(options.name),
        overwriteVolumes: options.overwriteVolumes === true,
        start: start ?? RESTORE_START_UNSPECIFIED,
      };
      needPerson(io, options, globals(command).json);
      const where = options.name === undefined ? "in place of the present container" : `as ${options.name}`;
      const over = given.overwriteVolumes ? ", over what its volumes hold now" : "";
      await confirm(io, options.yes, `restore ${id} ${where}${over}?`);
      finish(io, command, await runCommand(io, command, { containerRestore: given }), "restored");
    });

  group
    .command("verify")
    .argument("<id>", "of the backup")
    .description("read a backup whole and compare its checksums")
    .action(async (id: string, _options, command) => {
      finish(io, command, await runCommand(io, command, { backupVerify: { backup: checkedId(id) } }), "sound");
    });

  group
    .command("backup-rm")
    .argument("<id>", "of the backup")
    .description("remove a backup")
    .option("-y, --yes", "do not ask")
    .action(async (id: string, options: RestoreOptions, command) => {
      const backup = checkedId(id);
      needPerson(io, options, globals(command).json);
      await confirm(io, options.yes, `remove the backup ${id}? This can't be undone`);
      finish(io, command, await runCommand(io, command, { backupDelete: { backup } }), "removed");
    });
}

/** True where the container's own labels say what is to be saved. What can't be asked now is told by the command. */
async function isLabelled(name: string, command: Command, io: Io): Promise<boolean> {
  try {
    const { runtime, id } = await openRuntimes(configOf(command, io)).resolve(name, io.signal);
    const { labels } = await runtime.describe(id, io.signal);
    return ["fairlead.backup", "fairlead.backup.binds"].some((label) => label in labels);
  } catch {
    return false;
  }
}

function finish(io: Io, command: Command, result: LocalResult, done: string): void {
  const ok = result.status === "SUCCEEDED";
  if (globals(command).json === true) return void io.out(`${JSON.stringify({ ok, ...result })}\n`);
  if (!ok) throw new CliError(result.reason === "" ? result.status : result.reason);
  io.out(`${backupResult(result, done)}\n`);
}

function isOf(manifest: ListedBackup["manifest"], name: string): boolean {
  return manifest !== undefined && [manifest.container, `${manifest.runtime}/${manifest.container}`].includes(name);
}

function backupTable(backups: readonly ListedBackup[], now: number): string {
  if (backups.length === 0) return "no backups";
  const rows = backups.map(({ id, manifest, state, bytes: size, verifiedAt, problem }) => [
    id,
    manifest?.container ?? "?",
    state,
    bytes(size),
    ago(manifest?.created ?? 0, now),
    manifest === undefined ? "-" : [...new Set(manifest.files.map(({ what }) => what))].join(", "),
    manifest === undefined ? "-" : manifest.expires <= now ? "now" : `in ${duration((manifest.expires - now) / 1000)}`,
    ago(verifiedAt, now),
    problem,
  ]);
  return table([["BACKUP", "CONTAINER", "STATE", "SIZE", "MADE", "HOLDS", "GOES", "VERIFIED", ""], ...rows]);
}

function checkedId(id: string): string {
  const error = backupError(id);
  if (error !== undefined) throw new CliError(error, exitCode.usage);
  return id;
}

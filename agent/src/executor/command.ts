import { pb } from "@fairlead/proto";
import { keyError, short } from "./argument-checks.ts";
import { type ContainerCommand, parseContainerCommand } from "./container-command.ts";

/** A command as the server asked for it, checked. */
export type ParsedCommand =
  | { type: "agent.ping" | "host.refresh"; args: Record<string, never> }
  | ContainerCommand
  | { type: "drive.selftest"; args: SelfTestArguments }
  | { type: "drive.acknowledge"; args: AcknowledgeArguments }
  | { type: "pool.scrub"; args: ScrubArguments }
  | { type: "database.configure"; args: ConfigureArguments };

/** `drive`: key of the drive resource. */
export type SelfTestArguments = { drive: string; test: "short" | "long" | "conveyance" };

/** Without `counters` all that the drive shows are accepted; `reset` forgets what was. */
export type AcknowledgeArguments = { drive: string; counters: string[]; reset: boolean };

/** `pool`: key of the pool resource. */
export type ScrubArguments = { pool: string; action: "start" | "pause" | "stop" };

/** `database`: key of the database resource; `sealed`: base64, empty to forget what is kept. */
export type ConfigureArguments = { database: string; sealed: string };

/** Type and arguments of a command, or why they can't be accepted: argument, value, remedy. */
export function parseCommand(
  command: pb.Command.$Properties | pb.Command.$Shape,
): ParsedCommand | { type: string; error: string } {
  if (command.agentPing) return { type: "agent.ping", args: {} };
  if (command.hostRefresh) return { type: "host.refresh", args: {} };
  return parseContainerCommand(command) ?? parseStorageCommand(command) ?? parseDatabaseCommand(command) ?? unknown;
}

const unknown = { type: "unknown", error: "this agent does not know the command: update the agent" };

type Given = pb.Command.$Properties | pb.Command.$Shape;

function parseStorageCommand(command: Given): ParsedCommand | { type: string; error: string } | undefined {
  if (command.driveSelfTest) {
    const drive = command.driveSelfTest.drive ?? "";
    const { type } = command.driveSelfTest;
    const test = selfTests[type ?? 0];
    if (test === undefined) return { type: "drive.selftest", error: `type: ${type} is unknown: update the agent` };
    return checked("drive.selftest", [keyError("drive", drive)], { type: "drive.selftest", args: { drive, test } });
  }
  if (command.driveAcknowledge) {
    const { drive, counters, reset } = command.driveAcknowledge;
    const args = { drive: drive ?? "", counters: counters ?? [], reset: reset ?? false };
    const errors = [keyError("drive", args.drive), ...args.counters.map(counterError)];
    return checked("drive.acknowledge", errors, { type: "drive.acknowledge", args });
  }
  if (command.poolScrub) {
    const pool = command.poolScrub.pool ?? "";
    const given = command.poolScrub.action;
    const action = scrubs[given ?? 0];
    if (action === undefined) return { type: "pool.scrub", error: `action: ${given} is unknown: update the agent` };
    return checked("pool.scrub", [keyError("pool", pool)], { type: "pool.scrub", args: { pool, action } });
  }
  return undefined;
}

function parseDatabaseCommand(command: Given): ParsedCommand | { type: string; error: string } | undefined {
  if (!command.databaseConfigure) return undefined;
  const { database, sealed } = command.databaseConfigure;
  const args = { database: database ?? "", sealed: Buffer.from(sealed ?? []).toString("base64") };
  return checked("database.configure", [keyError("database", args.database)], { type: "database.configure", args });
}

const selfTests: Partial<Record<number, SelfTestArguments["test"]>> = {
  [pb.SelfTestType.SELF_TEST_TYPE_SHORT]: "short",
  [pb.SelfTestType.SELF_TEST_TYPE_LONG]: "long",
  [pb.SelfTestType.SELF_TEST_TYPE_CONVEYANCE]: "conveyance",
};

const scrubs: Partial<Record<number, ScrubArguments["action"]>> = {
  [pb.ScrubAction.SCRUB_ACTION_START]: "start",
  [pb.ScrubAction.SCRUB_ACTION_PAUSE]: "pause",
  [pb.ScrubAction.SCRUB_ACTION_STOP]: "stop",
};

function counterError(key: string): string | undefined {
  if (/^[a-z]+:[a-z0-9_:]{1,60}$/.test(key)) return undefined;
  return `counters: ${short(key)} is no counter: give keys like "ata:199"`;
}

function checked(type: string, errors: (string | undefined)[], command: ParsedCommand) {
  const error = errors.find((text) => text !== undefined);
  return error === undefined ? command : { type, error };
}

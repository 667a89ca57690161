import { pb } from "@fairlead/proto";
import { parseImageReference } from "@fairlead/shared/image-reference";

/** A command as the server asked for it, checked. */
export type ParsedCommand =
  | { type: "agent.ping" | "host.refresh"; args: Record<string, never> }
  | { type: "container.start"; args: { container: string } }
  | { type: "container.stop" | "container.restart"; args: { container: string; timeoutSeconds: number } }
  | { type: "container.update"; args: UpdateArguments }
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

/** Seconds; 0 = default. */
export type UpdateArguments = { container: string; image: string; stableSeconds: number; healthTimeoutSeconds: number };

const maxSeconds = 86_400;

/** Type and arguments of a command, or why they can't be accepted: argument, value, remedy. */
export function parseCommand(
  command: pb.Command.$Properties | pb.Command.$Shape,
): ParsedCommand | { type: string; error: string } {
  if (command.agentPing) return { type: "agent.ping", args: {} };
  if (command.hostRefresh) return { type: "host.refresh", args: {} };
  if (command.containerStart) {
    const container = command.containerStart.container ?? "";
    return checked("container.start", [containerError(container)], { type: "container.start", args: { container } });
  }
  if (command.containerStop || command.containerRestart) {
    const type = command.containerStop ? "container.stop" : "container.restart";
    const { container, timeoutSeconds } = command.containerStop ?? command.containerRestart ?? {};
    const args = { container: container ?? "", timeoutSeconds: timeoutSeconds ?? 0 };
    const errors = [containerError(args.container), secondsError("timeoutSeconds", args.timeoutSeconds)];
    return checked(type, errors, { type, args });
  }
  if (command.containerUpdate) {
    const { container, image, stableSeconds, healthTimeoutSeconds } = command.containerUpdate;
    const args = {
      container: container ?? "",
      image: image ?? "",
      stableSeconds: stableSeconds ?? 0,
      healthTimeoutSeconds: healthTimeoutSeconds ?? 0,
    };
    const errors = [
      containerError(args.container),
      imageError(args.image),
      secondsError("stableSeconds", args.stableSeconds),
      secondsError("healthTimeoutSeconds", args.healthTimeoutSeconds),
    ];
    return checked("container.update", errors, { type: "container.update", args });
  }
  return parseStorageCommand(command) ?? parseDatabaseCommand(command) ?? unknown;
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

function keyError(name: string, key: string): string | undefined {
  if (key === "") return `${name}: is empty: give the key of one as the list shows it`;
  return key.length > 512 ? `${name}: is longer than 512 characters: give a key as the list shows it` : undefined;
}

function counterError(key: string): string | undefined {
  if (/^[a-z]+:[a-z0-9_:]{1,60}$/.test(key)) return undefined;
  return `counters: ${short(key)} is no counter: give keys like "ata:199"`;
}

function checked(type: string, errors: (string | undefined)[], command: ParsedCommand) {
  const error = errors.find((text) => text !== undefined);
  return error === undefined ? command : { type, error };
}

// The engine's own rule for names; ids fit it too. https://github.com/moby/moby/blob/master/daemon/names/names.go
function containerError(name: string): string | undefined {
  if (name === "") return "container: is empty: give a container's name or id";
  if (name.length > 255) return "container: is longer than 255 characters: give a container's name or id";
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) return undefined;
  return `container: ${short(name)} is no container name: letters, digits, and after the first also _ . -`;
}

function imageError(image: string): string | undefined {
  const parsed = parseImageReference(image);
  return parsed.ok ? undefined : `image: ${short(image)} ${parsed.error}: give a reference like nginx:1.27`;
}

function secondsError(name: string, seconds: number): string | undefined {
  const fits = Number.isInteger(seconds) && seconds >= 0 && seconds <= maxSeconds;
  return fits ? undefined : `${name}: ${seconds} is out of range: give 0 (default) to ${maxSeconds}`;
}

function short(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

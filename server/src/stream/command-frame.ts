import { pb } from "@fairlead/proto";
import type { OpenCommand } from "../db/queries/commands.ts";
import { type CommandType, commandArgs } from "../domain/commands/command-types.ts";

type Action = Omit<pb.Command.$Properties, "id" | "deadlineUnixMs" | "action" | "$unknowns">;

/** A stored command as the frame that agents get; undefined for a row of a type or shape that is no longer known. */
export function toCommandFrame(row: OpenCommand): pb.Command.$Properties | undefined {
  const action = toAction(row.type as CommandType, row.args);
  return action === undefined ? undefined : { id: row.id, deadlineUnixMs: row.deadline.getTime(), ...action };
}

function toAction(type: CommandType, raw: unknown): Action | undefined {
  const parsed = Object.hasOwn(commandArgs, type) ? commandArgs[type].safeParse(raw) : undefined;
  if (parsed === undefined || !parsed.success) return undefined;
  switch (type) {
    case "agent.ping":
      return { agentPing: {} };
    case "host.refresh":
      return { hostRefresh: {} };
    case "container.start":
      return { containerStart: commandArgs[type].parse(raw) };
    case "container.stop": {
      const { container, timeoutSeconds = 0 } = commandArgs[type].parse(raw);
      return { containerStop: { container, timeoutSeconds } };
    }
    case "container.restart": {
      const { container, timeoutSeconds = 0 } = commandArgs[type].parse(raw);
      return { containerRestart: { container, timeoutSeconds } };
    }
    case "container.update": {
      const { container, image, stableSeconds = 0, healthTimeoutSeconds = 0 } = commandArgs[type].parse(raw);
      return { containerUpdate: { container, image, stableSeconds, healthTimeoutSeconds } };
    }
    case "drive.selftest": {
      const { drive, type: test } = commandArgs[type].parse(raw);
      return { driveSelfTest: { drive, type: selfTests[test] } };
    }
    case "drive.acknowledge": {
      const { drive, counters = [], reset = false } = commandArgs[type].parse(raw);
      return { driveAcknowledge: { drive, counters, reset } };
    }
    case "pool.scrub": {
      const { pool, action } = commandArgs[type].parse(raw);
      return { poolScrub: { pool, action: scrubs[action] } };
    }
    case "database.configure": {
      const { database, sealed } = commandArgs[type].parse(raw);
      return { databaseConfigure: { database, sealed: Buffer.from(sealed, "base64") } };
    }
    default:
      return type satisfies never;
  }
}

const selfTests = {
  short: pb.SelfTestType.SELF_TEST_TYPE_SHORT,
  long: pb.SelfTestType.SELF_TEST_TYPE_LONG,
  conveyance: pb.SelfTestType.SELF_TEST_TYPE_CONVEYANCE,
} as const;

const scrubs = {
  start: pb.ScrubAction.SCRUB_ACTION_START,
  pause: pb.ScrubAction.SCRUB_ACTION_PAUSE,
  stop: pb.ScrubAction.SCRUB_ACTION_STOP,
} as const;

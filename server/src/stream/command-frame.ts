import { pb } from "@fairlead/proto";
import type { z } from "zod";
import type { OpenCommand } from "../db/queries/commands.ts";
import { type CommandType, commandArgs } from "../domain/commands/command-types.ts";
import { containerFrames } from "./container-frames.ts";

/** The part of the frame that says what is to be done. */
export type Action = Omit<pb.Command.$Properties, "id" | "deadlineUnixMs" | "action" | "$unknowns">;

/** A stored command as the frame that agents get; undefined for a row of a type or shape that is no longer known. */
export function toCommandFrame(row: OpenCommand): pb.Command.$Properties | undefined {
  const action = toAction(row.type as CommandType, row.args);
  return action === undefined ? undefined : { id: row.id, deadlineUnixMs: row.deadline.getTime(), ...action };
}

function toAction(type: CommandType, raw: unknown): Action | undefined {
  if (!Object.hasOwn(commandArgs, type)) return undefined;
  const parsed = commandArgs[type].safeParse(raw);
  return parsed.success ? (frames[type] as (args: unknown) => Action)(parsed.data) : undefined;
}

const frames: { [T in CommandType]: (args: z.infer<(typeof commandArgs)[T]>) => Action } = {
  ...containerFrames,
  "agent.ping": () => ({ agentPing: {} }),
  "host.refresh": () => ({ hostRefresh: {} }),
  "drive.selftest": ({ drive, type }) => ({ driveSelfTest: { drive, type: selfTests[type] } }),
  "drive.acknowledge": ({ drive, counters = [], reset = false }) => ({ driveAcknowledge: { drive, counters, reset } }),
  "pool.scrub": ({ pool, action }) => ({ poolScrub: { pool, action: scrubs[action] } }),
  "database.configure": ({ database, sealed }) => ({
    databaseConfigure: { database, sealed: Buffer.from(sealed, "base64") },
  }),
};

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

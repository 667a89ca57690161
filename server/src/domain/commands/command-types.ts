import { z } from "zod";
import { containerArgs } from "./container-args.ts";

const key = z.string().min(1).max(512);

/** The typed commands, their arguments as people give them. Agents know no others. */
export const commandArgs = {
  "agent.ping": z.strictObject({}),
  "host.refresh": z.strictObject({}),
  ...containerArgs,
  "drive.selftest": z.strictObject({
    drive: key.describe("Key of the drive"),
    type: z.enum(["short", "long", "conveyance"]),
  }),
  "drive.acknowledge": z.strictObject({
    drive: key.describe("Key of the drive"),
    counters: z
      .array(
        z
          .string()
          .regex(/^[a-z]+:[a-z0-9_:]+$/, 'must be like "ata:199"')
          .max(64),
      )
      .max(100)
      .optional()
      .describe("The counts to accept; absent: all"),
    reset: z.boolean().optional().describe("true: forgets what was accepted instead"),
  }),
  "pool.scrub": z.strictObject({
    pool: key.describe("Key of the pool"),
    action: z.enum(["start", "pause", "stop"]).describe("start goes on with a paused one"),
  }),
  "database.configure": z.strictObject({
    database: key.describe("Key of the database"),
    sealed: z
      .string()
      .max(32_768)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/, "must be base64")
      .describe("Sealed for the agent's key; empty: forget it. PUT .../databases/{id}/credentials makes it"),
  }),
} as const;

export type CommandType = keyof typeof commandArgs;

/** All command types. */
export const commandTypes = Object.keys(commandArgs) as CommandType[];

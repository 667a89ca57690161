import { z } from "zod";

const container = z.string().trim().min(1).max(255).describe("Name or id of the container");
const seconds = z.int().min(0).max(3600);
const key = z.string().min(1).max(512);

/** The typed commands, their arguments as people give them. Agents know no others. */
export const commandArgs = {
  "agent.ping": z.strictObject({}),
  "host.refresh": z.strictObject({}),
  "container.start": z.strictObject({ container }),
  "container.stop": z.strictObject({ container, timeoutSeconds: seconds.optional() }),
  "container.restart": z.strictObject({ container, timeoutSeconds: seconds.optional() }),
  "container.update": z.strictObject({
    container,
    image: z
      .string()
      .trim()
      .min(1)
      .max(512)
      .regex(/^[\w.\-:/@]+$/, "must be an image reference like registry/name:tag or name@sha256:..."),
    stableSeconds: seconds.optional(),
    healthTimeoutSeconds: seconds.optional(),
  }),
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

import { z } from "zod";

const container = z.string().trim().min(1).max(255).describe("Name or id of the container");
const seconds = z.int().min(0).max(3600);

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
} as const;

export type CommandType = keyof typeof commandArgs;

/** All command types. */
export const commandTypes = Object.keys(commandArgs) as CommandType[];

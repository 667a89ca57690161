import { z } from "zod";

// A name may stand behind that of its runtime: "podman/web".
const container = z
  .string()
  .trim()
  .min(1)
  .max(320)
  .regex(
    /^([a-z0-9][a-z0-9-]{0,62}\/)?[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    "must be a container's name or id: letters, digits, and after the first also _ . -",
  )
  .describe("Name or id of the container, RUNTIME/NAME off the first");
const image = z
  .string()
  .trim()
  .min(1)
  .max(512)
  .regex(/^[\w.\-:/@]+$/, "must be an image reference like registry/name:tag or name@sha256:...");
const seconds = z.int().min(0).max(3600);
const runtime = z
  .string()
  .trim()
  .max(64)
  .optional()
  .describe('Name of the runtime; absent: the first, mostly "docker"');
const backup = z
  .string()
  .trim()
  .regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, "must be an id as the list of backups shows it")
  .describe("Id of the backup");
const port = z.int().min(1).max(65_535).describe("The container's own port");
const forceReason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .optional()
  .describe("Why guards of the host are to be passed over");

/** Something that a new container has to pass. Exactly one of `tcp`, `http`, `exec`. */
export const gateSchema = z
  .strictObject({
    tcp: z.strictObject({ port }).optional(),
    http: z
      .strictObject({
        port,
        path: z
          .string()
          .max(1000)
          .regex(/^\/[\x21-\x7e]*$/, "must begin with / and hold no blanks")
          .optional(),
        status: z
          .string()
          .max(60)
          .regex(
            /^[1-5]([0-9]{2}|xx)(-[1-5][0-9]{2})?(,[1-5]([0-9]{2}|xx)(-[1-5][0-9]{2})?)*$/,
            "must be like 200, 2xx or 200-399",
          )
          .optional(),
        contains: z.string().min(1).max(500).optional(),
        tls: z.boolean().optional(),
      })
      .optional(),
    exec: z.strictObject({ command: z.array(z.string().max(4000)).min(1).max(64) }).optional(),
    timeoutSeconds: seconds.optional(),
  })
  .refine((gate) => [gate.tcp, gate.http, gate.exec].filter((probe) => probe !== undefined).length === 1, {
    message: "must have exactly one of tcp, http, exec",
  });

/** What is saved of a container besides its configuration. */
export const backupOptionsSchema = z.strictObject({
  volumes: z.boolean().optional().describe("All its volumes"),
  binds: z
    .array(z.string().max(4096).regex(/^\//, "must be a path in the container, like /data"))
    .max(32)
    .optional()
    .describe("Mounted host folders, by their path in the container"),
  dump: z.boolean().optional().describe("A dump by the database's own tools"),
  consistency: z.enum(["pause", "stop", "live"]).optional(),
  keepDays: z.int().min(1).max(3650).optional(),
});

const updateOptions = {
  stableSeconds: seconds.optional(),
  healthTimeoutSeconds: seconds.optional(),
  dryRun: z.boolean().optional().describe("true: answers the plan, changes nothing"),
  backup: backupOptionsSchema.optional(),
  forceReason,
  keepImageSeconds: z
    .int()
    .min(0)
    .max(365 * 86_400)
    .optional()
    .describe("How long the old image is kept; 7 days"),
};

/** Arguments of the commands on containers, images and backups, as people give them. */
export const containerArgs = {
  "container.start": z.strictObject({ container }),
  "container.stop": z.strictObject({ container, timeoutSeconds: seconds.optional() }),
  "container.restart": z.strictObject({ container, timeoutSeconds: seconds.optional() }),
  "container.pause": z.strictObject({ container }),
  "container.unpause": z.strictObject({ container }),
  "container.kill": z.strictObject({
    container,
    signal: z
      .string()
      .regex(/^(SIG)?[A-Z0-9+-]{1,12}$/, "must be like SIGTERM")
      .optional(),
  }),
  "container.remove": z.strictObject({
    container,
    force: z.boolean().optional().describe("Also while it runs"),
    volumes: z.boolean().optional().describe("Its anonymous volumes too"),
  }),
  "container.update": z.strictObject({
    container,
    image,
    ...updateOptions,
    gates: z.array(gateSchema).max(16).optional(),
  }),
  "project.update": z.strictObject({
    project: z.string().trim().min(1).max(255).describe("Name of the compose project"),
    images: z
      .record(z.string().min(1).max(255), image)
      .refine((map) => Object.keys(map).length > 0, "must name a service"),
    ...updateOptions,
  }),
  "container.rollback": z.strictObject({
    container,
    update: z.uuid().optional().describe("Id of the update's command; absent: the last one"),
    stableSeconds: seconds.optional(),
    healthTimeoutSeconds: seconds.optional(),
    forceReason,
  }),
  "container.backup": z.strictObject({ container, options: backupOptionsSchema.optional() }),
  "container.restore": z.strictObject({
    backup,
    name: z
      .string()
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
        "must be a container's name: letters, digits, and after the first also _ . -",
      )
      .max(200)
      .optional()
      .describe("Name of the container to make; absent: the same, in place of the present one"),
    overwriteVolumes: z.boolean().optional(),
    start: z.boolean().optional().describe("Absent: as it was"),
  }),
  "backup.verify": z.strictObject({ backup }),
  "backup.delete": z.strictObject({ backup }),
  "image.pull": z.strictObject({ runtime, image }),
  "image.remove": z.strictObject({ runtime, image, force: z.boolean().optional() }),
  "runtime.prune": z.strictObject({
    runtime,
    scope: z.enum(["containers", "dangling-images", "unused-images", "volumes", "networks", "build-cache"]),
  }),
} as const;

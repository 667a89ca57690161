import * as z from "zod/mini";

const device = z.string().check(z.regex(/^\/dev\/[\x21-\x7e]{1,200}$/));

/** `drives` of the configuration, a part of its schema. */
export const drivesSchema = z._default(
  z.strictObject({
    ignore: z._default(z.array(device).check(z.maxLength(500)), []),
    devices: z._default(
      z
        .array(z.strictObject({ device, type: z.string().check(z.regex(/^[a-z0-9][\x21-\x7e]{0,60}$/)) }))
        .check(z.maxLength(500)),
      [],
    ),
  }),
  { ignore: [], devices: [] },
);

/**
 * What the configuration says of drives: which to leave out, and what smartctl's scan does not find or takes for another
 * type. Devices may be links (/dev/disk/by-id/...).
 */
export type DriveSettings = z.infer<typeof drivesSchema>;

/** What to do about a wrong value, by key. */
export const driveRemedies: Record<string, string> = {
  drives: "give a mapping with ignore and devices",
  "drives.ignore": "give a list of devices, like /dev/sdb or /dev/disk/by-id/...",
  "drives.devices": 'give a list of {device: /dev/sda, type: "sat"}; types as smartctl -d takes them',
};

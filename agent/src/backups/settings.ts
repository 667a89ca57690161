import { join } from "node:path";
import * as z from "zod/mini";
import type { Host } from "../host/host.ts";

/** `backups` of the configuration, a part of its schema. */
export const backupsSchema = z._default(
  z.strictObject({
    folder: z.optional(z.string().check(z.regex(/^\/[^\0\n]{1,1000}$/))),
    keepDays: z._default(z.int().check(z.gte(1), z.lte(3650)), 7),
    maxBytes: z.optional(z.int().check(z.gte(1 << 20), z.lte(2 ** 52))),
  }),
  { keepDays: 7 },
);

/** Where backups lie (absent: in the agent's own folder), how long they are kept, and how much they may take together. */
export type BackupSettings = z.infer<typeof backupsSchema>;

/** What to do about a wrong value, by key. */
export const backupRemedies: Record<string, string> = {
  backups: "give a mapping with folder, keepDays and maxBytes",
  "backups.folder": "give the absolute path of a folder that only the agent uses",
  "backups.keepDays": "give 1 to 3650",
  "backups.maxBytes": 'give 1 MiB or more, as bytes or like "200GiB"',
};

/** The folder of backups, or undefined where the agent keeps nothing (CLI, tests). */
export function backupFolder({ backups, stateDir }: Pick<Host, "backups" | "stateDir">): string | undefined {
  return backups?.folder ?? (stateDir === undefined ? undefined : join(stateDir, "backups"));
}

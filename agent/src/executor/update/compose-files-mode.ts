import * as z from "zod/mini";

/** `composeFiles` of the configuration, a part of its schema. */
export const composeFilesSchema = z._default(z.enum(["edit", "labelled", "warn", "ignore"]), "warn");

/**
 * What the host's owner allows. `labelled`: files are edited for containers that ask for it by label; the rest is as with
 * `warn`.
 */
export type ComposeFilesSetting = z.infer<typeof composeFilesSchema>;

/** What is done about the compose file of one container. */
export type ComposeFilesMode = "edit" | "warn" | "ignore";

/** What to do about a wrong value. */
export const composeFilesRemedies: Record<string, string> = {
  composeFiles: "give edit, labelled, warn or ignore",
};

/** The label asks, the setting allows: whoever makes a container must not open files of the host to the agent by a label. */
export function modeFor(
  setting: ComposeFilesSetting = "warn",
  label: ComposeFilesMode | undefined,
): { mode: ComposeFilesMode; obstacle?: string } {
  if (setting === "ignore" || label === "ignore") return { mode: "ignore" };
  if (label === "warn" || (setting === "labelled" && label === undefined)) return { mode: "warn" };
  if (setting !== "warn") return { mode: "edit" };
  // It asked, so it is told why not.
  return label === "edit"
    ? { mode: "edit", obstacle: `composeFiles of the agent's settings is "warn"` }
    : { mode: "warn" };
}

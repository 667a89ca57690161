import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kindNames } from "@fairlead/shared/catalogue";
import * as z from "zod/mini";
import type { Remembered } from "./collectors/known-resources.ts";
import { writeFileAtomic } from "./state-file.ts";

const schema = z.array(
  z.object({
    kind: z.enum(kindNames),
    key: z.string(),
    state: z.optional(z.string()),
    collectors: z.array(z.string()),
  }),
);

const name = "resources.json";

/** The resources that the last run of the agent knew; none where there was none or its file is damaged. */
export function loadRemembered(stateDir: string): Remembered[] {
  try {
    const parsed = z.parse(schema, JSON.parse(readFileSync(join(stateDir, name), "utf8")));
    return parsed.map(({ state, ...rest }) => ({ ...rest, state }));
  } catch {
    return [];
  }
}

/** Not synced: losing it costs the news of what vanished while the agent was down. Throws what the file system throws. */
export function saveRemembered(stateDir: string, resources: readonly Remembered[]): void {
  writeFileAtomic(join(stateDir, name), `${JSON.stringify(resources)}\n`, { sync: false });
}

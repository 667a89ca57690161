import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "../state-file.ts";
import type { Range } from "./range-set.ts";

const whole = z.int().check(z.gte(0));
const schema = z.object({
  spoolId: z.string(),
  nextSeq: whole,
  dropped: whole,
  lastAt: whole,
  settled: z.array(z.tuple([whole, whole])),
});

/** What the spool knows beside its segments. An old one only causes records to be sent again. */
export type SpoolNote = {
  spoolId: string;
  nextSeq: number;
  dropped: number;
  lastAt: number;
  settled: readonly Range[];
};

/** Undefined where there is none or it is damaged. */
export function readSpoolNote(folder: string): SpoolNote | undefined {
  try {
    return z.parse(schema, JSON.parse(readFileSync(join(folder, "note.json"), "utf8")));
  } catch {
    return undefined;
  }
}

/** Throws what the file system throws. */
export function writeSpoolNote(folder: string, note: SpoolNote): void {
  writeFileAtomic(join(folder, "note.json"), `${JSON.stringify(note)}\n`, { sync: false });
}

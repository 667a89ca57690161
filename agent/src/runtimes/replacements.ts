import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** True for the name of a container that an unfinished command has in its hands. */
export type IsReplaced = (name: string) => boolean;

/** Where nothing is known of commands every such name counts as that of a replacement under way. */
export const unknownCommands: IsReplaced = () => true;

/**
 * What the journal of commands under `stateDir` tells. Read again when it changed; costs nothing where no name is asked
 * for. What can't be read counts as under way.
 */
export function createReplacements(stateDir: string | undefined): IsReplaced {
  if (stateDir === undefined) return unknownCommands;
  const folder = join(stateDir, "commands");
  /** Texts of commands that have no outcome, by file; those of others are empty. */
  const known = new Map<string, { changed: number; text: string }>();
  const until = new Map<string, number>();
  return (name) => {
    const now = performance.now();
    if (isOpen(folder, name, known)) {
      until.set(name, now + lateMs);
      return true;
    }
    if (now < (until.get(name) ?? 0)) return true;
    until.delete(name);
    return false;
  };
}

/** Events of the engine may be read when the command that caused them has ended. */
const lateMs = 5_000;

function isOpen(folder: string, name: string, known: Map<string, { changed: number; text: string }>): boolean {
  try {
    const files = namesIn(folder);
    for (const file of known.keys()) if (!files.includes(file)) known.delete(file);
    return files.some((file) => openText(folder, file, known).includes(JSON.stringify(name)));
  } catch {
    return true;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function openText(folder: string, file: string, known: Map<string, { changed: number; text: string }>): string {
  const path = join(folder, file);
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined) return "";
  const before = known.get(file);
  if (before?.changed === changed) return before.text;
  const text = readFileSync(path, "utf8");
  const ended = (JSON.parse(text) as { outcome?: unknown } | null)?.outcome !== undefined;
  const kept = ended ? "" : text;
  known.set(file, { changed, text: kept });
  return kept;
}

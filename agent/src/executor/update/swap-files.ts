import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFolder, writeFileAtomic } from "../../state-file.ts";
import { isCommandId, type JournalEntry } from "../journal.ts";

/**
 * What agent and helper share while the agent's own container is replaced, under `stateDir`/swaps. The entry is a copy of
 * the journal's: the helper alone writes it, the agent's journal has one writer too.
 */
export type SwapFiles = {
  /** Undefined where there is none, or none that can be read. */
  read(): JournalEntry | undefined;
  save(entry: JournalEntry): void;
  /** Asks the helper to give up. */
  cancel(): void;
  cancelled(): boolean;
  /** The agent in that container has come up. */
  takeOver(id: string): void;
  takenOverBy(): string;
  remove(): void;
};

/** The files of that command. Throws for what is no command's id. */
export function swapFiles(stateDir: string, command: string): SwapFiles {
  if (!isCommandId(command)) throw new Error("no id of a command");
  const folder = join(stateDir, "swaps");
  const file = (what: string) => join(folder, `${command}.${what}`);
  return {
    read() {
      try {
        const entry = JSON.parse(readFileSync(file("json"), "utf8")) as Partial<JournalEntry> | null;
        const whole = entry?.version === 1 && entry.id === command && entry.plan !== undefined;
        return whole && Array.isArray(entry.phases) ? (entry as JournalEntry) : undefined;
      } catch {
        return undefined;
      }
    },
    save(entry) {
      makePrivateFolder(folder);
      writeFileAtomic(file("json"), JSON.stringify(entry));
    },
    cancel: () => writeFileSync(file("cancel"), "", { mode: 0o600 }),
    cancelled: () => existsSync(file("cancel")),
    takeOver: (id) => writeFileAtomic(file("seen"), id),
    takenOverBy() {
      try {
        return readFileSync(file("seen"), "utf8");
      } catch {
        return "";
      }
    },
    remove() {
      for (const what of ["json", "cancel", "seen"]) rmSync(file(what), { force: true });
    },
  };
}

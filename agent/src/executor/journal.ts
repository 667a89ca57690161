import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { errorText, type Log } from "../log.ts";
import { makePrivateFolder, syncFolder, writeFileAtomic } from "../state-file.ts";

export type CommandStatusName = "SUCCEEDED" | "FAILED" | "ROLLED_BACK" | "EXPIRED" | "CANCELLED";

/** How a command ended; `reason` is one line, absent on success. */
export type Outcome = { status: CommandStatusName; reason?: string; output?: Record<string, unknown> };

/** A phase that was begun. `at` in Unix ms. */
export type PhaseRecord = { at: number; phase: string; message: string };

/** One command as the journal keeps it. Times in Unix ms, 0 = not yet. */
export type JournalEntry = {
  version: 1;
  id: string;
  type: string;
  args: Record<string, unknown>;
  deadlineAt: number;
  receivedAt: number;
  startedAt: number;
  finishedAt: number;
  confirmedAt: number;
  phases: PhaseRecord[];
  /** It was given on this host: the server knows nothing of it. */
  local?: true;
  /** What the command needs to finish or undo itself after a crash; dropped when it is done. */
  plan?: unknown;
  outcome?: Outcome;
};

/** The commands on disk, one file each. Everything is durable when a call returns. */
export type Journal = {
  entries: ReadonlyMap<string, JournalEntry>;
  /** Throws an Error that says which folder can't be written. An outcome also goes where its disk is full. */
  save(entry: JournalEntry): void;
  /** Drops confirmed entries that are old, or too many. */
  prune(now: number): void;
};

const keptMs = 24 * 3600_000;
const keptCount = 1_000;
const fileName = /^([0-9a-fA-F-]{36})\.json$/;

/** True for what may name a journal file. */
export function isCommandId(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** Reads the journal of that folder, making the folder if need be. Files that can't be read are set aside and told of. */
export function openJournal(folder: string, now: number, log: Log): Journal {
  makePrivateFolder(folder);
  const entries = new Map<string, JournalEntry>();
  const save = (entry: JournalEntry) => {
    const path = join(folder, `${entry.id}.json`);
    const text = JSON.stringify(entry);
    try {
      writeFileAtomic(path, text);
    } catch (error) {
      if (entry.outcome === undefined || !overwrite(path, text)) {
        throw new Error(`the journal of commands in ${folder} can't be written: ${errorText(error)}`);
      }
    }
    entries.set(entry.id, entry);
  };
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".tmp")) unlinkSync(join(folder, name));
    const id = fileName.exec(name)?.[1];
    if (id === undefined) continue;
    const entry = readEntry(join(folder, name), id);
    if (entry) {
      entries.set(id, entry);
      continue;
    }
    const aside = `${name}.corrupt-${now}`;
    renameSync(join(folder, name), join(folder, aside));
    syncFolder(folder);
    log.error("command journal is corrupt, set aside", { file: aside });
    save(corrupted(id, now, aside));
  }
  return {
    entries,
    save,
    prune(now) {
      const confirmed = [...entries.values()].filter((entry) => entry.confirmedAt > 0);
      confirmed.sort((a, b) => b.confirmedAt - a.confirmedAt);
      for (const [i, entry] of confirmed.entries()) {
        if (i < keptCount && now - entry.confirmedAt < keptMs) continue;
        unlinkSync(join(folder, `${entry.id}.json`));
        entries.delete(entry.id);
      }
    },
  };
}

/**
 * Writes over a file in the blocks that it has, which takes no room on most disks. How a command ended is shorter than its
 * plan, and lost it would be undone a second time. Not safe against a crash in its middle.
 */
function overwrite(path: string, text: string): boolean {
  try {
    const { size, blocks } = statSync(path);
    if (Buffer.byteLength(text) > Math.max(size, blocks * 512)) return false;
    const before = readFileSync(path);
    const file = openSync(path, "r+");
    try {
      const whole = writeAt(file, Buffer.from(text));
      if (!whole) writeAt(file, before);
      ftruncateSync(file, whole ? Buffer.byteLength(text) : before.length);
      fsyncSync(file);
      return whole;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

function writeAt(file: number, content: Uint8Array): boolean {
  try {
    return writeSync(file, content, 0, content.length, 0) === content.length;
  } catch {
    return false;
  }
}

function readEntry(path: string, id: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(readFileSync(path, "utf8")) as Partial<JournalEntry> | null;
    const whole =
      entry?.version === 1 &&
      entry.id === id &&
      typeof entry.type === "string" &&
      typeof entry.args === "object" &&
      entry.args !== null &&
      typeof entry.deadlineAt === "number" &&
      typeof entry.startedAt === "number" &&
      Array.isArray(entry.phases);
    return whole ? (entry as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

function corrupted(id: string, now: number, file: string): JournalEntry {
  return {
    version: 1,
    id,
    type: "unknown",
    args: {},
    deadlineAt: 0,
    receivedAt: now,
    startedAt: 0,
    finishedAt: now,
    confirmedAt: 0,
    phases: [],
    outcome: {
      status: "FAILED",
      reason: `the command's journal file was corrupt (kept as ${file}): how far it went is unknown, look at the container`,
    },
  };
}

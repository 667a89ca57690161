import { statSync } from "node:fs";
import { basename } from "node:path";
import { type Definitions, readDefinition, readEntry, recordType } from "./format.ts";
import { readSpoolNote } from "./note.ts";
import { RangeSet } from "./range-set.ts";
import { SegmentReader } from "./segment-reader.ts";
import { listSegments } from "./stock.ts";

/** One segment as it stands on disk. Times in Unix ms; 0 where there is no record. `damage` is absent when it is sound. */
export type SegmentInfo = {
  file: string;
  bytes: number;
  created: number;
  firstSeq: number;
  lastSeq: number;
  reports: number;
  changes: number;
  definitions: number;
  unacknowledged: number;
  firstAt: number;
  lastAt: number;
  damage?: string;
};

export type SpoolInfo = {
  spoolId: string;
  bytes: number;
  unacknowledged: number;
  dropped: number;
  segments: SegmentInfo[];
};

/**
 * Lists a spool without disturbing an agent that runs. What the agent acknowledged in the last minute may still count as
 * unacknowledged. An absent folder is an empty spool.
 */
export async function spoolLs(folder: string): Promise<SpoolInfo> {
  const note = readSpoolNote(folder);
  const info: SpoolInfo = {
    spoolId: note?.spoolId ?? "",
    bytes: 0,
    unacknowledged: 0,
    dropped: note?.dropped ?? 0,
    segments: [],
  };
  const settled = new RangeSet(note?.settled);
  const listed = present(folder);
  for (const [i, { path }] of listed.entries()) {
    const segment = await readSegment(path, settled, i === listed.length - 1).catch((error) => {
      // The agent may have removed it just now.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
    if (segment === undefined) continue;
    info.segments.push(segment);
    info.bytes += segment.bytes;
    info.unacknowledged += segment.unacknowledged;
  }
  return info;
}

function present(folder: string): ReturnType<typeof listSegments> {
  try {
    return listSegments(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "EACCES") throw new Error(`${folder} can't be read: run as the agent's user (root)`);
    throw error;
  }
}

/** What is wrong with the spool: one line a damaged segment; empty when all of it can be read. */
export async function verifySpool(folder: string): Promise<{ info: SpoolInfo; problems: string[] }> {
  const info = await spoolLs(folder);
  const problems = info.segments.flatMap(({ file, damage }) => (damage === undefined ? [] : [`${file}: ${damage}`]));
  return { info, problems };
}

async function readSegment(path: string, settled: RangeSet, last: boolean): Promise<SegmentInfo> {
  const bytes = statSync(path).size;
  const info: SegmentInfo = {
    file: basename(path),
    bytes,
    created: 0,
    firstSeq: 0,
    lastSeq: 0,
    reports: 0,
    changes: 0,
    definitions: 0,
    unacknowledged: 0,
    firstAt: 0,
    lastAt: 0,
  };
  const reader = await SegmentReader.open(path);
  if (reader === undefined) return last && bytes === 0 ? info : { ...info, damage: "header is damaged" };
  try {
    info.created = reader.header.created;
    info.firstSeq = reader.header.firstSeq;
    const definitions: Definitions = new Map();
    for (;;) {
      const raw = await reader.next();
      if (raw === "end") return info;
      // The agent may be writing that very record.
      if (raw === "torn" && last) return info;
      if (raw === "torn" || raw === "corrupt")
        return { ...info, damage: `${raw} at byte ${reader.position} of ${bytes}` };
      if (raw.type === recordType.definition) {
        readDefinition(raw.message, definitions);
        info.definitions++;
        continue;
      }
      const { at, type } = readEntry(raw, definitions);
      if (type === "report") info.reports++;
      else info.changes++;
      info.lastSeq = raw.seq;
      if (!settled.has(raw.seq)) info.unacknowledged++;
      if (info.firstAt === 0) info.firstAt = at;
      info.lastAt = Math.max(info.lastAt, at);
    }
  } catch (error) {
    return { ...info, damage: (error as Error).message };
  } finally {
    await reader.close();
  }
}

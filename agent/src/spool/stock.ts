import { randomUUID } from "node:crypto";
import { readdirSync, statSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../log.ts";
import { type Definitions, headerBytes, minRecordBytes, readDefinition, readEntry, recordType } from "./format.ts";
import { readSpoolNote } from "./note.ts";
import { RangeSet } from "./range-set.ts";
import { SegmentReader } from "./segment-reader.ts";

/** A segment file. */
export type Segment = {
  number: number;
  path: string;
  firstSeq: number;
  /** Unix ms. */
  created: number;
  bytes: number;
  /** The newest number that stands in it; -1 until something does. */
  lastSeq: number;
};

/** What a folder holds. */
export type Stock = {
  id: string;
  lastAt: number;
  segments: Segment[];
  settled: RangeSet;
  dropped: number;
  nextSeq: number;
};

/** Takes stock of a folder: headers of all segments, all of the last one. */
export async function takeStock(folder: string, log: Log): Promise<Stock> {
  const note = readSpoolNote(folder);
  const found: Stock = { id: "", lastAt: 0, segments: [], settled: new RangeSet(), dropped: 0, nextSeq: 1 };
  const headers: { segment: Segment; spoolId: string }[] = [];
  let beheaded = 0;
  for (const { number, path } of listSegments(folder)) {
    const bytes = sizeOf(path);
    // A disk with bad blocks gives an error instead of bytes: that segment is lost, the agent is not.
    const reader = await SegmentReader.open(path).catch((error) => {
      log.warn("spool segment can't be read", { path, error });
      return undefined;
    });
    if (reader === undefined) {
      if (bytes > headerBytes) {
        log.warn("spool segment has no header, removing it", { path, bytes });
        beheaded ||= number;
      }
      removeFile(path);
      continue;
    }
    const { firstSeq, created, dropped, spoolId } = reader.header;
    found.dropped = Math.max(found.dropped, dropped);
    headers.push({ segment: { number, path, firstSeq, created, bytes, lastSeq: -1 }, spoolId });
    await reader.close();
  }
  found.id = headers.at(-1)?.spoolId ?? note?.spoolId ?? randomUUID();
  const mine = headers.filter(({ spoolId }) => spoolId === found.id);
  for (const { segment } of headers.filter(({ spoolId }) => spoolId !== found.id)) {
    log.warn("spool segment of another spool, removing it", { path: segment.path });
    removeFile(segment.path);
  }
  found.segments = mine.map(({ segment }) => segment);
  const known = note?.spoolId === found.id ? note : undefined;
  if (known) {
    found.settled = new RangeSet(known.settled);
    found.dropped = Math.max(found.dropped, known.dropped);
    found.lastAt = known.lastAt;
  }
  const first = found.segments[0];
  const before = (first?.firstSeq ?? known?.nextSeq ?? 1) - 1;
  // What stood in a segment between others is missed when it is read; before the first one only the note tells of it.
  if (known && beheaded > 0 && (first === undefined || beheaded < first.number)) {
    found.dropped += before - found.settled.count(1, before);
  }
  found.settled.add(1, before);
  const last = found.segments.at(-1);
  found.nextSeq = last?.firstSeq ?? known?.nextSeq ?? 1;
  if (last) await lookAtLast(last, found, known?.nextSeq ?? 1, log);
  return found;
}

/** Reads the last segment through, cuts a torn tail off, and finds the next number, which no record ever had. */
async function lookAtLast(last: Segment, found: Stock, notedNext: number, log: Log): Promise<void> {
  const reader = await SegmentReader.open(last.path);
  if (reader === undefined) return;
  const definitions: Definitions = new Map();
  let at: Awaited<ReturnType<SegmentReader["next"]>>;
  const next = () => reader.next().catch(() => "corrupt" as const);
  for (at = await next(); typeof at === "object"; at = await next()) {
    if (at.type === recordType.definition) {
      tryTo(() => readDefinition((at as { message: Uint8Array }).message, definitions));
      continue;
    }
    found.nextSeq = at.seq + 1;
    const raw = at;
    tryTo(() => {
      found.lastAt = Math.max(found.lastAt, readEntry(raw, definitions).at);
    });
  }
  const torn = last.bytes - reader.position;
  await reader.close();
  // Numbers of records that stood behind a damaged place must not be given again: skip as many as could have.
  const following = Math.max(notedNext, found.nextSeq + (torn > 0 ? 1 + Math.floor(torn / minRecordBytes) : 0));
  const lost = Math.max(
    torn > 0 ? 1 : 0,
    notedNext - found.nextSeq - found.settled.count(found.nextSeq, notedNext - 1),
  );
  if (torn > 0) {
    log.warn("spool ends in half a record, cutting it off", { path: last.path, bytes: torn });
    truncateSync(last.path, reader.position);
    last.bytes = reader.position;
  }
  found.dropped += lost;
  last.lastSeq = found.nextSeq - 1;
  found.settled.add(found.nextSeq, following - 1);
  found.nextSeq = following;
}

/** Segments in a folder, oldest first. */
export function listSegments(folder: string): { number: number; path: string }[] {
  return readdirSync(folder)
    .filter((name) => /^\d{10}\.seg$/.test(name))
    .sort()
    .map((name) => ({ number: Number(name.slice(0, 10)), path: join(folder, name) }));
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Removes a file; one that can't be is tried again at the next start. */
export function removeFile(path: string): void {
  tryTo(() => unlinkSync(path));
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // What can't be read or removed is counted elsewhere or tried again at the next start.
  }
}

import { randomUUID } from "node:crypto";
import { readdirSync, statSync, truncateSync, unlinkSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { pb } from "@fairlead/proto";
import { errorText, type Log } from "../log.ts";
import type { Entry, Stored } from "../report/entry.ts";
import { makePrivateFolder, syncFolder } from "../state-file.ts";
import {
  type Definitions,
  encodeHeader,
  headerBytes,
  minRecordBytes,
  readDefinition,
  readEntry,
  recordType,
  SegmentEncoder,
} from "./format.ts";
import { readSpoolNote, type SpoolNote, writeSpoolNote } from "./note.ts";
import { RangeSet } from "./range-set.ts";
import { SegmentReader } from "./segment-reader.ts";

export type SpoolOptions = {
  folder: string;
  maxBytes: number;
  maxAgeMs: number;
  log: Log;
  /** Unix ms. */
  now: () => number;
  /** Size at which a new segment is begun. Default 1 MiB, less for a small cap. */
  segmentBytes?: number;
};

type Segment = {
  number: number;
  path: string;
  firstSeq: number;
  /** Unix ms. */
  created: number;
  bytes: number;
  /** The newest number that stands in it; -1 until something does. */
  lastSeq: number;
};

/** Entries that wait in memory while the disk takes none. */
const memoryEntries = 256;
const noteEveryMs = 60_000;

/**
 * What the server has not yet acknowledged, on disk: append-only segments, oldest dropped and counted at the cap. One
 * process at a time may open it. A record is on the disk (synced) when `append` resolves, or waits in memory while the
 * disk takes none.
 */
export class Spool {
  readonly id: string;
  /** Time of the newest entry, Unix ms; 0: none known. */
  lastAt: number;
  /** Why the disk takes nothing, or undefined. */
  problem: string | undefined;
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  readonly #segments: Segment[];
  /** Acknowledged, dropped or never given: of no more concern. */
  readonly #settled: RangeSet;
  readonly #memory: Stored[] = [];
  #dropped: number;
  #nextSeq: number;
  #file: FileHandle | undefined;
  #encoder = new SegmentEncoder();
  #turn: Promise<unknown> = Promise.resolve();
  #noteDirty = false;
  #notedAt = 0;

  private constructor(options: SpoolOptions, found: Found) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? Math.min(1 << 20, Math.floor(options.maxBytes / 8));
    this.id = found.id;
    this.lastAt = found.lastAt;
    this.#segments = found.segments;
    this.#settled = found.settled;
    this.#dropped = found.dropped;
    this.#nextSeq = found.nextSeq;
  }

  /** Opens or makes the spool in a folder; repairs what a crash left. Throws what the file system throws. */
  static async open(options: SpoolOptions): Promise<Spool> {
    makePrivateFolder(options.folder);
    const spool = new Spool(options, await look(options));
    spool.#sweep();
    spool.#note(true);
    return spool;
  }

  /** Writes entries and syncs them; resolves to them with their numbers. Rejects never: see `problem`. */
  append(entries: readonly Entry[]): Promise<Stored[]> {
    const stored = entries.map((entry) => ({ seq: this.#nextSeq++, entry }));
    return this.#exclusive(async () => {
      for (const { entry } of stored) this.lastAt = Math.max(this.lastAt, entry.at);
      try {
        await this.#write([...this.#memory, ...stored]);
        this.#memory.length = 0;
        if (this.problem !== undefined) this.#options.log.info("spool writes again");
        this.problem = undefined;
      } catch (error) {
        if (this.problem === undefined)
          this.#options.log.error("spool can't write, keeping the newest in memory", { error });
        this.problem = errorText(error);
        await this.#abandonActive();
        this.#memory.push(...stored);
        this.#trimMemory();
      }
      this.#enforceCaps();
      this.#note(false);
      return stored;
    });
  }

  /** The server has these: they need not be kept. Numbers not yet given are ignored. */
  settle(first: number, last: number): void {
    this.#settled.add(Math.max(1, first), Math.min(last, this.#nextSeq - 1));
    this.#noteDirty = true;
    while (this.#memory[0] && this.#settled.has(this.#memory[0].seq)) this.#memory.shift();
    this.#sweep();
  }

  isSettled(seq: number): boolean {
    return this.#settled.has(seq);
  }

  /**
   * Gives no number up to and including this one any more: the server has seen them from this spool, which was put back
   * to an older state since (a restored image).
   */
  skipTo(seq: number): void {
    if (seq < this.#nextSeq) return;
    this.#settled.add(this.#nextSeq, seq);
    this.#nextSeq = seq + 1;
    void this.#exclusive(() => this.#abandonActive());
    this.#note(true);
  }

  state(): Required<Omit<pb.SpoolState.$Properties, "$unknowns">> & {
    records: number;
    bytes: number;
    droppedRecords: number;
  } {
    const firstSeq = this.#settled.firstMissing(1);
    return {
      spoolId: this.id,
      firstSeq,
      nextSeq: this.#nextSeq,
      records: this.#nextSeq - firstSeq - this.#settled.count(firstSeq, this.#nextSeq - 1),
      bytes: this.#segments.reduce((sum, segment) => sum + segment.bytes, 0),
      droppedRecords: this.#dropped,
    };
  }

  /** Age of the oldest record not yet acknowledged, estimated from its place in its segment; 0 when there is none. */
  oldestAgeMs(): number {
    const seq = this.#settled.firstMissing(1);
    if (seq >= this.#nextSeq) return 0;
    const at = this.#segments.findIndex((segment, i) => segment.firstSeq <= seq && seq <= this.#lastSeq(i));
    const segment = this.#segments[at];
    if (segment === undefined) return 0;
    const end = this.#segments[at + 1]?.created ?? this.lastAt;
    const share = (seq - segment.firstSeq) / Math.max(1, this.#lastSeq(at) - segment.firstSeq);
    return Math.max(0, this.#options.now() - segment.created - Math.max(0, end - segment.created) * share);
  }

  /** Reads what is not settled, oldest first, from disk; records appended later follow. */
  backlog(): Backlog {
    return new Backlog(this);
  }

  async close(): Promise<void> {
    await this.#exclusive(async () => {
      this.#note(true);
      await this.#closeActive();
    });
  }

  /** For Backlog: the segment after that number that may hold something unsettled. */
  nextSegment(after: number): Segment | undefined {
    const at = this.#segments.findIndex(
      (segment, i) => segment.number > after && !this.#settled.covers(segment.firstSeq, this.#lastSeq(i)),
    );
    return this.#segments[at];
  }

  /** For Backlog: how far a segment may be read, and its last number; undefined when it was dropped. */
  extent(number: number): { bytes: number; lastSeq: number; open: boolean } | undefined {
    const at = this.#segments.findIndex((segment) => segment.number === number);
    const segment = this.#segments[at];
    if (segment === undefined) return undefined;
    const open = at === this.#segments.length - 1;
    return { bytes: segment.bytes, lastSeq: open ? segment.lastSeq : this.#lastSeq(at), open };
  }

  /** For Backlog: nothing more may be written to that segment. */
  abandon(number: number): void {
    void this.#exclusive(async () => {
      if (this.#segments.at(-1)?.number === number) await this.#abandonActive();
    });
  }

  /** For Backlog: entries that the disk would not take. */
  inMemory(): readonly Stored[] {
    return this.#memory;
  }

  /** For Backlog: these can't be read (any more). */
  lose(first: number, last: number, why: string): void {
    const lost = Math.max(0, last - first + 1) - this.#settled.count(first, last);
    if (lost <= 0) return;
    this.#options.log.warn("spool records lost", { first, last, lost, why });
    this.#dropped += lost;
    this.#settled.add(first, last);
    this.#note(true);
    this.#sweep();
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #write(records: readonly Stored[]): Promise<void> {
    const [first] = records;
    if (first === undefined) return;
    let file = this.#file;
    let buffer = file === undefined ? undefined : Buffer.concat(records.flatMap((r) => this.#encoder.encode(r)));
    const active = this.#segments.at(-1);
    const tooOld = active !== undefined && this.#options.now() - active.created > this.#options.maxAgeMs / 8;
    if (
      buffer === undefined ||
      active === undefined ||
      (active.bytes > headerBytes && (active.bytes + buffer.length > this.#segmentBytes || tooOld))
    ) {
      file = await this.#begin(first.seq);
      buffer = Buffer.concat(records.flatMap((r) => this.#encoder.encode(r)));
    }
    const segment = this.#segments.at(-1) as Segment;
    await writeAll(file as FileHandle, buffer, segment.bytes);
    await (file as FileHandle).datasync();
    segment.bytes += buffer.length;
    segment.lastSeq = records.at(-1)?.seq ?? segment.lastSeq;
  }

  async #begin(firstSeq: number): Promise<FileHandle> {
    await this.#closeActive();
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    const path = join(this.#options.folder, segmentName(number));
    const created = this.#options.now();
    const file = await open(path, "w", 0o600);
    try {
      const header = encodeHeader({ spoolId: this.id, firstSeq, created, dropped: this.#dropped });
      await writeAll(file, header, 0);
      await file.datasync();
      syncFolder(this.#options.folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      remove(path);
      throw error;
    }
    this.#file = file;
    this.#encoder = new SegmentEncoder();
    this.#segments.push({ number, path, firstSeq, created, bytes: headerBytes, lastSeq: -1 });
    this.#sweep();
    return file;
  }

  /** After a failed write: cuts off what half of it stands there, and begins a new segment next time. */
  async #abandonActive(): Promise<void> {
    const active = this.#segments.at(-1);
    if (this.#file !== undefined && active !== undefined)
      await this.#file.truncate(active.bytes).catch(() => undefined);
    await this.#closeActive();
  }

  async #closeActive(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  #trimMemory(): void {
    while (this.#memory.length > memoryEntries) {
      const oldest = this.#memory.shift() as Stored;
      if (this.#settled.has(oldest.seq)) continue;
      this.#settled.add(oldest.seq, oldest.seq);
      this.#dropped++;
      this.#noteDirty = true;
    }
  }

  #enforceCaps(): void {
    let bytes = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    const oldest = this.#options.now() - this.#options.maxAgeMs;
    while (this.#segments.length > 1) {
      const [segment, next] = this.#segments as [Segment, Segment];
      const tooOld = next.created < oldest;
      if (bytes <= this.#options.maxBytes && !tooOld) return;
      bytes -= segment.bytes;
      const why = tooOld ? "over the age cap" : "over the size cap";
      this.lose(segment.firstSeq, next.firstSeq - 1, why);
      this.#sweep();
    }
  }

  /** Removes segments of which nothing is needed; never the last one, which keeps the numbering. */
  #sweep(): void {
    for (let i = this.#segments.length - 2; i >= 0; i--) {
      const segment = this.#segments[i] as Segment;
      if (!this.#settled.covers(segment.firstSeq, this.#lastSeq(i))) continue;
      this.#segments.splice(i, 1);
      remove(segment.path);
    }
  }

  #lastSeq(at: number): number {
    return (this.#segments[at + 1]?.firstSeq ?? this.#nextSeq) - 1;
  }

  /** The note is lazy where losing it only means sending again; never where it would change a count. */
  #note(now: boolean): void {
    const at = this.#options.now();
    if (!now && !(this.#noteDirty && Math.abs(at - this.#notedAt) >= noteEveryMs)) return;
    const note: SpoolNote = {
      spoolId: this.id,
      nextSeq: this.#nextSeq,
      dropped: this.#dropped,
      lastAt: this.lastAt,
      settled: this.#settled.ranges(),
    };
    try {
      writeSpoolNote(this.#options.folder, note);
      this.#noteDirty = false;
      this.#notedAt = at;
    } catch (error) {
      this.#noteDirty = true;
      this.problem ??= errorText(error);
    }
  }
}

/** A cursor over the unsettled records; bad places are counted as lost and passed over. */
export class Backlog {
  readonly #spool: Spool;
  #segment: Segment | undefined;
  #reader: SegmentReader | undefined;
  #definitions: Definitions = new Map();
  #lastSeq = 0;
  #done = 0;
  #closed = false;

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** The next record that is neither settled nor skipped; undefined when there is none now. One call at a time. */
  async next(skip: (seq: number) => boolean): Promise<Stored | undefined> {
    for (;;) {
      if (this.#segment === undefined && !(await this.#openNext())) break;
      const found = await this.#read(skip);
      if (found === "wait") break;
      if (found !== "over") return found;
    }
    return this.#spool.inMemory().find(({ seq }) => !this.#spool.isSettled(seq) && !skip(seq));
  }

  /** Ends a `next` under way, too. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#segment = undefined;
    await reader?.close().catch(() => undefined);
  }

  async #openNext(): Promise<boolean> {
    for (;;) {
      const segment = this.#spool.nextSegment(this.#done);
      if (segment === undefined) return false;
      const reader = await SegmentReader.open(segment.path).catch(() => undefined);
      if (this.#closed) {
        await reader?.close().catch(() => undefined);
        return false;
      }
      if (reader !== undefined) {
        this.#segment = segment;
        this.#reader = reader;
        this.#definitions = new Map();
        this.#lastSeq = segment.firstSeq - 1;
        return true;
      }
      this.#done = segment.number;
      const extent = this.#spool.extent(segment.number);
      if (extent) this.#spool.lose(segment.firstSeq, extent.lastSeq, "segment can't be opened");
    }
  }

  async #read(skip: (seq: number) => boolean): Promise<Stored | "wait" | "over"> {
    const segment = this.#segment as Segment;
    for (;;) {
      const extent = this.#spool.extent(segment.number);
      const reader = this.#reader;
      if (reader === undefined) return "wait";
      const raw = extent === undefined ? "end" : await reader.next(extent.bytes).catch(() => "corrupt" as const);
      if (this.#closed) return "wait";
      if (raw === "end" && extent?.open) return "wait";
      if (raw === "end" || raw === "torn" || raw === "corrupt") {
        // Asked again: the segment may have been closed, or dropped, while we read.
        const now = this.#spool.extent(segment.number);
        if (now) {
          const why = `segment ${segment.number} is ${raw === "end" ? "short" : "damaged"}`;
          this.#spool.lose(this.#lastSeq + 1, now.lastSeq, why);
          if (now.open) this.#spool.abandon(segment.number);
        }
        this.#done = segment.number;
        await this.#leave();
        return "over";
      }
      try {
        if (raw.type === recordType.definition) {
          readDefinition(raw.message, this.#definitions);
          continue;
        }
        if (raw.seq > this.#lastSeq + 1) this.#spool.lose(this.#lastSeq + 1, raw.seq - 1, "numbers are missing");
        this.#lastSeq = raw.seq;
        if (this.#spool.isSettled(raw.seq) || skip(raw.seq)) continue;
        return { seq: raw.seq, entry: readEntry(raw, this.#definitions) };
      } catch {
        this.#spool.lose(raw.seq, raw.seq, "record can't be parsed");
      }
    }
  }
}

type Found = {
  id: string;
  lastAt: number;
  segments: Segment[];
  settled: RangeSet;
  dropped: number;
  nextSeq: number;
};

/** Takes stock of a folder: headers of all segments, all of the last one. */
async function look({ folder, log }: SpoolOptions): Promise<Found> {
  const note = readSpoolNote(folder);
  const found: Found = { id: "", lastAt: 0, segments: [], settled: new RangeSet(), dropped: 0, nextSeq: 1 };
  const headers: { segment: Segment; spoolId: string }[] = [];
  for (const { number, path } of listSegments(folder)) {
    const bytes = statSync(path).size;
    const reader = await SegmentReader.open(path);
    if (reader === undefined) {
      if (bytes > headerBytes) log.warn("spool segment has no header, removing it", { path, bytes });
      remove(path);
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
    remove(segment.path);
  }
  found.segments = mine.map(({ segment }) => segment);
  const known = note?.spoolId === found.id ? note : undefined;
  if (known) {
    found.settled = new RangeSet(known.settled);
    found.dropped = Math.max(found.dropped, known.dropped);
    found.lastAt = known.lastAt;
  }
  const first = found.segments[0];
  found.settled.add(1, (first?.firstSeq ?? known?.nextSeq ?? 1) - 1);
  const last = found.segments.at(-1);
  found.nextSeq = last?.firstSeq ?? known?.nextSeq ?? 1;
  if (last) await lookAtLast(last, found, known?.nextSeq ?? 1, log);
  return found;
}

/** Reads the last segment through, cuts a torn tail off, and finds the next number, which no record ever had. */
async function lookAtLast(last: Segment, found: Found, notedNext: number, log: Log): Promise<void> {
  const reader = await SegmentReader.open(last.path);
  if (reader === undefined) return;
  const definitions: Definitions = new Map();
  let at: Awaited<ReturnType<SegmentReader["next"]>>;
  for (at = await reader.next(); typeof at === "object"; at = await reader.next()) {
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
  const next = Math.max(notedNext, found.nextSeq + (torn > 0 ? 1 + Math.floor(torn / minRecordBytes) : 0));
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
  found.settled.add(found.nextSeq, next - 1);
  found.nextSeq = next;
}

/** Segments in a folder, oldest first. */
export function listSegments(folder: string): { number: number; path: string }[] {
  return readdirSync(folder)
    .filter((name) => /^\d{10}\.seg$/.test(name))
    .sort()
    .map((name) => ({ number: Number(name.slice(0, 10)), path: join(folder, name) }));
}

function segmentName(number: number): string {
  return `${String(number).padStart(10, "0")}.seg`;
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function remove(path: string): void {
  tryTo(() => unlinkSync(path));
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // What can't be read or removed is counted elsewhere or tried again at the next start.
  }
}

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { pb } from "@fairlead/proto";
import { errorText, type Log } from "../log.ts";
import type { Entry, Stored } from "../report/entry.ts";
import { makePrivateFolder, syncFolder } from "../state-file.ts";
import { Backlog } from "./backlog.ts";
import { encodeHeader, headerBytes, SegmentEncoder } from "./format.ts";
import { type SpoolNote, writeSpoolNote } from "./note.ts";
import type { RangeSet } from "./range-set.ts";
import { removeFile, type Segment, type Stock, takeStock } from "./stock.ts";

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

/** Entries that wait in memory while the disk takes none, and what they may take there. */
const memoryEntries = 256;
const memoryBytes = 8 << 20;
const renumberedAtOnce = 100;
const noteEveryMs = 60_000;
// Each write is on the disk when it returns: one call to the thread pool instead of two, and half as many wake-ups.
const syncedWrites = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DSYNC;

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
  /** The first number that this process gives. */
  readonly #firstOwn: number;
  #met = false;
  #failing = false;
  #noteDirty = false;
  #notedAt = 0;

  private constructor(options: SpoolOptions, found: Stock) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? Math.min(1 << 20, Math.floor(options.maxBytes / 8));
    this.id = found.id;
    this.lastAt = found.lastAt;
    this.#segments = found.segments;
    this.#settled = found.settled;
    this.#dropped = found.dropped;
    this.#nextSeq = found.nextSeq;
    this.#firstOwn = found.nextSeq;
  }

  /** Opens or makes the spool in a folder; repairs what a crash left. Throws what the file system throws. */
  static async open(options: SpoolOptions): Promise<Spool> {
    makePrivateFolder(options.folder);
    const spool = new Spool(options, await takeStock(options.folder, options.log));
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
        if (this.#failing) this.#options.log.info("spool writes again");
        this.#failing = false;
        this.problem = undefined;
      } catch (error) {
        if (!this.#failing) this.#options.log.error("spool can't write, keeping the newest in memory", { error });
        this.#failing = true;
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
   * The server has all numbers of this spool up to that one. When they reach into those of this process before it sent
   * any, the spool was put back to an older state (a restored image, a full disk): the server knows other records by these
   * numbers, so ours get new ones. Nothing may be sent before it resolves.
   */
  async resume(seq: number): Promise<void> {
    const putBack = !this.#met && seq >= this.#firstOwn;
    this.#met = true;
    if (!putBack) {
      if (seq >= this.#nextSeq) this.skipTo(seq);
      else if (seq > 0) this.settle(1, seq);
      return;
    }
    this.#options.log.warn("the spool was put back to an older state: its new records get other numbers", { seq });
    this.settle(1, this.#firstOwn - 1);
    this.skipTo(seq);
    await this.#renumber(this.#firstOwn, seq);
  }

  /** Appends those records again, under new numbers. */
  async #renumber(first: number, last: number): Promise<void> {
    const backlog = this.backlog();
    let records: Stored[] = [];
    const again = async () => {
      await this.append(records.map(({ entry }) => entry));
      for (const { seq } of records) this.settle(seq, seq);
      records = [];
    };
    const taken = new Set<number>();
    for (;;) {
      const record = await backlog.next((seq) => seq < first || seq > last || taken.has(seq));
      if (record === undefined) break;
      taken.add(record.seq);
      records.push(record);
      if (records.length === renumberedAtOnce) await again();
    }
    if (records.length > 0) await again();
    await backlog.close();
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
    segment.bytes += buffer.length;
    segment.lastSeq = records.at(-1)?.seq ?? segment.lastSeq;
  }

  async #begin(firstSeq: number): Promise<FileHandle> {
    await this.#closeActive();
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    const path = join(this.#options.folder, segmentName(number));
    const created = this.#options.now();
    const file = await open(path, syncedWrites, 0o600);
    try {
      const header = encodeHeader({ spoolId: this.id, firstSeq, created, dropped: this.#dropped });
      await writeAll(file, header, 0);
      syncFolder(this.#options.folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      removeFile(path);
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
    let bytes = this.#memory.reduce((sum, { entry }) => sum + sizeOf(entry), 0);
    while (this.#memory.length > memoryEntries || (bytes > memoryBytes && this.#memory.length > 1)) {
      const oldest = this.#memory.shift() as Stored;
      bytes -= sizeOf(oldest.entry);
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
      removeFile(segment.path);
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

/** What an entry takes in memory, about; resources are shared. */
function sizeOf(entry: Entry): number {
  if (entry.type === "change") return 200;
  return entry.parts.reduce((sum, { values }) => sum + values.byteLength + 200, 200);
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

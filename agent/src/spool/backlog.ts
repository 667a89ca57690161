import type { Stored } from "../report/entry.ts";
import { type Definitions, readDefinition, readEntry, recordType } from "./format.ts";
import { SegmentReader } from "./segment-reader.ts";
import type { Spool } from "./spool.ts";
import type { Segment } from "./stock.ts";

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

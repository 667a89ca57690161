import type { pb } from "@fairlead/proto";
import { errorText, type Log } from "../log.ts";
import type { RuntimeSet } from "../runtimes/index.ts";
import { type OutputStream, RuntimeFailure } from "../runtimes/runtime.ts";
import { notePassed, trimAfterWork } from "../trim.ts";
import { followLog } from "./follow-log.ts";

/** Sends one piece behind all that waits already; resolves when it is on its way, false when the session is over. */
export type SendChunk = (chunk: pb.LogChunk.$Properties) => Promise<boolean>;

/** The logs that the server reads now. Nothing here throws. */
export type LogStreams = {
  open(frame: pb.LogOpen.$Properties, send: SendChunk): void;
  more(frame: pb.LogMore.$Properties): void;
  close(id: string): void;
  closeAll(): void;
};

/** Bytes unless named otherwise. */
export const logBounds = {
  streams: 8,
  /** What may be sent before the reader asks for more, and the most that it may ask for ahead. */
  credit: 256 * 1024,
  chunk: 16 * 1024,
  /** Read from the engine and not yet sent. */
  waiting: 64 * 1024,
  /** Lines are gathered so long before they are sent. */
  gatherMs: 40,
  /** A follower this far behind loses lines, which are counted, instead of reading ever older ones. */
  behindMs: 2_000,
  /** A reader that takes nothing for so long is given up. */
  idleMs: 60_000,
};

const defaultTail = 200;
const mostTail = 10_000;

/** `allowed`: false where the host's configuration keeps the logs to itself. */
export function createLogStreams(needs: { runtimes: RuntimeSet; allowed: boolean; log: Log }): LogStreams {
  const streams = new Map<string, LogStream>();
  return {
    open(frame, send) {
      const id = frame.id ?? "";
      const refused = refusal(needs.allowed, streams.size);
      if (refused !== undefined || streams.has(id)) {
        if (refused !== undefined) void send({ commandId: id, end: true, error: refused });
        return;
      }
      const stream = new LogStream(id, frame, send, needs);
      streams.set(id, stream);
      void stream.run().finally(() => {
        if (streams.get(id) === stream) streams.delete(id);
        if (streams.size === 0) trimAfterWork();
      });
    },
    more: ({ id, bytes }) => streams.get(id ?? "")?.more(bytes ?? 0),
    close: (id) => streams.get(id)?.close(),
    closeAll() {
      for (const stream of streams.values()) stream.close();
      streams.clear();
    },
  };
}

function refusal(allowed: boolean, open: number): string | undefined {
  if (!allowed) return "this host keeps its logs to itself: set containerLogs to true in the agent's configuration";
  if (open >= logBounds.streams)
    return `${logBounds.streams} logs of this host are being read: close one of them first`;
  return undefined;
}

/** Lines one behind the other in `data`, copied: small pieces that wait would keep what they are cut from in memory. */
type Waiting = { data: Buffer; bytes: number; streams: number[]; skipped: number };

/** One log on its way: engine -> lines that wait -> chunks within the credit. */
class LogStream {
  readonly #id: string;
  readonly #frame: pb.LogOpen.$Properties;
  readonly #send: SendChunk;
  readonly #needs: { runtimes: RuntimeSet; log: Log };
  readonly #stop = new AbortController();
  #credit = logBounds.credit;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #skipped = 0;
  #skipping = false;
  #sending = false;
  #ending = false;
  #gather: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #error = "";
  #wake: (() => void)[] = [];

  constructor(id: string, frame: pb.LogOpen.$Properties, send: SendChunk, needs: { runtimes: RuntimeSet; log: Log }) {
    this.#id = id;
    this.#frame = frame;
    this.#send = send;
    this.#needs = needs;
  }

  /** Resolves when the log is at its end or closed, whatever happens. */
  async run(): Promise<void> {
    const { container = "", tail, sinceUnixMs, follow } = this.#frame;
    const { signal } = this.#stop;
    const request = {
      container: container ?? "",
      tail: Math.min(tail || defaultTail, mostTail),
      sinceMs: sinceUnixMs ?? 0,
      follow: follow === true,
    };
    try {
      const { runtimes } = this.#needs;
      await followLog(
        runtimes,
        request,
        (stream, line) => this.#take(stream, line),
        () => this.#room(),
        signal,
      );
    } catch (error) {
      if (!signal.aborted) this.#error = reasonOf(error);
    }
    this.#ending = true;
    this.#flush();
    while (this.#bytes > 0 && !signal.aborted) await this.#change();
    if (this.#error !== "" || !signal.aborted) {
      const skippedLines = this.#skipped;
      await this.#send({ commandId: this.#id, end: true, error: this.#error, skippedLines }).catch(() => false);
    }
    this.close();
  }

  more(bytes: number): void {
    if (!(bytes > 0)) return;
    this.#credit = Math.min(logBounds.credit, this.#credit + bytes);
    this.#flush();
  }

  close(): void {
    clearTimeout(this.#gather);
    clearTimeout(this.#idle);
    this.#waiting = [];
    this.#bytes = 0;
    this.#stop.abort();
    this.#changed();
  }

  #take(stream: OutputStream, line: Buffer): void {
    if (this.#stop.signal.aborted) return;
    if (this.#skipping || this.#bytes > 2 * logBounds.waiting) {
      this.#skipped++;
      return;
    }
    const chunk = this.#chunkFor(line.length);
    line.copy(chunk.data, chunk.bytes);
    chunk.bytes += line.length;
    chunk.streams.push(stream === "stderr" ? 2 : 1);
    this.#bytes += line.length;
    if (this.#bytes >= logBounds.chunk) this.#flush();
    else this.#gather ??= setTimeout(() => this.#flush(), logBounds.gatherMs);
  }

  /** The chunk that takes the next line: the last one, or another where that is full or lines were left out before. */
  #chunkFor(bytes: number): Waiting {
    const last = this.#waiting.at(-1);
    if (last !== undefined && this.#skipped === 0 && last.bytes + bytes <= last.data.length) return last;
    const data = Buffer.allocUnsafe(Math.max(logBounds.chunk, bytes));
    const chunk = { data, bytes: 0, streams: [], skipped: this.#skipped };
    this.#skipped = 0;
    this.#waiting.push(chunk);
    return chunk;
  }

  /** Holds the engine back while too much waits; a follower that is held too long begins to skip. */
  #room(): Promise<void> | undefined {
    if (this.#skipping || this.#bytes < logBounds.waiting) return undefined;
    return this.#held();
  }

  async #held(): Promise<void> {
    const late = Promise.withResolvers<"late">();
    const timer = this.#frame.follow === true ? setTimeout(() => late.resolve("late"), logBounds.behindMs) : undefined;
    try {
      while (this.#bytes >= logBounds.waiting && !this.#stop.signal.aborted) {
        if ((await Promise.race([this.#change(), late.promise])) === "late") {
          this.#skipping = true;
          return;
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends what waits as far as the credit goes, one chunk after the other. */
  #flush(): void {
    clearTimeout(this.#gather);
    this.#gather = undefined;
    if (this.#sending) return;
    this.#sending = true;
    void this.#pump()
      .catch(() => this.close())
      .finally(() => {
        this.#sending = false;
      });
  }

  async #pump(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      const chunk = this.#next();
      if (chunk === undefined) {
        this.#idle ??= setTimeout(() => this.#giveUp(), logBounds.idleMs);
        return;
      }
      clearTimeout(this.#idle);
      this.#idle = undefined;
      if (!(await this.#send(chunk))) return this.close();
      this.#changed();
      // What came meanwhile is gathered again, unless much waits.
      if (this.#bytes < logBounds.chunk && !this.#ending) {
        if (this.#bytes > 0) this.#gather ??= setTimeout(() => this.#flush(), logBounds.gatherMs);
        return;
      }
    }
  }

  /** The next chunk; undefined when the credit does not reach for it. */
  #next(): pb.LogChunk.$Properties | undefined {
    const [chunk] = this.#waiting;
    if (chunk === undefined || chunk.bytes > this.#credit) return undefined;
    this.#waiting.shift();
    this.#credit -= chunk.bytes;
    this.#bytes -= chunk.bytes;
    notePassed(chunk.bytes);
    if (this.#skipping && this.#bytes < logBounds.waiting / 2) this.#skipping = false;
    return {
      commandId: this.#id,
      data: chunk.data.subarray(0, chunk.bytes),
      lineStreams: Uint8Array.from(chunk.streams),
      skippedLines: chunk.skipped,
    };
  }

  #giveUp(): void {
    this.#error = `nothing was read for ${logBounds.idleMs / 1000} s`;
    this.#needs.log.debug("log closed", { reason: this.#error });
    this.close();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    const woken = this.#wake;
    this.#wake = [];
    for (const resolve of woken) resolve();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RuntimeFailure) return error.message.slice(0, 500);
  return `the log broke off: ${errorText(error)}`.replace(/\s+/g, " ").slice(0, 500);
}

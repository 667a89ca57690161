import { randomUUID } from "node:crypto";
import type { pb } from "@fairlead/proto";
import { Failure } from "../failure.ts";
import type { MetricsRegistry } from "../metrics-registry.ts";
import { cleanText } from "./clean-text.ts";
import { type LogLine, linesOf } from "./log-chunk.ts";
import type { AgentSession } from "./session-registry.ts";
import { createTokenBucket } from "./token-bucket.ts";

/** What is read of a log: `container` as commands name it; `sinceMs` Unix ms, 0 = no bound. */
export type LogRequest = { container: string; tail: number; sinceMs: number; follow: boolean };

/** A piece of a log. `skipped`: lines that were left out before it. On the last one `end` tells why, "" = it was all. */
export type LogPart = { lines: LogLine[]; skipped: number; end?: string };

/** The logs that this process reads from the agents connected to it. */
export type LogStreams = {
  /**
   * Ends after a part with `end`, or with the signal. What is not taken is not asked for. It has to be iterated, and the
   * signal aborted when it is not any more, or its place stays taken. Throws "too_many_requests".
   */
  read(session: AgentSession, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogPart, void, undefined>;
  /** Takes a chunk in; the reason why it was refused, if it was. Never waits. */
  take(session: AgentSession, chunk: pb.LogChunk.$Properties): string | undefined;
  /** Ends the logs of a session that is over. */
  ended(session: AgentSession): void;
  count(): number;
};

/** Bytes. An agent may be this far ahead of the reader. */
const credit = 256 * 1024;
/** What one reader gets: more is of no use to eyes, and the agent leaves it out. */
const pace = { perSecond: 2 << 20, burst: 8 << 20 };
const mostReaders = 64;
const mostOfServer = 8;
const mostChunk = 80 * 1024;
/** Chunks that were on their way when their log was closed. */
const closedMs = 60_000;

type Reader = {
  id: string;
  session: AgentSession;
  parts: (LogPart & { bytes: number })[];
  /** What the agent may still send. */
  credit: number;
  wake: () => void;
};

export function createLogStreams(metrics: MetricsRegistry): LogStreams {
  const readers = new Map<string, Reader>();
  const closed = new Map<string, number>();
  metrics.gauge("fairlead_log_readers", "Logs being read", () => readers.size);
  const opened = metrics.counter("fairlead_log_reads_total", "Logs opened");
  const lines = metrics.counter("fairlead_log_lines_total", "Lines of logs that agents sent");
  const skipped = metrics.counter("fairlead_log_skipped_lines_total", "Lines of logs that agents left out");

  function forget(id: string): void {
    if (!readers.has(id)) return;
    const now = performance.now();
    for (const [old, at] of closed) if (now - at > closedMs) closed.delete(old);
    closed.set(id, now);
    readers.delete(id);
  }

  async function* run(
    reader: Reader,
    request: LogRequest,
    signal: AbortSignal,
  ): AsyncGenerator<LogPart, void, undefined> {
    const { id, session } = reader;
    const { container, tail, sinceMs, follow } = request;
    const bucket = createTokenBucket(pace.perSecond, pace.burst, performance.now());
    const release = () => {
      signal.removeEventListener("abort", release);
      if (readers.get(id) === reader && reader.parts.at(-1)?.end === undefined) session.send({ logClose: { id } });
      forget(id);
      reader.wake();
    };
    signal.addEventListener("abort", release, { once: true });
    try {
      session.send({ logOpen: { id, container, tail, sinceUnixMs: sinceMs, follow } });
      while (!signal.aborted) {
        const part = reader.parts[0];
        if (part === undefined) {
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
          continue;
        }
        const { bytes, ...given } = part;
        // Its place is free before the reader hears of the end, which it may not come back from.
        if (given.end !== undefined) release();
        reader.parts.shift();
        yield given;
        if (given.end !== undefined) return;
        // The reader came back for more: it has taken the part.
        if (bytes === 0) continue;
        const wait = bucket.take(bytes, performance.now());
        if (wait > 0) await pause(wait, signal);
        reader.credit += bytes;
        session.send({ logMore: { id, bytes } });
      }
    } finally {
      release();
    }
  }

  return {
    read(session, request, signal) {
      refuseMore(readers, session.serverId);
      const reader: Reader = { id: randomUUID(), session, parts: [], credit, wake: () => {} };
      readers.set(reader.id, reader);
      opened.add(1);
      return run(reader, request, signal);
    },

    take(session, chunk) {
      const id = chunk.commandId ?? "";
      const reader = readers.get(id);
      if (reader === undefined || reader.session !== session) return closed.has(id) ? undefined : "log_not_asked_for";
      const bytes = chunk.data?.length ?? 0;
      if (bytes > mostChunk || bytes > reader.credit || reader.parts.length > 10_000) {
        session.send({ logClose: { id } });
        push(reader, { lines: [], skipped: 0, bytes: 0, end: "the agent sent more than it was asked for" });
        return "log_over_credit";
      }
      reader.credit -= bytes;
      const part = { lines: linesOf(chunk), skipped: Math.max(0, chunk.skippedLines ?? 0), bytes };
      lines.add(part.lines.length);
      skipped.add(part.skipped);
      push(reader, chunk.end === true ? { ...part, end: cleanText(chunk.error ?? "", 500) } : part);
      return undefined;
    },

    ended(session) {
      for (const reader of [...readers.values()].filter((one) => one.session === session)) {
        push(reader, { lines: [], skipped: 0, bytes: 0, end: "the agent's connection broke off" });
        forget(reader.id);
      }
    },

    count: () => readers.size,
  };
}

function push(reader: Reader, part: Reader["parts"][number]): void {
  // Whatever comes after the end was not asked for any more.
  if (reader.parts.at(-1)?.end !== undefined) return;
  reader.parts.push(part);
  reader.wake();
}

function refuseMore(readers: ReadonlyMap<string, Reader>, serverId: string): void {
  const ofServer = [...readers.values()].filter(({ session }) => session.serverId === serverId).length;
  if (ofServer >= mostOfServer) {
    throw new Failure(
      "too_many_requests",
      `${mostOfServer} logs of this server are being read: close one of them first`,
      {
        retryAfterSeconds: 5,
      },
    );
  }
  if (readers.size >= mostReaders) {
    throw new Failure("too_many_requests", `${mostReaders} logs are being read: close one of them first`, {
      retryAfterSeconds: 5,
    });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}

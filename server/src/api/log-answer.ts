import type { LogPart } from "../stream/log-streams.ts";
import { sse } from "./live-feed.ts";

const heartbeatMs = 15_000;
/** Read ahead of the client, bytes; the rest waits at the agent. */
const ahead = 64 * 1024;
const mostText = { bytes: 64 << 20, ms: 120_000 };

/** A log as server-sent events, read no faster than the client takes them. */
export function logEvents(
  reading: AsyncIterator<LogPart>,
  { end, cut, isStillAllowed }: { end(): void; cut(): void; isStillAllowed(): Promise<boolean> },
): Response {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout | undefined;
  let pulled = performance.now();
  const stop = () => {
    clearInterval(heartbeat);
    end();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(": the log begins\n\n"));
        heartbeat = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": still here\n\n"));
          else if (performance.now() - pulled > 4 * heartbeatMs) {
            stop();
            cut();
          }
          isStillAllowed().then(
            (allowed) => allowed || stop(),
            () => {}, // the database is away: keep what was allowed before
          );
        }, heartbeatMs);
      },
      async pull(controller) {
        const { value, done } = await reading.next();
        pulled = performance.now();
        if (done) {
          stop();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(eventsOf(value)));
      },
      cancel: stop,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: ahead }),
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

/** A log as text to keep, bounded in size and time; what was left out stands in it. */
export function logText(
  first: LogPart,
  reading: AsyncIterator<LogPart>,
  { name, end }: { name: string; end(): void },
): Response {
  const file = `${name.replace(/[^\w.-]+/g, "_")}.log`;
  return new Response(ReadableStream.from(textPieces(first, reading, end)), {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="${file}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

async function* textPieces(
  first: LogPart,
  reading: AsyncIterator<LogPart>,
  end: () => void,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const late = setTimeout(end, mostText.ms);
  let bytes = 0;
  try {
    for (let part = first; ; ) {
      const piece = encoder.encode(textOf(part));
      bytes += piece.length;
      if (piece.length > 0) yield piece;
      if (part.end !== undefined) return;
      const next = await reading.next();
      if (next.done || bytes > mostText.bytes) break;
      part = next.value;
    }
    yield encoder.encode("# cut: there is more than one answer holds\n");
  } finally {
    clearTimeout(late);
    end();
  }
}

function eventsOf({ lines, skipped, end }: LogPart): string {
  const events: string[] = [];
  if (skipped > 0) events.push(sse("skipped", JSON.stringify({ lines: skipped })));
  if (lines.length > 0) events.push(sse("line", JSON.stringify(lines)));
  if (end !== undefined) events.push(sse("end", JSON.stringify({ reason: end })));
  return events.length > 0 ? events.join("") : ": nothing\n\n";
}

function textOf({ lines, skipped, end }: LogPart): string {
  const all = lines.map(({ at, text }) => (at === "" ? `${text}\n` : `${at} ${text}\n`));
  if (skipped > 0) all.unshift(`# ${skipped} lines left out\n`);
  if (end) all.push(`# ended: ${end}\n`);
  return all.join("");
}

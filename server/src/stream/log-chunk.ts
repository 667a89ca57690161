import type { pb } from "@fairlead/proto";

export type LogStreamName = "stdout" | "stderr";
/** `at`: RFC 3339 as the engine tells it, empty where it told none. `text` without its line end, else as it was written. */
export type LogLine = { at: string; stream: LogStreamName; text: string };

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const newline = 10;
const space = 32;

/** The lines of a chunk; bytes that are no UTF-8 become U+FFFD. */
export function linesOf(chunk: pb.LogChunk.$Properties): LogLine[] {
  const { data, lineStreams } = chunk;
  if (!data?.length) return [];
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const lines: LogLine[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(newline, from);
    const to = end < 0 ? bytes.length : end;
    const mark = lineStreams?.length ? lineStreams[lines.length] === 2 : chunk.stream === "stderr";
    lines.push(toLine(bytes.subarray(from, to), mark ? "stderr" : "stdout"));
    from = to + 1;
  }
  return lines;
}

function toLine(bytes: Buffer, stream: LogStreamName): LogLine {
  const blank = bytes.subarray(0, 40).indexOf(space);
  const at = blank < 0 ? bytes.toString("latin1", 0, 40) : bytes.toString("latin1", 0, blank);
  if (!time.test(at)) return { at: "", stream, text: bytes.toString("utf8") };
  return { at, stream, text: blank < 0 ? "" : bytes.toString("utf8", blank + 1) };
}

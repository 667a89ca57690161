import type { LogPiece, OutputStream } from "../runtimes/runtime.ts";

/** Takes one whole line, its line end included. */
export type LineSink = (stream: OutputStream, line: Buffer) => void;

/** Bytes of a line that are kept; a chunk of the protocol holds any line. */
const mostBytes = 64_000;
/** A container engine keeps longer lines in parts of this size, each with its time in front. */
const partBytes = 16_384;
const newline = 10;
const carriageReturn = 13;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z $/;
const timeBytes = 31;

type Open = { parts: Buffer[]; bytes: number; dropped: number };

/** Makes lines of the pieces of a log. Of a line that is too long the beginning is kept, and how much was cut. */
export function createLineCutter(onLine: LineSink): { push(piece: LogPiece): void; end(): void } {
  const open: Record<OutputStream, Open> = { stdout: empty(), stderr: empty() };

  function close(stream: OutputStream): void {
    const line = open[stream];
    open[stream] = empty();
    onLine(stream, wholeLine(Buffer.concat(line.parts), line.dropped));
  }

  function keep(stream: OutputStream, piece: Buffer): void {
    const line = open[stream];
    const room = mostBytes - line.bytes;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    line.dropped += piece.length - kept.length;
    line.bytes += kept.length;
    if (kept.length > 0) line.parts.push(kept);
  }

  return {
    push({ stream, data }) {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      let from = 0;
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
        const plain = open[stream].bytes === 0 && at - from < partBytes && bytes[at - 1] !== carriageReturn;
        if (plain) onLine(stream, bytes.subarray(from, at + 1));
        else {
          keep(stream, bytes.subarray(from, at));
          close(stream);
        }
        from = at + 1;
      }
      // A copy: the rest may wait long, and with it the whole piece would stay in memory.
      if (from < bytes.length) keep(stream, Buffer.from(bytes.subarray(from)));
    },
    end() {
      for (const stream of ["stdout", "stderr"] as const) if (open[stream].bytes > 0) close(stream);
    },
  };
}

function empty(): Open {
  return { parts: [], bytes: 0, dropped: 0 };
}

function wholeLine(raw: Buffer, dropped: number): Buffer {
  const joined = joinParts(raw);
  const text = joined.at(-1) === carriageReturn ? joined.subarray(0, -1) : joined;
  if (dropped === 0) return Buffer.concat([text, Buffer.from("\n")]);
  return Buffer.concat([wholeCharacters(text), Buffer.from(` … (${dropped} bytes cut)\n`)]);
}

/** Takes out the times that an engine puts in front of each part of a long line. */
function joinParts(line: Buffer): Buffer {
  if (line.length <= timeBytes + partBytes + timeBytes || !isTime(line, 0)) return line;
  const parts = [line.subarray(0, timeBytes + partBytes)];
  let at = timeBytes + partBytes;
  while (isTime(line, at)) {
    parts.push(line.subarray(at + timeBytes, at + timeBytes + partBytes));
    at += timeBytes + partBytes;
  }
  parts.push(line.subarray(Math.min(at, line.length)));
  return Buffer.concat(parts);
}

function isTime(line: Buffer, at: number): boolean {
  return at + timeBytes <= line.length && time.test(line.toString("latin1", at, at + timeBytes));
}

/** Leaves out the beginning of a UTF-8 character at the end. */
function wholeCharacters(text: Buffer): Buffer {
  let end = text.length;
  for (let back = 1; back <= 4 && back <= text.length; back++) {
    const byte = text[text.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (needs > back) end = text.length - back;
    break;
  }
  return text.subarray(0, end);
}

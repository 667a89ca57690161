import type { LogPiece } from "../runtime.ts";

const headerBytes = 8;
/** A frame holds a line or a part of one; what claims more is no frame. */
const mostFrame = 64 << 20;

/**
 * The pieces of an engine's multiplexed stream: frames of an 8-byte header (stream, three zeros, length) and data. Throws
 * on what is no such stream.
 * https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerAttach
 */
export async function* demultiplex(source: AsyncIterable<unknown>): AsyncGenerator<LogPiece> {
  let waiting: Buffer = Buffer.alloc(0);
  let stream: LogPiece["stream"] = "stdout";
  let open = 0;
  for await (const chunk of source) {
    waiting = waiting.length === 0 ? toBuffer(chunk) : Buffer.concat([waiting, toBuffer(chunk)]);
    for (;;) {
      if (open > 0) {
        // Given on as it comes: a frame may be larger than memory should be.
        const data = waiting.subarray(0, open);
        if (data.length === 0) break;
        waiting = waiting.subarray(data.length);
        open -= data.length;
        yield { stream, data };
        continue;
      }
      if (waiting.length < headerBytes) break;
      const kind = waiting[0] ?? 9;
      open = waiting.readUInt32BE(4);
      if (kind > 3 || waiting[1] !== 0 || waiting[2] !== 0 || waiting[3] !== 0 || open > mostFrame) {
        throw new Error("the engine's stream is not multiplexed as it should be");
      }
      stream = kind === 2 ? "stderr" : "stdout";
      waiting = waiting.subarray(headerBytes);
    }
  }
}

/** The pieces of the log of a container that has a terminal. */
export async function* plainLog(source: AsyncIterable<unknown>): AsyncGenerator<LogPiece> {
  for await (const chunk of source) yield { stream: "stdout", data: toBuffer(chunk) };
}

function toBuffer(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array | string);
}

import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import {
  decodeHeader,
  headerBytes,
  maxBodyBytes,
  type RawRecord,
  recordHeadBytes,
  type SegmentHeader,
} from "./format.ts";

/** "end": nothing more up to the limit. "torn": the file ends within a record. "corrupt": bytes that are no record. */
export type ReadResult = RawRecord | "end" | "torn" | "corrupt";

const chunkBytes = 64 << 10;

/** Reads one segment from its start, a chunk at a time. */
export class SegmentReader {
  readonly header: SegmentHeader;
  /** End of the last good record. */
  position = headerBytes;
  readonly #file: FileHandle;
  #buffer: Buffer = Buffer.alloc(0);
  /** Where in the file the buffer begins. */
  #start = headerBytes;

  private constructor(file: FileHandle, header: SegmentHeader) {
    this.#file = file;
    this.header = header;
  }

  /** Undefined when the header is damaged. Throws what the file system throws. */
  static async open(path: string): Promise<SegmentReader | undefined> {
    const file = await open(path, "r");
    try {
      const head = Buffer.alloc(headerBytes);
      const { bytesRead } = await file.read(head, 0, headerBytes, 0);
      const header = decodeHeader(head.subarray(0, bytesRead));
      if (header !== undefined) return new SegmentReader(file, header);
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  /** The next record that ends at or before `limit` (bytes of the file). */
  async next(limit = Number.POSITIVE_INFINITY): Promise<ReadResult> {
    if (this.position >= limit) return "end";
    const head = await this.#bytes(recordHeadBytes, limit);
    if (head.length === 0) return "end";
    if (head.length < recordHeadBytes) return "torn";
    const length = head.readUInt32LE(0);
    const sum = head.readUInt32LE(4);
    if (length < 7 || length > maxBodyBytes) return "corrupt";
    const whole = await this.#bytes(recordHeadBytes + length, limit);
    if (whole.length < recordHeadBytes + length) return "torn";
    const body = whole.subarray(recordHeadBytes);
    if (crc32(body) !== sum) return "corrupt";
    this.position += whole.length;
    return { type: body.readUInt8(0), seq: body.readUIntLE(1, 6), message: body.subarray(7) };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** `count` bytes from the position on, fewer at the end. Valid until the next call. */
  async #bytes(count: number, limit: number): Promise<Buffer> {
    const offset = this.position - this.#start;
    if (offset + count <= this.#buffer.length) return this.#buffer.subarray(offset, offset + count);
    const wanted = Math.min(Math.max(count, chunkBytes), limit - this.position);
    const buffer = Buffer.allocUnsafeSlow(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.#file.read(buffer, filled, wanted - filled, this.position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.#buffer = buffer.subarray(0, filled);
    this.#start = this.position;
    return this.#buffer.subarray(0, count);
  }
}
